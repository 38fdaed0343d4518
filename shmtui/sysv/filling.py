"""Windows filled from an opened content: what can be read of each, and the gaps that remain."""

from collections.abc import Sequence

from shmtui.sysv.ranges import Range, gaps, joined
from shmtui.sysv.window import Content, Window


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
