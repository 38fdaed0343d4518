"""Which rows a filter by age lets in or out because time has passed, without asking all of them."""

import heapq
from collections.abc import Iterable

from shmtui.sysv.segment import Identity

_GRAIN_S = 0.001
"""Sums of Unix times and ages differ from differences by less."""


class Aging:
    """Moments at which rows reach one of some ages. Not thread-safe."""

    def __init__(self, ages_s: Iterable[float], rows: Iterable[tuple[Identity, float]]) -> None:
        """`rows`: identities, and the Unix seconds from which their age counts."""
        self._ages_s = tuple(ages_s)
        self._moments = [(since + age, it) for it, since in rows for age in self._ages_s]
        heapq.heapify(self._moments)

    def add(self, identity: Identity, since: float) -> None:
        """A row is new, or counts its age from another moment now."""
        for age in self._ages_s:
            heapq.heappush(self._moments, (since + age, identity))

    def due(self, now: float) -> set[Identity]:
        """Those that reached an age since the last call, or at this very moment. Some may have
        been gone, or been used, since they were added."""
        reached = set()
        while self._moments and self._moments[0][0] < now - _GRAIN_S:
            reached.add(heapq.heappop(self._moments)[1])
        # What is reached now is not yet passed: `age>1h` becomes true only after it.
        at_this_moment = []
        while self._moments and self._moments[0][0] <= now + _GRAIN_S:
            at_this_moment.append(heapq.heappop(self._moments))
        for moment in at_this_moment:
            heapq.heappush(self._moments, moment)
        return reached | {identity for _, identity in at_this_moment}
