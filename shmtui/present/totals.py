"""Sums over all segments, kept up to date by what came and went."""

from typing import NamedTuple

from shmtui.monitor.diagnosis import Word
from shmtui.monitor.facts import Facts
from shmtui.present.derived import resident
from shmtui.sysv.pages import pages


class Totals(NamedTuple):
    """What the header tells of all segments, filtered or not."""

    segments: int = 0
    size_bytes: int = 0
    rss_bytes: int | None = 0
    """None: this source cannot tell. Huge pages are left out where the kernel miscounts them."""
    swap_bytes: int | None = 0
    orphans: int = 0
    orphan_bytes: int = 0
    """Sizes as asked for, not what is resident."""
    pages: int = 0
    """What the sizes count against shmall."""


class Tally:
    """Adds facts and takes them back."""

    def __init__(self) -> None:
        self._sums = [0] * 8

    def add(self, facts: Facts) -> None:
        self._count(facts, 1)

    def take_back(self, facts: Facts) -> None:
        """Facts that were added before, and hold no longer."""
        self._count(facts, -1)

    def totals(self) -> Totals:
        segments, size, rss, swap, unknown, orphans, orphan_bytes, used = self._sums
        known = unknown == 0
        return Totals(
            segments,
            size,
            rss if known else None,
            swap if known else None,
            orphans,
            orphan_bytes,
            used,
        )

    def _count(self, facts: Facts, sign: int) -> None:
        sums, segment = self._sums, facts.segment
        size = segment.identity.size
        rss, swap = resident((segment.rss, size)), segment.swap
        sums[0] += sign
        sums[1] += sign * size
        sums[2] += sign * (rss or 0)
        sums[3] += sign * (swap or 0)
        sums[4] += sign * (segment.rss is None or swap is None)
        if facts.verdict.word is Word.ORPHAN:
            sums[5] += sign
            sums[6] += sign * size
        sums[7] += sign * pages(size)
