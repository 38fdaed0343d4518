"""A part of a window: what is known of a stretch of bytes, and where nothing is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from shmtui.decode.spans import Bytes, GapLike

UNREAD = "not read"
"""Why bytes that just scrolled into view are not shown."""

_NEVER = b"\xff"
"""The age of a byte that was not seen to change."""


class Gap(NamedTuple):
    """Bytes that are not content."""

    offset: int
    length: int
    why: str


class Picture(NamedTuple):
    """What is known of a stretch; zeros within gaps."""

    offset: int
    data: bytes
    gaps: tuple[Gap, ...]


def covers(window: Bytes, start: int, end: int) -> bool:
    """The window has all bytes from `start` to `end` (exclusive), if only as gaps."""
    return window.offset <= start and end <= window.offset + len(window.data)


def part(window: Bytes | None, ages: bytes, offset: int, length: int) -> tuple[Bytes, bytes]:
    """Exactly these bytes and their ages; what the window does not cover is a gap."""
    window = window or Picture(offset, b"", ())
    if window.offset == offset and len(window.data) == length:
        return window, ages
    start = min(max(offset, window.offset), offset + length)
    stop = max(start, min(offset + length, window.offset + len(window.data)))
    before, after = start - offset, offset + length - stop
    here = slice(start - window.offset, stop - window.offset)
    data = bytes(before) + window.data[here] + bytes(after)
    known = ages[here].ljust(stop - start, _NEVER)
    unread = (Gap(offset, before, UNREAD),) if before else ()
    unread_after = (Gap(stop, after, UNREAD),) if after else ()
    gaps = (*unread, *_clipped(window.gaps, start, stop), *unread_after)
    return Picture(offset, data, gaps), _NEVER * before + known + _NEVER * after


def _clipped(gaps: Sequence[GapLike], start: int, stop: int) -> Iterator[Gap]:
    for gap in gaps:
        first, last = max(gap.offset, start), min(gap.offset + gap.length, stop)
        if first < last:
            yield Gap(first, last - first, gap.why)
