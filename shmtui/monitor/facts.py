"""What is known of each segment, kept from poll to poll: only what moved is judged again."""

from typing import NamedTuple

from shmtui.monitor.diagnosis import Judge, Verdict
from shmtui.monitor.people import People
from shmtui.sysv.processes import Process, ProcessTable
from shmtui.sysv.segment import Identity, Segment
from shmtui.sysv.users import group_name, user_name

Rows = dict[Identity, Segment]


class Facts(NamedTuple):
    """What is known of one segment at a poll. The very same object while nothing changed."""

    segment: Segment
    """As the table shows it."""
    evidence: Segment
    """With the lpid, atime and dtime that our own attaches overwrote; mostly the same object."""
    verdict: Verdict
    creator: Process | None
    """Alive, and surely the one that the row means, not one that got its pid later; else None."""
    last: Process | None
    """The last operator, likewise."""
    owner: str
    group: str
    creator_user: str
    creator_group: str
    creator_alive: bool | None
    """None: it cannot be told, since the pid is hidden, outside, or perhaps reused."""
    last_alive: bool | None
    """Likewise; also None where nobody ever attached."""


class Difference(NamedTuple):
    """What a reading of the table brought against the facts known."""

    rows: Rows
    """All of them."""
    fresh: list[Segment]
    """New ones, and those whose line changed."""
    gone: set[Identity]
    same_places: bool
    """Nothing came or went."""


class Ledger:
    """The facts of all segments. Not thread-safe."""

    def __init__(self, processes: ProcessTable) -> None:
        self._processes = processes
        self._people = People(processes)
        self._rows: Rows = {}
        self.facts: dict[Identity, Facts] = {}
        """In the table's order; never changed once it stands here."""

    def difference(self, rows: Rows) -> Difference:
        """What the rows of a new reading changed. Unchanged rows must be the same objects."""
        old = self._rows
        if len(old) == len(rows):  # mostly nothing came or went: a comparison each, no look-up
            pairs = zip(rows.values(), old.values(), strict=True)
            unlike = [(row, before) for row, before in pairs if row is not before]
            if all(row.identity == before.identity for row, before in unlike):
                return Difference(rows, [row for row, _ in unlike], set(), True)
        fresh = [row for identity, row in rows.items() if old.get(identity) is not row]
        return Difference(rows, fresh, set(old).difference(rows), False)

    def update(self, difference: Difference, originals: Rows) -> None:
        """Takes the rows over. `originals`: each fresh row without our own attaches.

        The process table must have been refreshed after the rows were read: then a process that
        made a segment just before is seen.
        """
        old = self.facts
        self._note_people(difference, originals)
        self._people.load()
        judge = Judge(self._processes)
        made = {it: _facts_of(difference.rows[it], row, judge) for it, row in originals.items()}
        for it in self._people.moved() - made.keys():
            facts = _facts_of(old[it].segment, old[it].evidence, judge)
            if facts != old[it]:
                made[it] = facts
        if not difference.same_places:
            self.facts = {it: made.get(it) or old[it] for it in difference.rows}
        elif made:
            self.facts = old | made
        self._rows = difference.rows

    def _note_people(self, difference: Difference, originals: Rows) -> None:
        for identity, row in originals.items():
            before = self.facts.get(identity)
            if before is None:
                self._people.add(row)
            elif before.evidence.lpid != row.lpid:
                self._people.remove(before.evidence)
                self._people.add(row)
        for identity in difference.gone:
            self._people.remove(self.facts[identity].evidence)


def _facts_of(row: Segment, evidence: Segment, judge: Judge) -> Facts:
    creator = judge.creator(evidence)
    last = judge.last_operator(evidence)
    return Facts(
        row,
        evidence,
        judge.verdict(evidence, creator, last),
        creator.itself,
        last.itself,
        user_name(row.uid),
        group_name(row.gid),
        user_name(row.identity.cuid),
        group_name(row.cgid),
        creator.alive,
        last.alive,
    )
