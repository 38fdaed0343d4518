"""Which tap reads a segment: kept from refresh to refresh, chosen again when something moved."""

from collections.abc import Sequence
from typing import NamedTuple

from shmtui.monitor.choosing import Chooser
from shmtui.monitor.reading import WindowRequest
from shmtui.sysv.content import Consent, Forbidden, Lost, Refusal, Tap, Window
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.segment import Segment
from shmtui.sysv.window import PageCount

MAX_PATIENCE_S = 64.0


class _Basis(NamedTuple):
    """What the choice of a tap stands on: while it is as it was, the tap stays."""

    row: Segment
    """With what our own attaches overwrote put back, and without what reading may move."""
    consent: Consent
    pids: tuple[int, ...]
    """Of processes that map it, as far as is known."""


class Way:
    """The tap to one segment. Not thread-safe."""

    def __init__(self, evidence: Evidence, read_only: bool) -> None:
        self._chooser = Chooser(evidence, read_only)
        self._tap: Tap | None = None
        self._basis: _Basis | None = None
        self._patience = _Patience()
        self.why_not: tuple[Refusal, ...] = ()
        """Why no better tap; where there is none, the last is the decisive refusal."""

    @property
    def name(self) -> str:
        """Of the tap; empty: none."""
        return self._tap.name if self._tap else ""

    def read_all(
        self, request: WindowRequest, segment: Segment, pids: Sequence[int], now: float
    ) -> tuple[Window, ...]:
        """The window of that row, then the watched ones, with one opening of the best tap; `pids`
        map it, as far as is known.

        Raises Forbidden, Gone, ShmError.
        """
        basis = _Basis(self._chooser.row(segment), request.consent, tuple(pids))
        moved = self._tap is not None and self._must_choose(basis, now)
        if self._basis is not None and basis.row != self._basis.row:
            self.close()  # a descriptor could pin what another hand removes
        tap = self._choose(segment, basis) if self._tap is None or moved else self._tap
        ranges = ((request.offset, request.length), *request.watched)
        try:
            windows = tap.read_all(ranges)
        except Lost:
            self._chooser.forget()
            windows = self._choose(segment, basis).read_all(ranges)
        self._patience.saw(windows, moved, now)
        return windows

    def count(self, start: int, end: int) -> PageCount | None:
        """What the pages from `start`, a page's, to `end` are; None: not known now. Leaves no
        trace and reads nothing: ask it after a read. Raises ShmError."""
        return self._tap.count(start, end) if self._tap else None

    def close(self) -> None:
        """Drops descriptors; what a tap keeps of content stays."""
        if self._tap is not None:
            self._tap.close()

    def _must_choose(self, basis: _Basis, now: float) -> bool:
        """Peek serves whatever else happens; a borrowed content is looked at again when another
        hand moved the row, though not for ever at once."""
        before = self._basis
        if before == basis or self.name == "peek" or before is None:
            return False
        if self.name != "borrowed" or basis.row.nattch or before.consent is not basis.consent:
            return True
        return now >= self._patience.until

    def _choose(self, segment: Segment, basis: _Basis) -> Tap:
        self.close()
        choice = self._chooser.choose(segment, basis.pids, basis.consent)
        self._tap, self.why_not = choice
        self._basis = basis
        if self._tap is None:
            raise Forbidden(self.why_not[-1])
        return self._tap


class _Patience:
    """When to look again at content that another hand touched and left.

    Two monitors that look at one segment are that other hand to each other. As long as looking
    again shows nothing new, each waits twice as long as before.
    """

    def __init__(self) -> None:
        self.until = 0.0
        """Unix seconds."""
        self._wait_s = 0.0
        self._last: tuple[Window, ...] = ()

    def saw(self, windows: tuple[Window, ...], again: bool, now: float) -> None:
        """`again`: it was looked at because another hand had moved the row."""
        if again and windows == self._last:
            self._wait_s = min(max(1.0, 2 * self._wait_s), MAX_PATIENCE_S)
            self.until = now + self._wait_s
        elif again:
            self._wait_s = self.until = 0.0
        self._last = windows
