"""The segments of another IPC namespace, or those of all of them in one list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from shmtui.monitor.snapshot import Poller
from shmtui.present.columns import COLUMNS, DEFAULT
from shmtui.present.row import Row, rows
from shmtui.present.words import visible
from shmtui.sysv.arguments import many, size_words
from shmtui.sysv.errors import NotThere, ShmError
from shmtui.sysv.listing import namespace
from shmtui.sysv.namespaces import Namespace, NamespaceTable, other_namespaces
from shmtui.ui.screens.over import LookingScreen, ScreenTable
from shmtui.ui.table_view import TableColumn, TableRow

HERE = "(this one)"
EMPTY = "No segments there."

_SHOWN = [COLUMNS[name] for name in DEFAULT]
_GOES = {"permissions": 6, "rss": 5, "owner": 4, "key": 3, "nattch": 2, "size": 1}
"""What gives way first, as in the list; the command is the last column, and keeps the rest."""


class Found(NamedTuple):
    """One look at some namespaces."""

    rows: Sequence[tuple[str, Row]]
    """With the name of the namespace, raw; the largest first."""
    refusals: tuple[str, ...] = ()
    """Why some could not be looked into, in words."""


class ElsewhereScreen(LookingScreen[Found]):
    """Polled every two seconds. Each poll enters the namespace anew and leaves it: one that ends
    takes its memory with it.
    """

    def __init__(
        self,
        where: Namespace | None,
        others: Callable[[], Sequence[Namespace]] = other_namespaces,
    ) -> None:
        """None: all namespaces; then `others` tells which there are, off the screen's thread."""
        name = [TableColumn("NAMESPACE", most=20)] if where is None else []
        shown = [
            TableColumn(one.title, one.align, _GOES.get(one.name, 0), one.width) for one in _SHOWN
        ]
        self._table = ScreenTable(*name, *shown)
        super().__init__(self._table)
        self.heading = visible(where.name) if where else "all namespaces"
        self._where = where
        self._others = others
        self._pollers: dict[int, Poller] = {}

    def look(self) -> Found:
        if self._where is not None:
            return Found(_sorted(self._rows_of(self._where)))
        found, refusals = [*self._rows_here()], []
        others = self._others()
        for where in others:
            try:
                found += self._rows_of(where)
            except NotThere:
                continue  # it has ended since it was listed
            except ShmError as error:
                refusals.append(str(error))
        self._forget({where.inode for where in others} | {namespace()})
        return Found(_sorted(found), tuple(refusals))

    def _rows_here(self) -> list[tuple[str, Row]]:
        poller = self._pollers.setdefault(namespace(), Poller())
        return [(HERE, row) for row in _poll(poller)]

    def _rows_of(self, where: Namespace) -> list[tuple[str, Row]]:
        poller = self._pollers.get(where.inode) or Poller(table=NamespaceTable(where))
        self._pollers[where.inode] = poller
        return [(where.name, row) for row in _poll(poller)]

    def _forget(self, there: set[int]) -> None:
        """What was remembered of namespaces that have ended."""
        self._pollers = {inode: one for inode, one in self._pollers.items() if inode in there}

    def show(self, found: Found) -> None:
        size = sum(row.facts.segment.size for _, row in found.rows)
        inode = f"ipc:{self._where.inode}" if self._where else ""
        # The name last: the title is cut where it is too long.
        self.head(many(len(found.rows), "segment"), size_words(size), inode, self.heading)
        self._table.fill([self._row(name, row) for name, row in found.rows])
        self._table.say("" if found.rows else EMPTY)
        self.hold(_refusal_words(found.refusals))

    def _row(self, name: str, row: Row) -> TableRow:
        words = tuple(column.text(row) for column in _SHOWN)
        named = (visible(name), *words) if self._where is None else words
        look = {"orphan": "warning", "doomed": "alarm"}.get(row.state, "")
        return TableRow(row.facts.segment.identity, named, look)


def _poll(poller: Poller) -> list[Row]:
    snapshot = poller.poll()
    if poller.scan_holders():
        snapshot = poller.poll()
    return rows(snapshot)


def _sorted(found: Iterable[tuple[str, Row]]) -> list[tuple[str, Row]]:
    return sorted(found, key=lambda it: -it[1].facts.segment.size)


def _refusal_words(refusals: Sequence[str]) -> str:
    more = f" ({len(refusals) - 1} more)" if len(refusals) > 1 else ""
    return f"{refusals[0]}{more}" if refusals else ""
