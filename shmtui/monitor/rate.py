"""How often something happened lately, per second."""

from collections import deque

RATE_OVER_S = 10.0


class Rate:
    """Counts moments, and forgets those of more than ten seconds ago."""

    def __init__(self) -> None:
        self._moments: deque[float] = deque()
        self._began: float | None = None

    def look(self, now: float) -> None:
        """It was looked at `now` (Unix seconds); the first look begins the count."""
        if self._began is None:
            self._began = now

    def count(self, now: float) -> None:
        """It happened at `now`."""
        self._moments.append(now)

    def per_s(self, now: float) -> float:
        """Counted moments per second, over the last ten seconds."""
        while self._moments and self._moments[0] <= now - RATE_OVER_S:
            self._moments.popleft()
        if self._began is None or not self._moments:
            return 0.0
        # At least a second: the first change after a tenth would look like ten in a second.
        return len(self._moments) / min(RATE_OVER_S, max(1.0, now - self._began))
