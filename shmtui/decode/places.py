"""Places in a segment as people type them: `4096`, `0x1000`, `4K`, `+16`, `-0x10`, `50%`."""

import re
from decimal import Decimal

from shmtui.decode.errors import NotUnderstood, quoted

_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_HEX = re.compile(r"0[xX]([0-9A-Fa-f]{1,30})")
_SIZE = re.compile(r"([0-9]{1,30}(?:\.[0-9]{1,12})?)([KMGTkmgt]?)")
_PERCENT = re.compile(r"([0-9]{1,30}(?:\.[0-9]{1,12})?) ?%")


def parse_offset(text: str) -> int:
    """Bytes from the start: `64`, `0x40`, `4K`; K is 1024. Raises NotUnderstood."""
    offset = _bytes(text.strip())
    if offset is None:
        raise NotUnderstood(f"offset {quoted(text)}: bytes like 64, 0x40 or 4K")
    return offset


def parse_place(text: str, at: int, size: int) -> int:
    """A byte of a segment of `size` bytes, where `at` is the one to which `+` and `-` are relative.

    100% is the last byte. Raises NotUnderstood, also for what lies outside of the segment; the
    words go on from the text, beside which they stand.
    """
    place = _place(text.strip(), at, size)
    if place is None:
        raise NotUnderstood("is no place: say 4096, 0x1000, 4K, +16, -0x10 or 50%")
    if place < 0:
        raise NotUnderstood(f"lies before the start: {_room(size)}")
    if place >= size:
        raise NotUnderstood(f"lies past the end: {_room(size)}")
    return place


def _place(word: str, at: int, size: int) -> int | None:
    if match := _PERCENT.fullmatch(word):
        share = Decimal(match[1]) / 100
        return size - 1 if share == 1 else int(size * share)
    if word[:1] not in ("+", "-"):
        return _bytes(word)
    distance = _bytes(word[1:].lstrip())
    if distance is None:
        return None
    return at + distance if word[0] == "+" else at - distance


def _bytes(word: str) -> int | None:
    """A whole number of bytes, or None."""
    if match := _HEX.fullmatch(word):
        return int(match[1], 16)
    match = _SIZE.fullmatch(word)
    if match is None:
        return None
    exact = Decimal(match[1]) * _UNITS[match[2].upper()]
    return int(exact) if exact == exact.to_integral_value() else None


def _room(size: int) -> str:
    if size == 1:
        return "the segment has 1 byte, at 0x0"
    return f"the segment has {size} bytes, the last one at {size - 1:#x}"
