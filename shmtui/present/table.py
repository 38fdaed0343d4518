"""The list as a model: rows, their order, filter, cursor, tags and marks. It draws nothing."""

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from shmtui.monitor.changes import Changes
from shmtui.monitor.facts import Facts
from shmtui.monitor.snapshot import Snapshot, mapped_by
from shmtui.present.aging import Aging
from shmtui.present.columns import COLUMNS, Fitted
from shmtui.present.filter import Filter
from shmtui.present.index import SortedIndex, SortKey
from shmtui.present.row import Row
from shmtui.present.totals import Tally, Totals
from shmtui.present.words import cells
from shmtui.sysv.holders import Holder
from shmtui.sysv.segment import Identity

Mark = Literal["new", "changed", "gone"]


class Repaint(NamedTuple):
    """What is to be drawn again. Ages change with the time alone: compare `cells` for those."""

    rows: frozenset[Identity]
    """Rows whose facts or marks changed. Not lines: of thousands only those on view are wanted."""
    all: bool
    """Lines moved, came or went: every line may differ."""


EVERYTHING = Repaint(frozenset(), True)


class TableModel:
    """All rows, and those shown in their order. Not thread-safe.

    A gone row stays for one interval, marked, and then leaves; so do its tag and the cursor, which
    goes to the nearest neighbour.
    """

    def __init__(self, sort: str = "size", reverse: bool = True) -> None:
        self.cursor: Identity | None = None
        self.tags: set[Identity] = set()
        self.marks: dict[Identity, Mark] = {}
        """What the last poll brought; nothing is new at the first."""
        self.filter: Filter | None = None
        self.inverted = False
        self.now = 0.0
        """Unix seconds of the last snapshot."""
        self._index = SortedIndex(COLUMNS[sort], reverse)
        self._facts: dict[Identity, Facts] = {}
        self._gone: dict[Identity, Facts] = {}
        self._holders: dict[Identity, tuple[Holder, ...]] = {}
        self._creators: dict[Identity, str] = {}
        self._tally = Tally()
        self._aging: Aging | None = None
        self._started = False

    # What there is

    @property
    def shown(self) -> Sequence[Identity]:
        """The identities that match, in the order of the lines."""
        return self._index.shown

    @property
    def totals(self) -> Totals:
        """Of all segments, those that the filter hides too."""
        return self._tally.totals()

    @property
    def sort_column(self) -> str:
        return self._index.column.name

    @property
    def reverse(self) -> bool:
        return self._index.reverse

    def __contains__(self, identity: Identity) -> bool:
        return identity in self._facts or identity in self._gone

    def index(self, identity: Identity) -> int | None:
        """The line of an identity; None: it is not shown."""
        return self._index.line(identity)

    def row(self, identity: Identity) -> Row:
        """What is known of it, also where it is hidden or just gone. Raises KeyError."""
        return self._row(identity, self.now)

    def cells(self, identity: Identity, columns: Iterable[Fitted]) -> list[str]:
        """The row's words, each padded or cut to its column's width. Raises KeyError."""
        row = self.row(identity)
        words = _GONE if self.marks.get(identity) == "gone" else {}
        return [
            cells(words.get(column.name, column.text(row)), width, column.align)
            for column, width in columns
        ]

    # What changes

    def apply(self, snapshot: Snapshot, changes: Changes) -> Repaint:
        """Takes a poll's snapshot, and how it differs from the one applied before."""
        cursor_key = self._cursor_key()
        self.now = snapshot.time
        marked = set(self.marks)
        expired = self._forget_gone()
        self._take(snapshot, changes)
        touched = self._take_holders(snapshot) | {*changes.appeared, *changes.changed}
        self._mark(changes)
        moved = self._reorder(expired, touched | self._aged(changes))
        self._keep_cursor(cursor_key)
        if moved:
            return EVERYTHING
        return Repaint(frozenset({*touched, *marked, *self.marks}), False)

    def set_filter(self, wanted: Filter | None, inverted: bool = False) -> None:
        """Show what matches, or with `inverted` what does not. Everything is to be repainted."""
        self.filter, self.inverted = wanted, inverted
        self._aging = None
        if wanted is not None and wanted.ages:
            since = ((identity, self.row(identity).last_used) for identity in self._facts)
            self._aging = Aging(wanted.ages, since)
        self._rebuild(self.sort_column, self.reverse)

    def set_sort(self, column: str, reverse: bool) -> None:
        """Sort by a column's name. Raises KeyError. Everything is to be repainted."""
        self._rebuild(column, reverse)

    # How

    def _row(self, identity: Identity, now: float) -> Row:
        facts = self._facts.get(identity)
        if facts is None:
            facts = self._gone[identity]
        holders = mapped_by(facts, self._holders)
        return Row(facts, holders, now, self._creators.get(identity, ""))

    def _forget_gone(self) -> list[Identity]:
        expired = list(self._gone)
        self._gone = {}
        for identity in expired:
            self._creators.pop(identity, None)
            self.tags.discard(identity)
        return expired

    def _take(self, snapshot: Snapshot, changes: Changes) -> None:
        before, self._facts = self._facts, snapshot.facts
        for identity in changes.gone:
            self._gone[identity] = before[identity]
            self._tally.take_back(before[identity])
        for identity in changes.changed:
            self._tally.take_back(before[identity])
        for identity in (*changes.appeared, *changes.changed):
            facts = snapshot.facts[identity]
            self._tally.add(facts)
            if facts.creator is not None:
                self._creators[identity] = facts.creator.command

    def _take_holders(self, snapshot: Snapshot) -> set[Identity]:
        """The identities whose holders are others now."""
        before, now = self._holders, snapshot.held
        if now is before:
            return set()
        self._holders = now
        return {
            identity
            for identity in before.keys() | now.keys()
            if before.get(identity, ()) != now.get(identity, ()) and identity in self._facts
        }

    def _mark(self, changes: Changes) -> None:
        marks: dict[Identity, Mark] = {}
        if self._started:
            marks = dict.fromkeys(changes.appeared, "new")
        for identity in changes.changed:
            marks[identity] = "changed"
        for identity in changes.gone:
            marks[identity] = "gone"
        self.marks = marks
        self._started = True

    def _reorder(self, expired: Iterable[Identity], touched: Iterable[Identity]) -> bool:
        """Puts what changed where it belongs. True: lines moved."""
        hidden = list(expired)
        matching = []
        for identity in touched:
            if self._matches(identity):
                matching.append((identity, self._sort_row(identity)))
            else:
                hidden.append(identity)
        return self._index.update(hidden, matching)

    def _aged(self, changes: Changes) -> set[Identity]:
        """What the filter may let in or out because time has passed."""
        if self._aging is None:
            return set()
        for identity in (*changes.appeared, *changes.changed):
            self._aging.add(identity, self.row(identity).last_used)
        return {identity for identity in self._aging.due(self.now) if identity in self._facts}

    def _rebuild(self, column: str, reverse: bool) -> None:
        self._index = SortedIndex(COLUMNS[column], reverse)
        self._reorder((), [*self._facts, *self._gone])
        key = None
        if self.cursor is not None and self.cursor in self:
            key = self._index.key_for(self.cursor, self._sort_row(self.cursor))
        self._keep_cursor(key)

    def _matches(self, identity: Identity) -> bool:
        if self.filter is None:
            return True
        return self.filter.matches(self._row(identity, self.now)) is not self.inverted

    def _sort_row(self, identity: Identity) -> Row:
        """At time 0: ages stand in the same order at any time, and a key must not change by it."""
        return self._row(identity, 0.0)

    def _cursor_key(self) -> SortKey | None:
        return None if self.cursor is None else self._index.key(self.cursor)

    def _keep_cursor(self, key: SortKey | None) -> None:
        """On its own row; where that is not shown any more, on the one nearest to its place."""
        shown = self._index.shown
        if self.cursor is not None and self.cursor in self._index:
            return
        if not shown:
            self.cursor = None
            return
        line = 0 if key is None else self._index.place(key)
        self.cursor = shown[min(line, len(shown) - 1)]


_GONE = {"verdict": "gone", "command": ""}
"""What the cells of a segment say that is no more."""
