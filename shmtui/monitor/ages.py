"""How long ago each byte of a window changed, by comparing it with the picture before.

The work is done on whole windows as big integers: no loop over bytes runs in Python.
"""

from typing import NamedTuple

from shmtui.sysv.window import Window

UNSEEN = 255
"""The age of a byte that was not seen to change."""

_OLDER = bytes(min(age + 1, UNSEEN) for age in range(256))
_CHANGED = bytes([0]) + bytes([255]) * 255


class Picture(NamedTuple):
    """A window and the age of each of its bytes."""

    window: Window
    ages: bytes
    """Refreshes since the byte changed, 0 = at this one, UNSEEN = not seen to change."""
    changed: int
    """Bytes that changed at this refresh."""


def first(window: Window) -> Picture:
    """Nothing to compare with."""
    return Picture(window, bytes([UNSEEN]) * len(window.data), 0)


def following(window: Window, before: Picture) -> Picture:
    """The next picture. Where both windows overlap, ages go on; the rest is new to us.

    A byte that one of the two did not read was not seen to change.
    """
    old = before.window
    low = max(window.offset, old.offset)
    high = min(window.offset + len(window.data), old.offset + len(old.data))
    if low >= high:
        return first(window)
    ages, changed = _overlap(window, before, low, high)
    left = bytes([UNSEEN]) * (low - window.offset)
    right = bytes([UNSEEN]) * (window.offset + len(window.data) - high)
    return Picture(window, left + ages + right, changed)


def _overlap(window: Window, before: Picture, low: int, high: int) -> tuple[bytes, int]:
    """The ages of the bytes low to high, and how many changed."""
    old = before.window
    was = old.data[low - old.offset : high - old.offset]
    now = window.data[low - window.offset : high - window.offset]
    ages = before.ages[low - old.offset : high - old.offset].translate(_OLDER)
    if was == now:
        return ages, 0
    length = high - low
    differs = int.from_bytes(was) ^ int.from_bytes(now)
    changed = differs.to_bytes(length).translate(_CHANGED)
    unread = _unread(window, low, high) + _unread(old, low, high)
    if unread:
        known = bytearray(changed)
        for start, end in unread:
            known[start:end] = bytes(end - start)
        changed = bytes(known)
    kept = int.from_bytes(ages) & ~int.from_bytes(changed)
    return kept.to_bytes(length), changed.count(255)


def _unread(window: Window, low: int, high: int) -> list[tuple[int, int]]:
    """Where, from `low` on, nothing is known; a hole is known to be zeros."""
    return [
        (max(gap.offset, low) - low, min(gap.offset + gap.length, high) - low)
        for gap in window.gaps
        if gap.why != "never written" and gap.offset < high and gap.offset + gap.length > low
    ]
