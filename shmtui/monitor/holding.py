"""Who maps the segments, kept from scan to scan: only what was attached or detached is scanned."""

import os
import time
from collections.abc import Callable, Iterable, Mapping

from shmtui.monitor.attachments import Attachments
from shmtui.sysv.errors import ShmError
from shmtui.sysv.holders import Holder, Scan, scan
from shmtui.sysv.patience import stuck
from shmtui.sysv.segment import Identity, Segment


class Holding:
    """The last finished scan. `note` is for the polls' thread, `scan` for another.

    `look`: sysv.holders.scan, or what stands for it.
    """

    def __init__(self, look: Callable[..., Scan] = scan) -> None:
        self._look_for = look
        self._attachments = Attachments()
        self._obscured: set[Identity] = set()
        """Not explained while a process hung who looked: it may be the one that holds them."""
        self.last: Scan | None = None

    def note(self, moved: Iterable[Segment], gone: Iterable[Identity], polled: float) -> None:
        """As Attachments.note. The rows of this poll are those that the next scan must get."""
        self._attachments.note(moved, gone, polled)

    def scan(self, rows: Callable[[Identity], Segment | None]) -> bool:
        """Looks who maps what was attached or detached, if anything was. Raises ShmError.

        `rows` gives the row of a segment as of the last poll, None where it went.
        """
        self._attachments.again(self._no_more_obscured())
        dirty = self._attachments.take()
        if not dirty:
            return False
        known = {identity: row for identity in dirty if (row := rows(identity)) and row.nattch}
        try:
            found = self._look(known)
        except ShmError:
            self._attachments.again(dirty)
            raise
        unexplained = _unexplained(known, found)
        if not found.complete:
            self._attachments.again(unexplained)
        self._obscured = self._obscured - dirty | set(unexplained if found.stuck else ())
        self.last = self._merged(dirty, known, found)
        return True

    def _no_more_obscured(self) -> set[Identity]:
        """What to look at again since a process that hung has gone on."""
        if self.last is None or set(self.last.stuck) <= set(stuck()):
            return set()
        return self._obscured

    def _look(self, wanted: Mapping[Identity, Segment]) -> Scan:
        if not wanted:
            return Scan({}, 0, time.time(), True, stuck())
        return self._look_for(wanted, self._holders(), exclude=(os.getpid(),))

    def _merged(
        self, dirty: set[Identity], wanted: Mapping[Identity, Segment], found: Scan
    ) -> Scan:
        """Holders found before stay for what was not attached or detached since. Those that are
        as they were are the very same, so that who compares them has nothing to do."""
        before = self._holders()
        kept = {identity: who for identity, who in before.items() if identity not in dirty}
        for identity, who in found.holders.items():
            old = before.get(identity, who)
            kept[identity] = old if old == who else who
        unreadable = found.unreadable
        if self.last is not None and not _unexplained(wanted, found):
            # Everything was found before all processes were looked at: this count says nothing.
            unreadable = self.last.unreadable
        return found._replace(holders=kept, unreadable=unreadable)

    def _holders(self) -> dict[Identity, tuple[Holder, ...]]:
        return {} if self.last is None else self.last.holders


def _unexplained(wanted: Mapping[Identity, Segment], found: Scan) -> list[Identity]:
    """Segments with more attaches than the mappings that were found."""
    return [
        identity
        for identity, row in wanted.items()
        if sum(len(who.mappings) for who in found.holders.get(identity, ())) < row.nattch
    ]
