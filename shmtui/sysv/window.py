"""A stretch of a segment's content, what is missing from it, and the words of who may read it."""

import enum
from typing import Literal, NamedTuple, Protocol, get_args

from shmtui.sysv.errors import NotThere

TAPS = ("peek", "peer", "borrowed", "attach")
"""The ways to read content, the least disturbing first."""

TRACELESS = ("peek", "peer")
"""Those that leave the segment's row as it was, byte for byte."""

Why = Literal["never written", "not resident", "not mapped by that process", "swapped out"]
"""Why bytes were not read. Only `never written` ones are surely zeros."""

WHYS: tuple[Why, ...] = get_args(Why)


class Gone(NotThere):
    """The segment vanished while it was read."""


class Lost(NotThere):
    """The process that a tap read through no longer maps the segment: choose a tap again."""


class Consent(enum.Enum):
    """What the person agreed to."""

    TRACELESS = "traceless"
    """Only taps that leave no trace."""
    ASK = "ask"
    """A tap that attaches answers with a refusal which names what it would overwrite."""
    GIVEN = "given"
    """Attaching for an instant is agreed to."""
    FORCED = "forced"
    """Overridable refusals are overridden too."""


class Refusal(NamedTuple):
    """Why a tap does not read."""

    tap: str
    reason: str
    """A sentence for the person."""
    overridable: bool
    """Asking the person may change the answer."""
    needs_consent: bool = False
    """Only the person's consent is missing: nothing would be destroyed by reading."""


class Gap(NamedTuple):
    """Bytes of a window that were not read; they stand as zeros in its data."""

    offset: int
    """Bytes from the start of the segment."""
    length: int
    why: Why


class Window(NamedTuple):
    """Content from `offset`, cut at the segment's end."""

    offset: int
    data: bytes
    gaps: tuple[Gap, ...]
    """In order of offset, not overlapping, inside the window."""


class Tap(Protocol):
    """One way to read one segment's content."""

    @property
    def name(self) -> str:
        """One of TAPS."""

    def read(self, offset: int, length: int) -> Window:
        """The bytes from `offset`, at most `length`. Raises Gone, Lost, or another ShmError."""

    def close(self) -> None:
        """Lets go of every descriptor. The tap may be read again: it opens anew."""


class Choice(NamedTuple):
    """The best tap that works, and why the better ones do not."""

    tap: Tap | None
    why_not: tuple[Refusal, ...]
    """In the order of TAPS. Where `tap` is None the last one is the decisive refusal."""
