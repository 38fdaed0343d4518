"""The programs that segments belong to, remembered: only what moved is looked at again."""

import time
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from shmtui.monitor.clusters import Clusters
from shmtui.monitor.facts import Facts
from shmtui.monitor.recognition import Owner, recognise
from shmtui.monitor.snapshot import Snapshot, mapped_by
from shmtui.monitor.traceless import Traceless
from shmtui.sysv.holders import Holder
from shmtui.sysv.processes import ProcessTable
from shmtui.sysv.segment import Identity

_SETTLES_S = 3.0
"""A program writes what we know it by after it attached, and times are whole seconds."""
_MOST_PLACES = 64


class _Looked(NamedTuple):
    """A look at one segment, and what it was taken of."""

    facts: Facts
    holders: tuple[Holder, ...]
    owner: Owner | None
    turn: int
    """Of the looks, from 1."""
    since: float
    """Unix seconds of the first look at it as it is."""
    settled: bool
    """Nothing will be found in it that was not, unless it moves."""


class Owners:
    """Recognises all segments of snapshots. `look` is for one thread, and not that of the polls."""

    def __init__(self) -> None:
        self.known: Mapping[Identity, Owner] = {}
        """Those recognised, by the last look. Never changed: replaced."""
        self._looked: dict[Identity, _Looked] = {}
        self._processes = ProcessTable()
        self._places: dict[str, None] = {}
        self._turn = 0

    def look(self, snapshot: Snapshot, budget_s: float = 0.05) -> bool:
        """Looks at what moved since; True: `known` is not what it was.

        What `budget_s` does not suffice for waits for the next look, one segment is always looked
        at. Raises ShmError.
        """
        end = time.monotonic() + budget_s
        due = sorted(self._due(snapshot), key=self._urgency)
        if not due and len(self._looked) == len(snapshot.facts):
            return False
        self._turn += 1
        self._processes.refresh()
        clusters = Clusters(self._processes, self._places)
        for facts, holders in due:
            self._take(facts, holders, clusters, snapshot.time)
            if time.monotonic() > end:
                break
        self._looked = {it: self._looked[it] for it in snapshot.facts if it in self._looked}
        known = {it: looked.owner for it, looked in self._looked.items() if looked.owner}
        if known == self.known:
            return False
        self.known = known
        return True

    def _due(self, snapshot: Snapshot) -> Iterator[tuple[Facts, tuple[Holder, ...]]]:
        held = snapshot.held
        for identity, facts in snapshot.facts.items():
            holders = mapped_by(facts, held)
            looked = self._looked.get(identity)
            if looked is None or not looked.settled or _moved(looked, facts, holders):
                yield facts, holders

    def _urgency(self, due: tuple[Facts, tuple[Holder, ...]]) -> tuple[int, int]:
        """The longest not looked at first. Of these the smallest: one of 56 bytes guards a
        PostgreSQL, and must not wait for thousands of others."""
        identity = due[0].segment.identity
        looked = self._looked.get(identity)
        return looked.turn if looked else 0, identity.size

    def _take(
        self, facts: Facts, holders: tuple[Holder, ...], clusters: Clusters, now: float
    ) -> None:
        row = facts.evidence
        owner = recognise(row, holders, Traceless(row, holders), self._processes, clusters)
        before = self._looked.get(row.identity)
        since = now if before is None or _moved(before, facts, holders) else before.since
        settled = owner is not None or now > min(since, max(row.atime, row.ctime)) + _SETTLES_S
        self._looked[row.identity] = _Looked(facts, holders, owner, self._turn, since, settled)
        if owner and owner.place:
            self._remember(owner.place)

    def _remember(self, place: str) -> None:
        """A killed server's directory is found only by those who saw it before."""
        self._places.pop(place, None)
        self._places[place] = None
        if len(self._places) > _MOST_PLACES:
            del self._places[next(iter(self._places))]


def _moved(looked: _Looked, facts: Facts, holders: tuple[Holder, ...]) -> bool:
    """Anything that may lead to another owner, or to another state of it."""
    if looked.facts is facts and looked.holders is holders:
        return False
    return looked.holders != holders or _sign(looked.facts) != _sign(facts)


def _sign(facts: Facts) -> tuple[object, ...]:
    """Who attached and went again says nothing of whose it is."""
    row = facts.evidence
    return row.nattch, row.key, row.perms, facts.creator_alive
