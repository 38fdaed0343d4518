"""Where a needle is in a stretch of bytes, and how often: also in the worst of bytes quickly.

Matches may overlap, as `aa` does in `aaa`: each place where the needle stands is a match.
"""

import re
from typing import NamedTuple

_LETTERS = 8
"""Bytes of the needle that are looked for alone, which takes next to no time."""
_LEAST_FOUND = 6
"""Bytes of a needle from which on bytearray.find is the quicker one."""
_MOST_FOLLOWED = 256
_MOST_AGAIN_BYTES = 32 * 1024
"""Matches in one stretch that are gone to one by one, so that it is known how they overlap: no more
than that many, and together no longer than that, as each is looked through again."""


class Found(NamedTuple):
    """Matches in a stretch."""

    matches: int
    exact: bool
    """False: there may be more, which overlap."""


class Matcher:
    """Looks for one needle, of at least one byte, in `data` up to `end`.

    `data` is a bytearray, whose methods are quick, and may be longer than what is in use of it.
    """

    def __init__(self, needle: bytes) -> None:
        self._needle = needle
        self._letters = tuple(dict.fromkeys(needle))[:_LETTERS]
        self._short = _short(needle)
        self._can_overlap = any(needle.startswith(needle[at:]) for at in range(1, len(needle)))

    def first(self, data: bytearray, end: int) -> int:
        """Offset of the first match; -1: none."""
        # Most stretches lack one of its bytes: memchr tells ten times faster than any search.
        if any(data.find(letter, 0, end) < 0 for letter in self._letters):
            return -1
        return self._find(data, 0, end)

    def last(self, data: bytearray, end: int) -> int:
        """Offset of the last match; -1: none.

        By halves: bytearray.rfind takes quadratic time in the worst case.
        """
        low = self.first(data, end)
        high = end - len(self._needle)
        while 0 <= low < high:
            middle = (low + high + 1) // 2
            at = self._find(data, middle, high + len(self._needle))
            low, high = (at, high) if at >= 0 else (low, middle - 1)
        return low

    def count(self, data: bytearray, end: int) -> Found:
        """How many matches there are."""
        at = self.first(data, end)
        matches, most = 0, min(_MOST_FOLLOWED, _MOST_AGAIN_BYTES // len(self._needle))
        while at >= 0 and matches < most:
            matches += 1
            at = self._find(data, at + 1, end)
        if at < 0:
            return Found(matches, True)
        if self._can_overlap and len(self._letters) == 1:
            return Found(matches + _count_same(data[at:end], self._needle), True)
        return Found(matches + data.count(self._needle, at, end), not self._can_overlap)

    def _find(self, data: bytearray, start: int, end: int) -> int:
        if self._short is None:
            return data.find(self._needle, start, end)
        found = self._short.search(data, start, end)
        return found.start() if found else -1


def _short(needle: bytes) -> re.Pattern[bytes] | None:
    """For a needle that bytearray.find looks for without its better ways (fastsearch.h in CPython),
    slowly in the worst case: re goes by Knuth, Morris and Pratt."""
    return re.compile(re.escape(needle)) if len(needle) < _LEAST_FOUND else None


def _count_same(data: bytearray, needle: bytes) -> int:
    """How often a needle of one repeated byte stands in `data`: all places at once, as the bits
    of one large number."""
    table = bytes(byte == needle[0] for byte in range(256))
    flags = data.translate(table)
    places = 0
    for bit in range(8):
        places |= int.from_bytes(flags[bit::8], "little") << bit
    length = 1
    while length < len(needle):
        step = min(length, len(needle) - length)
        places &= places >> step
        length += step
    return places.bit_count()
