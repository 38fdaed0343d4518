"""Which tap reads a segment: kept from refresh to refresh, chosen again when something moved."""

import os
from collections.abc import Sequence
from typing import NamedTuple

from shmtui.monitor.reading import WindowRequest
from shmtui.sysv.content import Choice, Consent, Forbidden, Lost, Refusal, Tap, Window, choose
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.holders import scan
from shmtui.sysv.segment import Segment

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
        self._evidence = evidence
        self._read_only = read_only
        self._tap: Tap | None = None
        self._basis: _Basis | None = None
        self._scanned: dict[Segment, tuple[int, ...]] = {}
        self._patience = _Patience()
        self.why_not: tuple[Refusal, ...] = ()
        """Why no better tap; where there is none, the last is the decisive refusal."""

    @property
    def name(self) -> str:
        """Of the tap; empty: none."""
        return self._tap.name if self._tap else ""

    def read(
        self, request: WindowRequest, segment: Segment, pids: Sequence[int], now: float
    ) -> Window:
        """The window of that row, through the best tap; `pids` map it, as far as is known.

        Raises Forbidden, Gone, ShmError.
        """
        # rss and swap say nothing of who attached.
        row = self._evidence.original(segment)._replace(rss=None, swap=None)
        basis = _Basis(row, request.consent, tuple(pids))
        moved = self._tap is not None and self._must_choose(basis, now)
        if self._basis is not None and basis.row != self._basis.row:
            self.close()  # a descriptor could pin what another hand removes
        tap = self._choose(segment, basis) if self._tap is None or moved else self._tap
        try:
            window = tap.read(request.offset, request.length)
        except Lost:
            self._scanned.clear()
            window = self._choose(segment, basis).read(request.offset, request.length)
        self._patience.saw(window, moved, now)
        return window

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
        choice = self._choice(segment, basis)
        self._tap, self.why_not = choice
        self._basis = basis
        if self._tap is None:
            raise Forbidden(self.why_not[-1])
        return self._tap

    def _choice(self, segment: Segment, basis: _Basis) -> Choice:
        """Through the holders known; if that leaves a trace or a doubt, through all there are."""
        likely = (*basis.pids, segment.lpid, segment.cpid)
        choice = self._through(segment, likely, Consent.TRACELESS)
        if choice.tap is not None and (choice.tap.name == "peek" or basis.pids):
            return choice
        pids = self._all_holders(segment, basis) if segment.nattch else ()
        return self._through(segment, (*pids, *likely), basis.consent)

    def _through(self, segment: Segment, pids: Sequence[int], consent: Consent) -> Choice:
        return choose(segment, pids, consent, self._evidence, self._read_only)

    def _all_holders(self, segment: Segment, basis: _Basis) -> tuple[int, ...]:
        """One look at all processes, remembered until the row moves."""
        if basis.row not in self._scanned:
            wanted = {segment.identity: segment}
            found = scan(wanted, (segment.lpid, segment.cpid), exclude=(os.getpid(),))
            who = found.holders.get(segment.identity, ())
            self._scanned = {basis.row: tuple(holder.pid for holder in who)}
        return self._scanned[basis.row]


class _Patience:
    """When to look again at content that another hand touched and left.

    Two monitors that look at one segment are that other hand to each other. As long as looking
    again shows nothing new, each waits twice as long as before.
    """

    def __init__(self) -> None:
        self.until = 0.0
        """Unix seconds."""
        self._wait_s = 0.0
        self._last: Window | None = None

    def saw(self, window: Window, again: bool, now: float) -> None:
        """`again`: it was looked at because another hand had moved the row."""
        if again and window == self._last:
            self._wait_s = min(max(1.0, 2 * self._wait_s), MAX_PATIENCE_S)
            self.until = now + self._wait_s
        elif again:
            self._wait_s = self.until = 0.0
        self._last = window
