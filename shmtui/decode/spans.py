"""The pieces of a decoded line: text, a tone for its look, and the bytes that it stands for.

A view is a module with all that `View` names.
"""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, Protocol, get_args

Tone = Literal[
    "offset", "nul", "printable", "space", "ascii", "high", "gap", "rule", "text", "number", "plain"
]
"""What a piece is: `nul` to `high` are the classes of bytes, `gap` is not content, `text` and
`number` are decoded, `offset`, `rule` and `plain` frame them."""

TONES: tuple[Tone, ...] = get_args(Tone)

FADED = 4
"""A change is shown for this many refreshes; an older one looks like the rest."""


class Span(NamedTuple):
    """A piece of a line."""

    text: str
    """Printable: no control characters, nothing that combines with what stands before it."""
    tone: Tone
    offset: int = 0
    """Bytes from the start of the segment."""
    length: int = 0
    """Bytes; 0: decoration, and `offset` means nothing."""

    @property
    def byte_a_cell(self) -> bool:
        """It can be cut between any two bytes; else it stands for all of its bytes at once."""
        return len(self.text) == self.length and self.tone not in ("number", "rule")


Line = tuple[Span, ...]


class GapLike(Protocol):
    """A stretch of a window that is not content, and why in a few words."""

    @property
    def offset(self) -> int: ...
    @property
    def length(self) -> int: ...
    @property
    def why(self) -> str: ...


class Bytes(Protocol):
    """A window: `data` begins at byte `offset` of the segment, and is zeros within gaps."""

    @property
    def offset(self) -> int: ...
    @property
    def data(self) -> bytes: ...
    @property
    def gaps(self) -> Sequence[GapLike]: ...


class View(Protocol):
    """A way to show bytes: a document of `ceil(size / stride) + EXTRA_ROWS` rows."""

    @property
    def NAME(self) -> str: ...  # noqa: N802
    @property
    def EXTRA_ROWS(self) -> int: ...  # noqa: N802
    @property
    def LEAST_BYTES(self) -> int:  # noqa: N802
        """A window should have so many: where lines can hold more bytes than `stride`."""

    def stride(self, width: int, size: int) -> int:
        """Bytes of one row, where the screen has `width` cells and the segment `size` bytes."""

    def lines(self, window: Bytes, ages: bytes, width: int, height: int) -> list[Line]:
        """At most `height` lines of at most `width` cells.

        `ages` has one byte for each of the window's: refreshes since it changed. May be shorter
        than the window or empty: what it does not cover never changed.
        """


class Piece(NamedTuple):
    """A stretch of a window that is content, or a gap."""

    offset: int
    length: int
    why: str
    """Empty: content."""


def pieces(window: Bytes) -> Iterator[Piece]:
    """The window cut at the edges of its gaps, in order, every byte exactly once."""
    at, end = window.offset, window.offset + len(window.data)
    for gap in sorted(window.gaps, key=lambda gap: gap.offset):
        start, stop = max(gap.offset, at), min(gap.offset + gap.length, end)
        if start >= stop:
            continue
        if start > at:
            yield Piece(at, start - at, "")
        yield Piece(start, stop - start, gap.why)
        at = stop
    if at < end:
        yield Piece(at, end - at, "")


def reasons(window: Bytes) -> tuple[str, ...]:
    """For each byte why it is not content, or an empty string; nothing where there is no gap."""
    if not window.gaps:
        return ()
    return tuple(piece.why for piece in pieces(window) for _ in range(piece.length))


def only_reason(why: Sequence[str]) -> str:
    """Why none of these bytes is content, where that is so of all for one reason; else empty."""
    return why[0] if why and all(one == why[0] for one in why) else ""


_LEVELS = bytes(min(age, FADED) for age in range(256))


def levels(ages: bytes, length: int) -> bytes:
    """How fresh each of `length` bytes is: 0 changed at the last refresh, FADED long ago."""
    return ages[:length].translate(_LEVELS).ljust(length, bytes([FADED]))


def runs(looks: Sequence[object], start: int, stop: int) -> Iterator[tuple[int, int]]:
    """The stretches `first, last` of `looks[start:stop]` that have equal values."""
    first = start
    for at in range(start + 1, stop):
        if looks[at] != looks[first]:
            yield first, at
            first = at
    if first < stop:
        yield first, stop


def cut(span: Span, start: int, stop: int) -> Span:
    """A part of a span in which a cell is a byte."""
    return Span(span.text[start:stop], span.tone, span.offset + start, stop - start)
