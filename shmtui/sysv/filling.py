"""Windows filled from an opened content: what can be read of each, and the gaps that remain."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager

from shmtui.sysv.ranges import Range, gaps, joined
from shmtui.sysv.segment import Segment
from shmtui.sysv.window import Content, Window


class Opening(ABC):
    """The reading of taps that open the content each time, and keep nothing of it."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    @abstractmethod
    def opened(self) -> AbstractContextManager[Content]:
        """As in window.Tap."""

    def read(self, offset: int, length: int) -> Window:
        """The bytes from `offset`, cut at the segment's end. Raises Gone, Lost, ShmError."""
        return self.read_all([(offset, length)])[0]

    def read_all(self, ranges: Sequence[tuple[int, int]]) -> tuple[Window, ...]:
        """The window of each (offset, length), with one opening. Raises as `read`."""
        with self.opened() as content:
            return windows(content, ranges, self._segment.size)


def windows(content: Content, ranges: Sequence[tuple[int, int]], size: int) -> tuple[Window, ...]:
    """The window of each (offset, length) of a segment of `size` bytes, cut at its end.

    Raises as the content does.
    """
    return tuple(_window(content, Range.of(offset, length, size)) for offset, length in ranges)


def _window(content: Content, wanted: Range) -> Window:
    data = bytearray(wanted.end - wanted.start)
    room = memoryview(data)
    extents = list(joined(content.extents(wanted.start, wanted.end)))
    for start, end, why in extents:
        if not why:
            content.read_into(room[start - wanted.start : end - wanted.start], start)
    return Window(wanted.start, bytes(data), gaps(extents))
