"""The pictures of one segment that are remembered, as many as fit into so many bytes."""

from collections import deque
from collections.abc import Sequence
from itertools import islice

from shmtui.monitor.ages import Picture, following
from shmtui.monitor.reading import WindowRead
from shmtui.monitor.shot import Shot
from shmtui.sysv.ranges import Range
from shmtui.sysv.window import Why, Window

LIMIT_BYTES = 16 * 1024 * 1024
"""An hour of a window of 2 KiB that changes each second."""

_SHOT_BYTES = 512
_GAP_BYTES = 128
"""About what the Python objects around the content take."""


class Past:
    """Shots in the order of time; the oldest go first where there is no room."""

    def __init__(self, limit_bytes: int = LIMIT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._shots: deque[Shot] = deque()
        self.bytes_held = 0
        """What the shots take, the bytes around their content estimated."""

    def add(self, read: WindowRead) -> Shot | None:
        """Remembers what was read: a window like the last one only lengthens that one's time.

        The shot that it now is; None where nothing was read.
        """
        if read.segment is None or read.window is None:
            return None
        last = self.newest
        if last is not None and last.window == read.window:
            self._shots[-1] = last._replace(until=max(last.until, read.time))
        else:
            self._append(read, read.window, last)
        return self._shots[-1]

    @property
    def limit_bytes(self) -> int:
        return self._limit_bytes

    @property
    def shots(self) -> Sequence[Shot]:
        """The oldest first."""
        return self._shots

    @property
    def newest(self) -> Shot | None:
        return self._shots[-1] if self._shots else None

    def before(self, shot: Shot, view: Window | None = None) -> Shot | None:
        """The last one before it that shows something else of `view`, the window on view."""
        older = islice(self._shots, self.index(shot))
        return next((old for old in reversed(list(older)) if tells(old, shot, view)), None)

    def after(self, shot: Shot, view: Window | None = None) -> Shot | None:
        """The first one after it that shows something else of `view`."""
        newer = (new for new in self._shots if new.number > shot.number)
        return next((new for new in newer if tells(new, shot, view)), None)

    def index(self, shot: Shot) -> int:
        """How many of the shots are older than this one, which may itself be forgotten."""
        if not self._shots:
            return 0
        return min(max(0, shot.number - self._shots[0].number), len(self._shots))

    def _append(self, read: WindowRead, window: Window, last: Shot | None) -> None:
        number, changes = (last.number, last.changes) if last else (0, 0)
        changes += read.changed > 0
        self._shots.append(
            Shot(read.time, read.time, window, read.ages, read.changed, number + 1, changes)
        )
        self.bytes_held += cost(self._shots[-1])
        while self.bytes_held > self._limit_bytes and len(self._shots) > 1:
            self.bytes_held -= cost(self._shots.popleft())


def cost(shot: Shot) -> int:
    """Bytes of memory that it takes, about."""
    window = shot.window
    content = len(window.data) + len(shot.ages)
    return _SHOT_BYTES + content + _GAP_BYTES * len(window.gaps)


def tells(one: Shot, other: Shot, view: Window | None = None) -> bool:
    """Whether `one` shows of `view` what `other` does not: other content, or more of it.

    Without a view: of what `other` shows.
    """
    whole = _range(view or other.window)
    seen = _range(one.window).clip(*whole)
    known = _range(other.window).clip(*whole)
    common = seen.clip(*known)
    if seen.start == seen.end:
        return False
    return common != seen or _part(one.window, common) != _part(other.window, common)


def bytes_between(one: Shot, other: Shot) -> int:
    """How many bytes that both have read are different."""
    return following(other.window, Picture(one.window, one.ages, 0)).changed


def _range(window: Window) -> Range:
    return Range(window.offset, window.offset + len(window.data))


def _part(window: Window, part: Range) -> tuple[bytes, list[tuple[Range, Why]]]:
    """What stands there: the bytes, and the gaps cut to that stretch."""
    low, high = part
    gaps = [
        (Range(gap.offset, gap.offset + gap.length).clip(low, high), gap.why)
        for gap in window.gaps
        if gap.offset < high and gap.offset + gap.length > low
    ]
    return window.data[low - window.offset : high - window.offset], gaps
