"""Which tap reads a segment, through whichever processes map it."""

import os
from collections.abc import Sequence

from shmtui.sysv.content import Choice, Consent, choose
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.holders import scan
from shmtui.sysv.segment import Segment


class Chooser:
    """Chooses among the holders known; looks for others where it must. Not thread-safe."""

    def __init__(self, evidence: Evidence, read_only: bool) -> None:
        self._evidence = evidence
        self._read_only = read_only
        self._scanned: dict[Segment, tuple[int, ...]] = {}

    def row(self, segment: Segment) -> Segment:
        """The segment as another hand left it: with what our own attaches overwrote put back, and
        without rss and swap, which say nothing of who attached."""
        return self._evidence.original(segment)._replace(rss=None, swap=None)

    def choose(self, segment: Segment, pids: Sequence[int], consent: Consent) -> Choice:
        """Through the holders known; if that leaves a trace or a doubt, through all there are.

        `pids` map it, as far as is known. Raises Gone, ShmError.
        """
        likely = (*pids, segment.lpid, segment.cpid)
        choice = self._through(segment, likely, Consent.TRACELESS)
        if choice.tap is not None and (choice.tap.name == "peek" or pids):
            return choice
        everybody = self._all_holders(segment) if segment.nattch else ()
        return self._through(segment, (*everybody, *likely), consent)

    def forget(self) -> None:
        """Who maps it is not what it was."""
        self._scanned.clear()

    def _through(self, segment: Segment, pids: Sequence[int], consent: Consent) -> Choice:
        return choose(segment, pids, consent, self._evidence, self._read_only)

    def _all_holders(self, segment: Segment) -> tuple[int, ...]:
        """One look at all processes, remembered until the row moves."""
        row = self.row(segment)
        if row not in self._scanned:
            wanted = {segment.identity: segment}
            found = scan(wanted, exclude=(os.getpid(),))
            who = found.holders.get(segment.identity, ())
            self._scanned = {row: tuple(holder.pid for holder in who)}
        return self._scanned[row]
