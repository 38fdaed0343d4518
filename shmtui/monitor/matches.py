"""Where a needle is in a stretch of bytes, and how often: also in the worst of bytes quickly.

Matches may overlap, as `aa` does in `aaa`: each place where the needle stands is a match.
"""

from typing import NamedTuple

_LETTERS = 8
"""Bytes of the needle that are looked for alone, which takes next to no time."""
_MOST_RUNS = 64
"""Runs of overlapping matches in one stretch that are followed one by one."""


class Found(NamedTuple):
    """Matches in a stretch."""

    matches: int
    exact: bool
    """False: there are more, many of which overlap."""


class Matcher:
    """Looks for one needle, of at least one byte, in `data` up to `end`.

    `data` is a bytearray, whose methods are quick, and may be longer than what is in use of it.
    """

    def __init__(self, needle: bytes) -> None:
        self._needle = needle
        self._letters = tuple(dict.fromkeys(needle))[:_LETTERS]
        self._period, *_ = periods = _periods(needle)
        self._overlapping = tuple(
            needle + needle[len(needle) - period :] for period in periods if period < len(needle)
        )

    def first(self, data: bytearray, end: int) -> int:
        """Offset of the first match; -1: none."""
        # Most stretches lack one of its bytes: memchr tells ten times faster than any search.
        if any(data.find(letter, 0, end) < 0 for letter in self._letters):
            return -1
        return data.find(self._needle, 0, end)

    def last(self, data: bytearray, end: int) -> int:
        """Offset of the last match; -1: none.

        By halves: bytearray.rfind takes quadratic time in the worst case, find does not.
        """
        low = self.first(data, end)
        high = end - len(self._needle)
        while 0 <= low < high:
            middle = (low + high + 1) // 2
            at = data.find(self._needle, middle, high + len(self._needle))
            low, high = (at, high) if at >= 0 else (low, middle - 1)
        return low

    def count(self, data: bytearray, end: int) -> Found:
        """How many matches there are."""
        at = self.first(data, end)
        if at < 0:
            return Found(0, True)
        if not any(data.find(word, at, end) >= 0 for word in self._overlapping):
            return Found(data.count(self._needle, at, end), True)
        return self._count_runs(data, at, end)

    def _count_runs(self, data: bytearray, at: int, end: int) -> Found:
        """Matches that overlap by whole periods follow each other as far as the period holds."""
        matches, first = 0, at
        for _ in range(_MOST_RUNS):
            reach = self._reach(data, at + len(self._needle), end)
            more = (reach - at - len(self._needle)) // self._period
            matches += more + 1
            at = data.find(self._needle, at + more * self._period + 1, end)
            if at < 0:
                return Found(matches, True)
        if self._period == 1:
            return Found(_count_same(data[first:end], self._needle), True)
        return Found(matches + data.count(self._needle, at, end), False)

    def _reach(self, data: bytearray, at: int, end: int) -> int:
        """Up to where each byte equals the one a period before it, which holds up to `at`."""

        def same(length: int) -> bool:
            before = at - self._period
            return at + length <= end and data[at : at + length] == data[before : before + length]

        length = 1
        while same(length):
            at += length
            length *= 2
        while length > 1:
            length //= 2
            if same(length):
                at += length
        return at


def _periods(needle: bytes) -> list[int]:
    """Distances at which two matches can follow each other, the least first; at last its length.

    Without those that are only several times the least one: where two matches are so far apart and
    overlap by a period, others stand between them.
    """
    size = len(needle)
    found = [shift for shift in range(1, size) if needle.startswith(needle[shift:])] + [size]
    least = found[0]
    return [it for it in found if it in (least, size) or it % least or it > size - least]


def _count_same(data: bytearray, needle: bytes) -> int:
    """How often a needle of one repeated byte stands in `data`: all places at once, as the lanes
    of one large number."""
    table = bytes(byte == needle[0] for byte in range(256))
    places = int.from_bytes(data.translate(table), "little")
    length = 1
    while length < len(needle):
        step = min(length, len(needle) - length)
        places &= places >> (8 * step)
        length += step
    return places.bit_count()
