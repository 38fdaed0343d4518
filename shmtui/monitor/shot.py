"""What one window looked like for a while: the live picture and those of the past alike."""

from typing import NamedTuple

from shmtui.sysv.window import Window


class Shot(NamedTuple):
    """A window, when it looked so, and what had just changed in it."""

    time: float
    """Unix seconds at which it was first seen so."""
    until: float
    """Unix seconds at which it was last seen so."""
    window: Window
    ages: bytes
    """A byte for each of the window's: refreshes since it changed, 0 = at this one; 255 = not
    seen to change. Of a past one: as they were at `time`."""
    changed: int
    """Bytes that changed at `time`."""
    number: int = 0
    """Counts the shots of one segment; the newest has the highest."""
    changes: int = 0
    """Shots up to this one, itself included, at which a byte changed."""
