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
        self._segments = self._size = self._rss = self._swap = self._pages = 0
        self._orphans = self._orphan_size = 0
        self._unknown = 0
        """Rows whose source does not tell what is resident and swapped."""

    def add(self, facts: Facts) -> None:
        self._count(facts, 1)

    def take_back(self, facts: Facts) -> None:
        """Facts that were added before, and hold no longer."""
        self._count(facts, -1)

    def totals(self) -> Totals:
        return Totals(
            segments=self._segments,
            size_bytes=self._size,
            rss_bytes=None if self._unknown else self._rss,
            swap_bytes=None if self._unknown else self._swap,
            orphans=self._orphans,
            orphan_bytes=self._orphan_size,
            pages=self._pages,
        )

    def _count(self, facts: Facts, sign: int) -> None:
        segment = facts.segment
        size = segment.identity.size
        self._segments += sign
        self._size += sign * size
        self._pages += sign * pages(size)
        self._rss += sign * (resident((segment.rss, size)) or 0)
        self._swap += sign * (segment.swap or 0)
        if segment.rss is None or segment.swap is None:
            self._unknown += sign
        if facts.verdict.word is Word.ORPHAN:
            self._orphans += sign
            self._orphan_size += sign * size
