"""The pictures of one segment through time: the last of them, and how often something changed."""

from shmtui.monitor.ages import Picture, first, following
from shmtui.monitor.rate import Rate
from shmtui.sysv.window import Window


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
        self._rate = Rate()

    def add(self, window: Window, now: float) -> None:
        """Takes the next picture."""
        self.gone_at = None
        before = self.picture
        self.picture = following(window, before) if before else first(window)
        self._rate.look(now)
        if self.picture.changed:
            self.last_change = now
            self.last_changed = self.picture.changed
            self._rate.count(now)

    def end(self, now: float) -> None:
        """The segment is gone; the last picture stays."""
        if self.gone_at is None:
            self.gone_at = now

    def changes_per_s(self, now: float) -> float:
        """Pictures that differed from the one before, per second, over the last ten seconds."""
        return self._rate.per_s(now)
