"""A stretch of a segment's content, what is missing from it, and the words of who may read it."""

import enum
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Literal, NamedTuple, Protocol, get_args, runtime_checkable

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


class Extent(NamedTuple):
    """Bytes `start` up to `end`, not including it, of a segment, which are all of one kind."""

    start: int
    end: int
    why: Why | Literal[""]
    """Why they are not read; empty: they can be."""


class PageCount(NamedTuple):
    """What the pages of a stretch are. The sum is all its pages, of PAGE_SIZE also where they are
    huge."""

    resident: int
    swapped: int
    hole: int
    """Never written."""
    unknown: int


class Content(Protocol):
    """A segment opened to be read, for less than a second. Used by one thread."""

    @property
    def spell_bytes(self) -> int:
        """How much a walk should read before it opens anew: the more, the more opening costs."""

    def extents(self, start: int, end: int) -> Iterator[Extent]:
        """Every byte from `start` to `end`, which are inside the segment, once, ascending.

        Lazy, and the kernel is asked of a bounded stretch at a time: sparse memory goes by
        quickly, and whoever stops asking waits for nothing. Raises Gone, Lost, ShmError.
        """

    def read_into(self, room: memoryview, offset: int) -> None:
        """Fills `room` with the bytes from `offset`, which some extent says can be read.

        Where it says `swapped out`, peek and borrowed read the pages in. Raises Gone, Lost (also
        where a page is not there any more), ShmError.
        """


@runtime_checkable
class Sends(Protocol):
    """A content that the kernel can bring to a file by itself, which is quicker than to read it
    and write it."""

    @property
    def send_bytes(self) -> int:
        """How much a walk should send before it opens anew."""

    def send(self, descriptor: int, offset: int, length: int) -> int:
        """How many of the bytes from `offset` went to the same offset of that file, which is open
        for writing; a few MiB at most.

        0: the kernel does not do this here, or the file or the segment failed. Whoever reads and
        writes them instead is told why.
        """


class Tap(Protocol):
    """One way to read one segment's content."""

    @property
    def name(self) -> str:
        """One of TAPS."""

    def read(self, offset: int, length: int) -> Window:
        """The bytes from `offset`, at most `length`. Raises Gone, Lost, or another ShmError."""

    def read_all(self, ranges: Sequence[tuple[int, int]]) -> tuple[Window, ...]:
        """The window of each (offset, length), with one opening for all. Raises as `read`."""

    def count(self, start: int, end: int) -> PageCount | None:
        """What the pages from `start`, a page's, to `end` are, never by reading; end <= size.

        None: not known now. Taps that attach do not for this: they answer with what they saw at
        the attaches that reading took. Raises ShmError.
        """

    def opened(self) -> AbstractContextManager[Content]:
        """The content for a job. Be quick: some taps are attached meanwhile, and a descriptor
        pins the memory of a segment that is removed. Raises Forbidden, Gone, Lost, ShmError."""

    def close(self) -> None:
        """Lets go of every descriptor. The tap may be read again: it opens anew."""


class Choice(NamedTuple):
    """The best tap that works, and why the better ones do not."""

    tap: Tap | None
    why_not: tuple[Refusal, ...]
    """In the order of TAPS. Where `tap` is None the last one is the decisive refusal."""
