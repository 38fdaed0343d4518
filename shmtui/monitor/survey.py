"""What all of a segment's pages are, learned a little at a time and never by reading."""

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from shmtui.sysv.pages import PAGE_SIZE, pages
from shmtui.sysv.window import PageCount

Count = Callable[[int, int], PageCount | None]
"""What the pages from one byte (a page's start) to another are; None: not known now."""

_MOST_SLOTS = 512
_TURN_BYTES = 1 << 30
_TURN_S = 0.005
_LATER_S = 0.001
"""Once all of it was seen: a turn comes with each refresh, and should hardly be felt."""


class SegmentMap(NamedTuple):
    """A segment at a glance."""

    size: int
    """Bytes of the segment."""
    slots: tuple[PageCount | None, ...]
    """What each stretch of `slot_bytes` holds, as it was seen last; None: not seen yet. 512 at
    most; the last one may be shorter."""

    @property
    def slot_bytes(self) -> int:
        """Bytes of a slot: whole pages."""
        return _slot_bytes(self.size)


class Survey:
    """Goes round the slots of one segment. Not thread-safe."""

    def __init__(self, size: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`size`: of the segment, in bytes."""
        self._size = size
        self._clock = clock
        self._slot_bytes = _slot_bytes(size)
        self._slots: list[PageCount | None] = [None] * -(-size // self._slot_bytes)
        self._next = 0

    def step(self, count: Count, focus: range | None = None) -> SegmentMap:
        """One bounded turn: the slots of the bytes `focus`, then those whose turn it is.

        Asks of 1 GiB at most, holes not counted: the kernel steps over those at once. Begins no
        question after 5 ms. What is not known now stays as it was seen last. Raises as `count`
        does.
        """
        until = self._clock() + (_TURN_S if None in self._slots else _LATER_S)
        left = _TURN_BYTES
        for slot in self._order(focus or range(0)):
            start = slot * self._slot_bytes
            end = min(start + self._slot_bytes, self._size)
            counted = count(start, end)
            self._slots[slot] = counted or self._slots[slot]
            left -= end - start - (counted.hole * PAGE_SIZE if counted else 0)
            if left <= 0 or self._clock() >= until:
                break
        return SegmentMap(self._size, tuple(self._slots))

    def _order(self, focus: range) -> Iterator[int]:
        """Each slot once; those on view do not take the turn of the others."""
        every = len(self._slots)
        first = min(focus.start // self._slot_bytes, every)
        last = min(-(-focus.stop // self._slot_bytes), every)
        yield from range(first, last)
        for _ in range(every):
            slot = self._next
            self._next = (slot + 1) % every
            if not first <= slot < last:
                yield slot


def _slot_bytes(size: int) -> int:
    return -(-pages(size) // _MOST_SLOTS) * PAGE_SIZE
