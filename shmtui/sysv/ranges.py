"""Stretches of a segment: which can be read, and the gaps that remain. Pure functions."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from shmtui.sysv.pages import PAGE_SIZE, pages
from shmtui.sysv.window import Extent, Gap, PageCount, Why


class Range(NamedTuple):
    """Bytes `start` up to `end`, not including it, of a segment."""

    start: int
    end: int

    @classmethod
    def of(cls, offset: int, length: int, size: int) -> "Range":
        """The window of a segment of `size` bytes: nothing before its start or beyond its end."""
        return cls(offset, offset + length).clip(0, size)

    @property
    def empty(self) -> bool:
        """It has no byte."""
        return self.start == self.end

    def clip(self, start: int, end: int) -> "Range":
        """The part between `start` and `end`; empty where there is none."""
        low = min(max(self.start, start), end)
        return Range(low, max(low, min(self.end, end)))


def runs(flags: bytes, start: int, grain: int) -> Iterator[Range]:
    """The stretches whose flags are 1 (not 0): flag i is of `grain` bytes at start + i * grain."""
    first = flags.find(1)
    while first >= 0:
        after = flags.find(0, first)
        end = len(flags) if after < 0 else after
        yield Range(start + first * grain, start + end * grain)
        first = flags.find(1, end)


def missing(whole: Range, present: Iterable[Range]) -> Iterator[Range]:
    """What `present` (ascending) leaves of `whole`."""
    at = whole.start
    for start, end in present:
        if start > at:
            yield Range(at, min(start, whole.end))
        at = max(at, end)
    if at < whole.end:
        yield Range(at, whole.end)


def union(ranges: Iterable[Range]) -> list[Range]:
    """The same bytes, ascending, touching ranges joined."""
    joined: list[Range] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1].end:
            joined[-1] = Range(joined[-1].start, max(end, joined[-1].end))
        elif end > start:
            joined.append(Range(start, end))
    return joined


def gaps(extents: Iterable[Extent]) -> tuple[Gap, ...]:
    """Those that cannot be read; neighbours of one kind are one gap."""
    return tuple(Gap(at, end - at, why) for at, end, why in joined(extents) if why)


def split(whole: Range, present: Iterable[Range], why: Why) -> Iterator[Extent]:
    """All of `whole`: `present` (ascending) can be read, the rest cannot because of `why`."""
    at = whole.start
    for part in present:
        start, end = part.clip(at, whole.end)
        if start == end:
            continue
        if start > at:
            yield Extent(at, start, why)
        yield Extent(start, end, "")
        at = end
    if at < whole.end:
        yield Extent(at, whole.end, why)


def joined(extents: Iterable[Extent]) -> Iterator[Extent]:
    """The same, neighbours of one kind as one. `extents` ascend and touch."""
    for why, group in groupby(extents, key=lambda extent: extent.why):
        members = list(group)
        yield Extent(members[0].start, members[-1].end, why)


def tally(extents: Iterable[Extent]) -> PageCount:
    """Their pages. Each but the last ends where a page does."""
    sums = {"": 0, "swapped out": 0, "never written": 0}
    every = 0
    for start, end, why in extents:
        count = pages(end - start // PAGE_SIZE * PAGE_SIZE)
        every += count
        if why in sums:
            sums[why] += count
    known = sum(sums.values())
    return PageCount(sums[""], sums["swapped out"], sums["never written"], every - known)
