"""The pictures of one segment through time: the last of them, and how often something changed."""

from collections import deque

from shmtui.monitor.ages import Picture, first, following
from shmtui.sysv.window import Window

RATE_OVER_S = 10.0


class Film:
    """Takes one picture after the other. The window may move between two."""

    def __init__(self) -> None:
        self.picture: Picture | None = None
        self.last_change: float | None = None
        """Unix seconds."""
        self.last_changed = 0
        """Bytes that changed then."""
        self.gone_at: float | None = None
        """Unix seconds of when the segment was first seen to be gone."""
        self._changes: deque[float] = deque()
        self._began: float | None = None

    def add(self, window: Window, now: float) -> None:
        """Takes the next picture."""
        self.gone_at = None
        before = self.picture
        self.picture = following(window, before) if before else first(window)
        if self._began is None:
            self._began = now
        if self.picture.changed:
            self.last_change = now
            self.last_changed = self.picture.changed
            self._changes.append(now)

    def end(self, now: float) -> None:
        """The segment is gone; the last picture stays."""
        if self.gone_at is None:
            self.gone_at = now

    def changes_per_s(self, now: float) -> float:
        """Pictures that differed from the one before, per second, over the last ten seconds."""
        while self._changes and self._changes[0] <= now - RATE_OVER_S:
            self._changes.popleft()
        if self._began is None or not self._changes:
            return 0.0
        # At least a second: the first change after a tenth would look like ten in a second.
        return len(self._changes) / min(RATE_OVER_S, max(1.0, now - self._began))
