"""Which program a segment belongs to, as far as there is evidence that leaves no trace."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol

from shmtui.sysv.holders import Holder
from shmtui.sysv.processes import ProcessTable
from shmtui.sysv.segment import Segment

Kind = Literal["PostgreSQL", "X11 MIT-SHM", "PHP", "counter"]


class Owner(NamedTuple):
    """The program that a segment was recognised as, and how."""

    kind: Kind
    words: str
    """`PostgreSQL data directory /var/lib/pg, postmaster 1234 alive`. Raw: foreign text."""
    source: str
    """What says so: `header by peek`, `postmaster.pid line 7`. Raw: foreign text."""
    guards: tuple[int, ...] = ()
    """Processes to stop before it is removed."""
    protected: bool = False
    """Removing it now would defeat the program's own interlock: refuse it. False as soon as
    nothing is attached."""


class Read(Protocol):
    """Reads content without a trace."""

    @property
    def name(self) -> str:
        """Of the tap that read last; empty before."""

    def __call__(self, offset: int, length: int) -> bytes | None:
        """Those bytes; None where any of them cannot be read without a trace."""


def recognise(
    segment: Segment, holders: Sequence[Holder], read: Read, processes: ProcessTable
) -> Owner | None:
    """The program, or None where nothing proves one. `processes` must have been refreshed.

    Looks into files and at processes: never call it in a poll.
    """
    return None
