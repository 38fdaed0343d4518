"""How far a long act is, how fast it goes, and when it will be done."""

import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

_OVER_S = 3.0
_LEAST_S = 0.3
"""Before that, a first quick or slow piece would say anything."""
_EACH_S = 0.1


class Progress(NamedTuple):
    """Of an act that goes through a segment."""

    done: int
    """Bytes behind it, holes included."""
    total: int
    rate: float
    """Bytes a second, over the last seconds; 0 while too little is known."""
    left_s: float | None
    """Seconds to go at that rate; None: not known."""


class Pace:
    """Takes what is done; tells, ten times a second, how it goes."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = total
        self._clock = clock
        self._marks = deque([(clock(), 0)])

    def is_due(self) -> bool:
        """It is time for the next progress."""
        return self._clock() - self._marks[-1][0] >= _EACH_S

    def at(self, done: int) -> Progress:
        """The progress with so many bytes done, now."""
        now = self._clock()
        self._marks.append((now, done))
        while len(self._marks) > 2 and self._marks[1][0] <= now - _OVER_S:
            self._marks.popleft()
        since_s, before = self._marks[0]
        took_s = now - since_s
        rate = (done - before) / took_s if took_s >= _LEAST_S else 0.0
        return Progress(done, self.total, rate, (self.total - done) / rate if rate else None)
