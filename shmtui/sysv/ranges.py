"""Stretches of a segment: which can be read, and the gaps that remain. Pure functions."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from shmtui.sysv.window import Gap, Why


class Range(NamedTuple):
    """Bytes `start` up to `end`, not including it, of a segment."""

    start: int
    end: int

    @classmethod
    def of(cls, offset: int, length: int, size: int) -> "Range":
        """The window of a segment of `size` bytes: nothing before its start or beyond its end."""
        return cls(offset, offset + length).clip(0, size)

    def clip(self, start: int, end: int) -> "Range":
        """The part between `start` and `end`; empty where there is none."""
        low = min(max(self.start, start), end)
        return Range(low, max(low, min(self.end, end)))


def runs(flags: Sequence[object], start: int, grain: int) -> Iterator[Range]:
    """The stretches whose flags are true: flag i stands for `grain` bytes at start + i * grain."""
    first = None
    for index, flag in enumerate(flags):
        if flag and first is None:
            first = index
        elif not flag and first is not None:
            yield Range(start + first * grain, start + index * grain)
            first = None
    if first is not None:
        yield Range(start + first * grain, start + len(flags) * grain)


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


def gaps(ranges: Iterable[Range], why: Why) -> tuple[Gap, ...]:
    return tuple(Gap(start, end - start, why) for start, end in ranges)
