"""The segments of all IPC namespaces of the machine in one list, with a column that says where."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.binding import BindingType

from shmtui.monitor.snapshot import Poller
from shmtui.present.columns import COLUMNS, DEFAULT
from shmtui.present.row import Row, rows
from shmtui.present.words import visible
from shmtui.sysv.arguments import many, size_words
from shmtui.sysv.errors import NotThere, ShmError
from shmtui.sysv.inside import Inside, here
from shmtui.sysv.listing import own_namespace
from shmtui.sysv.namespaces import Namespace, Others, inside, other_namespaces
from shmtui.sysv.segment import Identity
from shmtui.ui.commands import Context, bindings
from shmtui.ui.screens.over import LookingScreen, ScreenTable
from shmtui.ui.table_view import TableColumn, TableRow, TableView

if TYPE_CHECKING:
    from shmtui.ui.screens.namespaces import Enter

HERE = "(this one)"
EMPTY = "No segments in any of them."

_SHOWN = [COLUMNS[name] for name in DEFAULT]
_GOES = {"permissions": 6, "rss": 5, "owner": 4, "key": 3, "nattch": 2, "size": 1}
"""What gives way first, as in the list; the command is the last column, and keeps the rest."""
_COLUMNS = (
    TableColumn("NAMESPACE", most=20),
    *(TableColumn(one.title, one.align, _GOES.get(one.name, 0), one.width) for one in _SHOWN),
)


class Found(NamedTuple):
    """One look at all namespaces."""

    rows: Sequence[Row]
    """The largest first."""
    others: Mapping[int, Namespace]
    """By inode; a segment of none of them is in ours."""
    refusals: tuple[str, ...]
    """Why some could not be looked into, in words."""
    hidden: int
    """Processes that may be in further ones."""


class AllSegmentsScreen(LookingScreen[Found]):
    """Each look enters the namespaces anew and leaves them; Enter goes to a segment in its own."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings("all segments"))
    heading = "all namespaces"
    keys: tuple[Context, ...] = ("all segments",)

    def __init__(self, enter: Enter, others: Callable[[], Others] = other_namespaces) -> None:
        """`others` tells which there are, off the screen's thread."""
        self._table = ScreenTable(*_COLUMNS)
        super().__init__(self._table)
        self._enter = enter
        self._others = others
        self._pollers: dict[int, Poller] = {}
        """By the namespace's inode."""
        self._known: dict[int, Namespace] = {}
        """The others, of the look on view."""

    def look(self) -> Found:
        seen = self._others()
        others = {where.inode: where for where in seen.namespaces}
        wheres: dict[int, Inside] = {own_namespace(): here} | {
            inode: inside(it) for inode, it in others.items()
        }
        self._pollers = {
            inode: self._pollers.get(inode) or Poller(inside=where)
            for inode, where in wheres.items()
        }
        found: list[Row] = []
        refusals: list[str] = []
        for poller in self._pollers.values():
            try:
                found += _poll(poller)
            except NotThere:
                continue  # it has ended since it was listed
            except ShmError as error:
                refusals.append(str(error))
        return Found(sorted(found, key=_by_size), others, tuple(refusals), seen.hidden)

    def show(self, found: Found) -> None:
        self._known = dict(found.others)
        size = sum(row.facts.segment.size for row in found.rows)
        self.head(many(len(found.rows), "segment"), size_words(size), self.heading)
        self._table.fill([self._row(row) for row in found.rows])
        self._table.say("" if found.rows else EMPTY)
        self.hold(_refusal_words(found.refusals) or hidden_words(found.hidden))

    @on(TableView.Chosen)
    def action_show_segment(self) -> None:
        """Read the segment under the cursor, in its namespace."""
        value = self._table.value
        if isinstance(value, Identity):
            self._enter(self._known.get(value.namespace), value.shmid)
        else:
            self._prompt.say("There is no segment to read.")

    def _row(self, row: Row) -> TableRow:
        identity = row.facts.segment.identity
        where = self._known.get(identity.namespace)
        name = visible(where.name) if where else HERE
        look = {"orphan": "warning", "doomed": "alarm"}.get(row.state, "")
        return TableRow(identity, (name, *(column.text(row) for column in _SHOWN)), look)


def hidden_words(hidden: int) -> str:
    """That there may be more, in words; empty: there are not."""
    if not hidden:
        return ""
    those = many(hidden, "process", "processes")
    help_ = " Run as root." if os.geteuid() else ""
    return f"The namespace of {those} cannot be told: that takes CAP_SYS_PTRACE.{help_}"


def _poll(poller: Poller) -> list[Row]:
    snapshot = poller.poll()
    if poller.scan_holders():
        snapshot = poller.poll()
    return rows(snapshot)


def _by_size(row: Row) -> int:
    return -row.facts.segment.size


def _refusal_words(refusals: Sequence[str]) -> str:
    more = f" ({len(refusals) - 1} more)" if len(refusals) > 1 else ""
    return f"{refusals[0]}{more}" if refusals else ""
