"""What the pages of a segment's file are: in memory, in swap, never written. Never by reading."""

import errno
import os
import sys
from collections.abc import Iterator
from typing import Literal

from shmtui.sysv import devices, memory, shmctl
from shmtui.sysv.memory import Cached
from shmtui.sysv.pages import PAGE_SIZE, pages
from shmtui.sysv.ranges import Range, joined, runs, split, tally
from shmtui.sysv.window import Extent, PageCount, Why

_FIRST_BYTES = 4 << 20
_MOST_BYTES = 256 << 20
"""Of one question: half a millisecond where all of it is in memory."""
_PAGEWISE_BYTES = 16 << 20


def extents(descriptor: int, stretch: Range) -> Iterator[Extent]:
    """Every byte of the stretch once, ascending; neighbours may be of one kind. Raises OSError.

    It asks of 4 MiB first, and while there is nothing to read each time of twice as much: a walk
    asks little more than it reads, and yet passes over GiBs of holes at once.
    """
    if is_huge(descriptor):
        yield from _huge(descriptor, stretch)
        return
    at, length = stretch.start, _FIRST_BYTES
    while at < stretch.end:
        end = min((at + length) // PAGE_SIZE * PAGE_SIZE, stretch.end)
        found = list(joined(_pages(descriptor, Range(at, end))))
        yield from found
        nothing = all(extent.why for extent in found)
        length = min(2 * length, _MOST_BYTES) if nothing else _FIRST_BYTES
        at = end


def count(descriptor: int, stretch: Range) -> PageCount:
    """What the pages of the stretch are, which starts at one. Raises OSError."""
    every = pages(stretch.end - stretch.start)
    if is_huge(descriptor):
        return _count_huge(descriptor, every)
    known = memory.cached(descriptor, stretch.start, every * PAGE_SIZE)
    if known is None:
        return tally(extents(descriptor, stretch))
    return PageCount(*known, max(0, every - known.resident - known.swapped), 0)


def is_huge(descriptor: int) -> bool:
    """It lies in huge pages."""
    return devices.huge_page_size(os.fstat(descriptor).st_dev) is not None


def _huge(descriptor: int, stretch: Range) -> Iterator[Extent]:
    """SEEK_DATA calls the whole file data there; its blocks tell if any page was taken. Reading
    a hole takes none. Huge pages are never swapped."""
    if stretch.start < stretch.end:
        written = os.fstat(descriptor).st_blocks
        yield Extent(*stretch, "" if written else "never written")


def _count_huge(descriptor: int, every: int) -> PageCount:
    """How many are taken is known, but not where: unless all are, or none is."""
    status = os.fstat(descriptor)
    if status.st_blocks == 0:
        return PageCount(0, 0, every, 0)
    if status.st_blocks * 512 >= status.st_size:
        return PageCount(every, 0, 0, 0)
    return PageCount(0, 0, 0, every)


def _pages(descriptor: int, part: Range) -> Iterator[Extent]:
    """By counting: what is all of one kind is known at once, the rest is halved. Page by page
    only where nothing of it is in swap, as mincore does not tell that."""
    base = part.start // PAGE_SIZE * PAGE_SIZE
    known = memory.cached(descriptor, base, part.end - base)
    if known is None:
        yield from _without_cachestat(descriptor, part)
        return
    why = _of_one_kind(known, pages(part.end - base))
    if why is not None:
        yield Extent(*part, why)
        return
    if known.swapped == 0 and part.end - base <= _PAGEWISE_BYTES:
        flags = memory.resident_in_file(descriptor, base, part.end - base)
        if flags.count(1) >= known.resident:  # else something went to swap between the two
            yield from split(part, runs(flags, base, PAGE_SIZE), "never written")
            return
    middle = base + pages(part.end - base) // 2 * PAGE_SIZE
    yield from _pages(descriptor, Range(part.start, middle))
    yield from _pages(descriptor, Range(middle, part.end))


def _of_one_kind(known: Cached, every: int) -> Why | Literal[""] | None:
    if known.resident == every:
        return ""
    if known.swapped == every:
        return "swapped out"
    return None if known.resident or known.swapped else "never written"


def _without_cachestat(descriptor: int, part: Range) -> Iterator[Extent]:
    """By mincore, and where there is swap by SEEK_DATA, to which a page in swap is data. SEEK_HOLE
    would walk all that is in memory, far beyond the part."""
    if _data(descriptor, part.start) >= part.end:
        yield Extent(*part, "never written")
        return
    base = part.start // PAGE_SIZE * PAGE_SIZE
    flags = memory.resident_in_file(descriptor, base, part.end - base)
    present = [run.clip(*part) for run in runs(flags, base, PAGE_SIZE)]
    for extent in split(part, present, "swapped out"):
        if extent.why:
            yield from _absent(descriptor, Range(extent.start, extent.end))
        else:
            yield extent


def _absent(descriptor: int, stretch: Range) -> Iterator[Extent]:
    """What is not in memory, and so was never written or is in swap."""
    if not shmctl.swap_total():
        yield Extent(*stretch, "never written")
        return
    at = stretch.start
    while at < stretch.end:
        data = min(_data(descriptor, at), stretch.end)
        if data > at:
            yield Extent(at, data, "never written")
        at = min(data // PAGE_SIZE * PAGE_SIZE + PAGE_SIZE, stretch.end)
        if at > data:
            yield Extent(data, at, "swapped out")


def _data(descriptor: int, at: int) -> int:
    """The first byte from `at` in a page that was written; where there is none, far beyond all."""
    try:
        return os.lseek(descriptor, at, os.SEEK_DATA)
    except OSError as error:
        if error.errno == errno.ENXIO:
            return sys.maxsize
        raise
