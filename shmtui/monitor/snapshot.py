"""All segments at one moment, and the poller that takes snapshots."""

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, NamedTuple

from shmtui.monitor import ids
from shmtui.monitor.attachments import marks
from shmtui.monitor.facts import Difference, Facts, Ledger, Rows
from shmtui.monitor.holding import Holding
from shmtui.sysv.holders import Holder, Scan
from shmtui.sysv.inside import Inside, here
from shmtui.sysv.limits import Limits, read_limits
from shmtui.sysv.listing import Listing, Table
from shmtui.sysv.processes import ProcessTable
from shmtui.sysv.segment import Identity, Segment

if TYPE_CHECKING:  # `shmtui list` attaches nothing, and starts faster without ctypes
    from shmtui.sysv.evidence import Evidence


class Snapshot(NamedTuple):
    """One poll. Nothing in it is changed afterwards."""

    number: int
    """Counts from 1."""
    time: float
    """Unix seconds, before the table was read."""
    namespace: int
    """Inode of the IPC namespace."""
    facts: dict[Identity, Facts]
    """In the table's order."""
    limits: Limits
    holders: Scan | None
    """The last finished scan; None before the first. It may be older than the facts."""
    caveat: str = ""
    """What cannot be known without the table, in words; empty where it was read."""
    garbage: tuple[str, ...] = ()
    """Rows that could not be understood, in words."""
    newest: int = -1
    """The shmid given out last, of those ever seen in this namespace; -1: none yet."""

    @property
    def held(self) -> dict[Identity, tuple[Holder, ...]]:
        """Who maps each segment, by the last finished scan; empty before the first."""
        return self.holders.holders if self.holders else {}


class Poller:
    """Polls one IPC namespace. `poll` is for one thread; `scan_holders` may run in another.

    `evidence`: of the attaches of this program; None where it makes none. `inside`: the namespace.
    """

    def __init__(
        self,
        evidence: "Evidence | None" = None,
        table: Table | None = None,
        clock: Callable[[], float] = time.time,
        inside: Inside = here,
    ) -> None:
        self._attaching: AbstractContextManager[object] = (
            evidence.lock if evidence else nullcontext()
        )
        self._original = evidence.original if evidence else _as_it_is
        self._table = table or Table()
        self._clock = clock
        self._inside = inside
        self._processes = ProcessTable()
        self._ledger = Ledger(self._processes)
        self._holding = Holding()
        self._last: Snapshot | None = None

    def poll(self) -> Snapshot:
        """Everything as of now, nothing attached. Raises ShmError; the next poll may succeed."""
        now = self._clock()
        (listing, difference, originals), limits = self._inside(self._read_all)
        self._processes.refresh()
        moved = _attached_or_detached(self._ledger.facts, originals)
        self._ledger.update(difference, originals)
        self._last = self._snapshot(now, listing, limits, difference)
        # After the snapshot stands: a scan that takes these segments up finds their rows in it.
        self._holding.note(moved, difference.gone, now)
        return self._last

    def scan_holders(self) -> bool:
        """Looks who maps what was attached or detached since; True if there was anything.

        The next snapshot has the result. Cheap where nothing was, so call it at every tick: what
        happens in the second of a poll shows only as a second look. Raises ShmError.
        """
        last = self._last
        if last is None:
            return False
        facts = last.facts
        return self._holding.scan(lambda it: facts[it].evidence if it in facts else None)

    def _read_all(self) -> tuple[tuple[Listing, Difference, Rows], Limits]:
        """What only its own namespace tells. A look at processes, which may hang, has no place
        here: the namespace would be kept meanwhile."""
        return self._read(), read_limits()

    def _read(self) -> tuple[Listing, Difference, Rows]:
        """The table, what is fresh in it, and the fresh rows without our own attaches."""
        with self._attaching:
            listing = self._table.read()
            difference = self._ledger.difference(listing.segments)
            originals = {row.identity: self._original(row) for row in difference.fresh}
        return listing, difference, originals

    def _snapshot(
        self, now: float, listing: Listing, limits: Limits, difference: Difference
    ) -> Snapshot:
        last = self._last
        same = last is not None and last.namespace == listing.namespace
        return Snapshot(
            number=last.number + 1 if last else 1,
            time=now,
            namespace=listing.namespace,
            facts=self._ledger.facts,
            limits=limits,
            holders=self._holding.last,
            caveat=listing.caveat,
            garbage=listing.garbage,
            newest=ids.newest(
                (row.identity.shmid for row in difference.fresh),
                last.newest if last and same else -1,
            ),
        )


def mapped_by(facts: Facts, held: Mapping[Identity, tuple[Holder, ...]]) -> tuple[Holder, ...]:
    """Its holders by a scan, which may be older than the row: without an attach there are none."""
    return held.get(facts.segment.identity, ()) if facts.segment.nattch else ()


def _as_it_is(row: Segment) -> Segment:
    return row


def _attached_or_detached(old: dict[Identity, Facts], originals: Rows) -> list[Segment]:
    """The fresh rows that somebody else attached or detached since the last poll."""
    return [
        row
        for identity, row in originals.items()
        if (row.nattch if identity not in old else marks(row) != marks(old[identity].evidence))
    ]
