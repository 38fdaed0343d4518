"""A walk over a stretch of a segment, piece by piece: what can be read, and the gaps between.

Nothing stays open, and nothing is attached, while a piece is looked at: however long that takes,
no memory of a removed segment is pinned. Only what is sent to a file goes while it is open.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Literal, NamedTuple, Protocol

from shmtui.monitor.sending import Step, send
from shmtui.monitor.stretches import Manner, ahead, sender
from shmtui.sysv.ranges import Range
from shmtui.sysv.window import Content, Extent, Lost, Why

PIECE_BYTES = 128 * 1024
"""It stays in the processor's cache while it is looked at."""

_PATIENCE = 8


class Piece(NamedTuple):
    """Some bytes of a segment, or a gap."""

    offset: int
    length: int
    """Of `data`, with its overlap; of a gap, which may be long."""
    why: Why | Literal[""]
    """Why it was not read; empty: it was."""
    data: memoryview
    """Good until the next piece; empty for a gap, and for what was sent."""


class Spells(Protocol):
    """What is walked over: a monitor.source.Source."""

    def spell(self) -> AbstractContextManager[Content]:
        """The content, opened."""

    def lose(self) -> None:
        """The way to it is to be chosen anew."""


def pieces(
    source: Spells,
    start: int,
    end: int,
    *,
    backwards: bool = False,
    overlap: int = 0,
    swapped: bool = False,
    piece_bytes: int = PIECE_BYTES,
    into: int | None = None,
) -> Iterator[Piece]:
    """Every byte from `start` to `end`, which are inside the segment, once, besides the overlap.

    They ascend, or descend where `backwards`. A data piece has at most `piece_bytes`, and before
    them (after them where `backwards`) up to `overlap` bytes again, as far as those were read and
    touch it, so that whatever is no longer than overlap + 1 bytes lies wholly in one piece.
    `swapped`: pages that are in swap are read in, where the tap can. `into`: a file's descriptor,
    to the same offsets of which the bytes are sent where the tap can; there is no overlap then.
    Raises Gone, Forbidden, ShmError.
    """
    walk = _Walk(source, Range(start, end), Manner(backwards, overlap, swapped, into))
    while not walk.left.empty:
        for part in walk.turn():
            if part.extent.why:
                at, after, why = part.extent
                yield Piece(at, after - at, why, memoryview(b""))
            elif part.sent:
                yield Piece(part.extent.start, part.length, "", memoryview(b""))
            else:
                yield from walk.cut(part, piece_bytes)


class _Part(NamedTuple):
    """A step of the walk, and where its bytes are."""

    extent: Extent
    sent: bool
    place: int
    """Where they begin in the buffer."""
    beside: int
    """Bytes of the turn before that stand next to them in the buffer and in the segment."""

    @property
    def length(self) -> int:
        return self.extent.end - self.extent.start

    @property
    def is_read(self) -> bool:
        """Its bytes are in the buffer."""
        return not self.extent.why and not self.sent


class _Walk:
    """What is left of it, and the bytes of its last turn."""

    def __init__(self, source: Spells, left: Range, manner: Manner) -> None:
        self.left = left
        self._source = source
        self._manner = manner
        self._buffer = bytearray()
        self._beside = b""

    def turn(self) -> list[_Part]:
        """The next parts, in the order of the walk. What can be read of them was read."""
        patience = _PATIENCE
        while True:
            try:
                with self._source.spell() as content:
                    found = ahead(content, self.left, self._manner)
                    parts = self._parts(self._steps(content, found))
                    self._read(content, parts)
                break
            except Lost:
                patience -= 1
                if not patience:
                    raise
                self._source.lose()
        self._go_on(parts)
        return parts[::-1] if self._manner.backwards else parts

    def cut(self, part: _Part, piece_bytes: int) -> Iterator[Piece]:
        """What was read of a part, in pieces of the segment with their overlap."""
        start, end, _ = part.extent
        count = -(-(end - start) // piece_bytes)
        for index in range(count):
            if self._manner.backwards:
                high = end - index * piece_bytes
                low = max(start, high - piece_bytes)
                high = min(high + self._manner.overlap, end + part.beside)
            else:
                low = start + index * piece_bytes
                high = min(low + piece_bytes, end)
                low = max(low - self._manner.overlap, start - part.beside)
            data = memoryview(self._buffer)[part.place + low - start : part.place + high - start]
            yield Piece(low, high - low, "", data)

    def _parts(self, steps: list[Step]) -> list[_Part]:
        """The steps with their places: what is beside the turn stands where the walk comes from,
        before them or, backwards, after them."""
        backwards, beside = self._manner.backwards, len(self._beside)
        edge = steps[-1 if backwards else 0]
        place = 0 if backwards else beside
        parts = []
        for step in steps:
            parts.append(_Part(*step, place, beside if step is edge else 0))
            place += parts[-1].length if parts[-1].is_read else 0
        return parts

    def _steps(self, content: Content, extents: list[Extent]) -> list[Step]:
        into, sends = self._manner.into, sender(content, self._manner)
        if into is None or sends is None:
            return [Step(extent, False) for extent in extents]
        return list(send(sends, into, extents))

    def _read(self, content: Content, parts: list[_Part]) -> None:
        wanted = [part for part in parts if part.is_read]
        if not wanted:
            return
        filled = wanted[-1].place + wanted[-1].length
        if len(self._buffer) < filled + len(self._beside):
            # A new one: whoever still has a piece of the old one may keep it.
            self._buffer = bytearray(filled + len(self._beside))
        room = memoryview(self._buffer)
        for part in wanted:
            at = part.place
            content.read_into(room[at : at + part.length], part.extent.start)
        at = filled if self._manner.backwards else 0
        room[at : at + len(self._beside)] = self._beside

    def _go_on(self, parts: list[_Part]) -> None:
        """Leaves the parts behind, but for what the next ones overlap with."""
        start, end = parts[0].extent.start, parts[-1].extent.end
        backwards, overlap = self._manner.backwards, self._manner.overlap
        self.left = Range(self.left.start, start) if backwards else Range(end, self.left.end)
        edge = parts[0 if backwards else -1]
        kept = min(overlap, edge.length + edge.beside) if edge.is_read else 0
        at = edge.place if backwards else edge.place + edge.length - kept
        self._beside = bytes(self._buffer[at : at + kept])
