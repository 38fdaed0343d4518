"""The list as a tree: what it shows, under the owners or under the processes that map it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from shmtui.present.row import Row
from shmtui.present.table import EVERYTHING, Repaint, TableModel
from shmtui.present.totals import Tally, Totals
from shmtui.present.words import visible
from shmtui.sysv.segment import Identity

By = Literal["owner", "holder"]

Who = str | int
"""An owner's name, raw; a process's pid, NOBODY or UNSEEN."""

NOBODY = -1
"""Stands for a pid: nothing is attached."""
UNSEEN = -2
"""Stands for a pid: something is attached, by processes that we may not see, or did not yet."""

_NAMES: dict[Who, str] = {NOBODY: "no process", UNSEEN: "not visible"}
_SUMMED = ("size", "rss")
"""Sorts that put the groups in the order of their sums; others in that of their first members."""


class Group(NamedTuple):
    """The segments of one owner, or of one process."""

    who: Who
    name: str
    """`postgres`, `1234 postgres`, `no process`. Safe to print."""
    members: tuple[Identity, ...]
    """In the list's order."""
    totals: Totals
    """Without those that are gone. A segment counts under each of its holders."""


class Line(NamedTuple):
    """One line of the tree. A segment with several holders has several."""

    who: Who
    member: Identity | None
    """None: the group itself."""


def grouped(
    rows: Iterable[tuple[Identity, Row]], by: By, gone: Container[Identity] = ()
) -> dict[Who, Group]:
    """The groups by `who`, in the order of their first members. `gone`: counts no more."""
    names: dict[Who, str] = {}
    members: dict[Who, list[Identity]] = {}
    tallies: dict[Who, Tally] = {}
    for identity, row in rows:
        for who, name in _owner(row) if by == "owner" else _holders(row):
            if who not in names:
                names[who] = name
                members[who] = []
                tallies[who] = Tally()
            members[who].append(identity)
            if identity not in gone:
                tallies[who].add(row.facts)
    return {
        who: Group(who, _NAMES.get(who) or visible(name), tuple(members[who]), tally.totals())
        for (who, name), tally in zip(names.items(), tallies.values(), strict=True)
    }


def sorted_by_sum(groups: dict[Who, Group], column: str, reverse: bool) -> dict[Who, Group]:
    """In the order of their sums where the list is sorted by what they sum; unknown sums last."""
    if column not in _SUMMED:
        return groups

    def key(group: Group) -> tuple[bool, int]:
        total = group.totals.size_bytes if column == "size" else group.totals.rss_bytes
        return ((total is None) is not reverse, total or 0)

    return {one.who: one for one in sorted(groups.values(), key=key, reverse=reverse)}


def _owner(row: Row) -> Sequence[tuple[Who, str]]:
    return ((row.facts.owner, row.facts.owner),)


def _holders(row: Row) -> Sequence[tuple[Who, str]]:
    if not row.facts.segment.nattch:
        return ((NOBODY, ""),)
    return [(one.pid, f"{one.pid} {one.command}") for one in row.holders] or ((UNSEEN, ""),)


def _told(row: Row) -> tuple[object, ...]:
    """What groups depend on, of a segment: its size stays as it is."""
    facts = row.facts
    return _owner(row), _holders(row), facts.segment.rss, facts.segment.swap, facts.verdict.word


class TreeModel:
    """The groups, which of them are folded, and a cursor of its own. Not thread-safe.

    It moves the cursor of the list too, to its own segment; on a group that has none, so that no
    command acts on a segment that the eye is not on.
    """

    def __init__(self, table: TableModel, by: By | None = None) -> None:
        """`by` None: there are no groups, and the list keeps its cursor."""
        self.table = table
        self.by = by
        self.groups: dict[Who, Group] = {}
        self.lines: list[Line] = []
        self.at = 0
        """The cursor's line."""
        self._folded: set[Who] = set()
        self._rows: dict[Identity, Row] = {}
        self._gone: set[Identity] = set()
        """What was grouped."""
        if by is not None:
            self._regroup(by)
            self._put(self._line_of(table.cursor) or 0)

    @property
    def cursor(self) -> Line | None:
        """None: there is no line."""
        return self.lines[self.at] if self.lines else None

    def is_folded(self, who: Who) -> bool:
        return who in self._folded

    # What changes

    def apply(self, repaint: Repaint) -> Repaint:
        """Takes over what a poll changed in the list; only what a group tells has it grouped."""
        before = self.lines
        if repaint.all or any(map(self._tells_other, repaint.rows)):
            self.regroup()
        else:
            self._put(self.at)
        return repaint if self.lines == before else EVERYTHING

    def regroup(self) -> None:
        """Groups again what the list shows; the cursor stays on its thing, or near its place."""
        if self.by is None:
            return
        cursor, before, was_at = self.cursor, self.lines, self.at
        self._regroup(self.by)
        self._put(0 if cursor is None else self._place(cursor, before, was_at))

    def leave(self) -> None:
        """Leaves the list's cursor on a segment: of a group on its first."""
        cursor = self.cursor
        if cursor is not None and cursor.member is None:
            self.table.cursor = self.groups[cursor.who].members[0]

    def move_to(self, at: int) -> None:
        """Puts the cursor on this line, or the nearest one that exists."""
        self._put(at)

    def reveal(self, identity: Identity) -> int | None:
        """A line of this segment, whose group is unfolded if need be; None: it is not shown."""
        line = self._line_of(identity)
        if line is not None and self.lines[line].member is None:
            self._fold(self._folded - {self.lines[line].who})
            line = self._line_of(identity)
        return line

    # Folding

    def fold(self) -> None:
        """Folds the group of the cursor; where it is folded, all of them."""
        if self.cursor is not None:
            folded = self.cursor.who in self._folded
            self._fold(set(self.groups) if folded else self._folded | {self.cursor.who})

    def unfold(self) -> None:
        """Unfolds the group under the cursor; where it is unfolded, all of them."""
        if self.cursor is not None and self.cursor.member is None:
            folded = self.cursor.who in self._folded
            self._fold(self._folded - {self.cursor.who} if folded else set())

    def turn(self) -> bool:
        """Folds or unfolds the group under the cursor; False: a segment is under it."""
        cursor = self.cursor
        if cursor is None or cursor.member is not None:
            return False
        self._fold(self._folded ^ {cursor.who})
        return True

    def _fold(self, folded: set[Who]) -> None:
        cursor = self.cursor
        self._folded = folded
        self.lines = list(self._lines())
        if cursor is not None:
            hidden = cursor.who in folded
            self._put(self.lines.index(Line(cursor.who, None) if hidden else cursor))

    # Tags

    def tag(self) -> None:
        """Tags the segment, or all of the group where one is not tagged; moves on behind it."""
        cursor = self.cursor
        if cursor is None:
            return
        if cursor.member is not None:
            self.table.tags ^= {cursor.member}
            self._put(self.at + 1)
            return
        members = self.groups[cursor.who].members
        if self.table.tags.issuperset(members):
            self.table.tags -= set(members)
        else:
            self.table.tags |= set(members)
        behind = self.at + 1 + (0 if cursor.who in self._folded else len(members))
        self._put(behind if behind < len(self.lines) else self.at)

    # How

    def _regroup(self, by: By) -> None:
        table = self.table
        self._gone = {one for one, mark in table.marks.items() if mark == "gone"}
        self._rows = {one: table.row(one) for one in table.shown}
        groups = grouped(self._rows.items(), by, self._gone)
        self.groups = sorted_by_sum(groups, table.sort_column, table.reverse)
        self.lines = list(self._lines())

    def _tells_other(self, identity: Identity) -> bool:
        """Whether a segment belongs to other groups now, or adds another share to their sums."""
        was = self._rows.get(identity)
        if was is None:
            return False
        if (self.table.marks.get(identity) == "gone") is not (identity in self._gone):
            return True
        return _told(was) != _told(self.table.row(identity))

    def _lines(self) -> Iterator[Line]:
        for who, group in self.groups.items():
            yield Line(who, None)
            if who not in self._folded:
                for member in group.members:
                    yield Line(who, member)

    def _put(self, at: int) -> None:
        self.at = max(0, min(at, len(self.lines) - 1))
        self.table.cursor = self.cursor.member if self.cursor else None

    def _place(self, wanted: Line, before: Sequence[Line], was_at: int) -> int:
        """Where a line stands now; else its segment, under another group; else who was next."""
        if was_at < len(self.lines) and self.lines[was_at] == wanted:
            return was_at
        places = {line: at for at, line in enumerate(self.lines)}
        if wanted in places:
            return places[wanted]
        elsewhere = self._line_of(wanted.member)
        if elsewhere is not None:
            return elsewhere
        near = (*before[was_at + 1 :], *reversed(before[:was_at]))
        return next((places[line] for line in near if line in places), 0)

    def _line_of(self, identity: Identity | None) -> int | None:
        """The first line of a segment; of its group where that is folded; None: not shown."""
        if identity is None:
            return None
        for at, line in enumerate(self.lines):
            folded = line.member is None and line.who in self._folded
            if line.member == identity or (folded and identity in self.groups[line.who].members):
                return at
        return None
