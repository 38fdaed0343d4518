"""Whether orphans become more: their count now against that of some minutes ago."""

from collections import deque
from typing import NamedTuple

from shmtui.monitor.diagnosis import Word
from shmtui.monitor.facts import Facts
from shmtui.monitor.snapshot import Snapshot
from shmtui.sysv.arguments import many
from shmtui.sysv.segment import Identity

_KEPT = 64
"""Counts remembered, however often somebody polls."""
_LEAST_S = 60.0
"""Over less, what comes and goes would look like growth."""


class _Count(NamedTuple):
    time: float
    """Unix seconds."""
    orphans: int


class Growth:
    """Counts of orphans over the last minutes, in one IPC namespace. For one thread."""

    def __init__(self, window_s: float = 600.0) -> None:
        """`window_s`: how long ago what is compared with was; longer where nobody polled then."""
        self._window_s = window_s
        self._counts: deque[_Count] = deque()
        self._now = _Count(0.0, 0)
        self._namespace = 0
        self._facts: dict[Identity, Facts] | None = None

    def note(self, snapshot: Snapshot) -> None:
        """Counts, where anything changed. Earlier counts count no more after a step of the clock
        backwards, or in another namespace."""
        now = snapshot.time
        if snapshot.namespace != self._namespace or now < self._now.time:
            self._counts.clear()
            self._namespace = snapshot.namespace
        orphans = self._now.orphans
        if snapshot.facts is not self._facts:
            orphans = sum(it.verdict.word is Word.ORPHAN for it in snapshot.facts.values())
            self._facts = snapshot.facts
        self._now = _Count(now, orphans)
        if not self._counts or now - self._counts[-1].time >= self._window_s / _KEPT:
            self._counts.append(self._now)
        while len(self._counts) > 1 and self._counts[1].time <= now - self._window_s:
            self._counts.popleft()

    @property
    def more(self) -> int:
        """Orphans now beyond those of then; negative: fewer."""
        return self._now.orphans - self._counts[0].orphans if self._counts else 0

    @property
    def words(self) -> str:
        """`12 more orphans than 10 min ago`; empty where there are not more, and in the first
        minute."""
        span_s = self._now.time - self._counts[0].time if self._counts else 0.0
        if self.more <= 0 or span_s < _LEAST_S:
            return ""
        return f"{many(self.more, 'more orphan')} than {round(span_s / 60)} min ago"
