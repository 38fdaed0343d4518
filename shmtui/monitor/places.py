"""The places of a segment that were seen to change, and when each last did."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import NamedTuple

from shmtui.monitor.shot import Shot
from shmtui.sysv.ranges import Range, missing, union

MOST_PLACES = 4096

MOST_RUNS = 256
"""Of one shot. Where more bytes apart from each other changed, near ones are taken as one place:
nobody goes through them one by one, and the screen's thread should not either."""

_JUST_CHANGED = [re.compile(b"\0+")] + [
    re.compile(b"\0+(?:[^\0]{1,%d}\0+)*" % apart) for apart in (15, 255, 4095)
]
"""Runs of bytes in ages, ever more of what did not change between them."""


class _Place(NamedTuple):
    start: int
    end: int
    time: float
    """Unix seconds of the last change."""


class Places:
    """Bytes that changed, in runs; where too many are known the oldest are forgotten."""

    def __init__(self, most: int = MOST_PLACES) -> None:
        self._most = most
        self._places: list[_Place] = []
        """Ascending, not overlapping; those that touch have different times."""

    def __len__(self) -> int:
        return len(self._places)

    def add(self, shot: Shot) -> None:
        """Remembers what had just changed in it."""
        if shot.changed:
            base = shot.window.offset
            runs = _runs(shot.ages)
            self._put([_Place(base + start, base + end, shot.time) for start, end in runs])

    def next_after(self, offset: int) -> int | None:
        """Where the first run of changed bytes begins that starts behind `offset`."""
        return next((run.start for run in self._joined() if run.start > offset), None)

    def previous_before(self, offset: int) -> int | None:
        """Where the last run of changed bytes begins that starts before `offset`."""
        return next((run.start for run in reversed(self._joined()) if run.start < offset), None)

    def lately(self, now: float, seconds: float) -> tuple[tuple[int, int], ...]:
        """The stretches, start and end, that changed in the last `seconds`; ascending."""
        fresh = (Range(*place[:2]) for place in self._places if place.time >= now - seconds)
        return tuple((run.start, run.end) for run in union(fresh))

    def _joined(self) -> list[Range]:
        """Bytes side by side are one place, whenever each of them changed."""
        return union(Range(*place[:2]) for place in self._places)

    def _put(self, fresh: list[_Place]) -> None:
        """`fresh` ascends and covers what was known of the same bytes."""
        if not fresh:
            return
        low = bisect_right(self._places, fresh[0].start, key=_end)
        high = bisect_left(self._places, fresh[-1].end, key=_start)
        left = chain.from_iterable(_without(old, fresh) for old in self._places[low:high])
        self._places[low:high] = sorted(chain(left, fresh))
        self._forget()

    def _forget(self) -> None:
        excess = len(self._places) - self._most
        if excess > 0:
            oldest = set(sorted(self._places, key=lambda place: place.time)[:excess])
            self._places = [place for place in self._places if place not in oldest]


def _runs(ages: bytes) -> list[tuple[int, int]]:
    """The stretches that have just changed, from the start of `ages`."""
    runs: list[tuple[int, int]] = []
    for pattern in _JUST_CHANGED:
        runs = [run.span() for run in islice(pattern.finditer(ages), MOST_RUNS + 1)]
        if len(runs) <= MOST_RUNS:
            break
    return runs


def _without(old: _Place, fresh: list[_Place]) -> Iterator[_Place]:
    """What `fresh` leaves of it."""
    first = bisect_right(fresh, old.start, key=_end)
    last = bisect_left(fresh, old.end, key=_start)
    covered: Iterable[Range] = (Range(*place[:2]) for place in fresh[first:last])
    for start, end in missing(Range(old.start, old.end), covered):
        yield _Place(start, end, old.time)


def _start(place: _Place) -> int:
    return place.start


def _end(place: _Place) -> int:
    return place.end
