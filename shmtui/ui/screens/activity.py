"""The activity log: what the program changed, or tried to, the newest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from shmtui.acts.log import Activity
from shmtui.present.words import moment, visible
from shmtui.sysv.arguments import many
from shmtui.ui.screens.over import LookingScreen, ScreenTable
from shmtui.ui.table_view import TableColumn, TableRow

EMPTY = "Nothing was changed yet. Writing, removing and permissions leave a line here."

COLUMNS = (
    TableColumn("WHEN", goes=2),
    TableColumn("WHAT", most=12),
    TableColumn("SEGMENT", goes=1, most=28),
    TableColumn("USER", goes=3, most=10),
    TableColumn("PID", "right", goes=4),
    TableColumn("RESULT", most=12),
)


class ActivityScreen(LookingScreen[Sequence[Activity]]):
    """The file is read again every two seconds: another shmtui may write to it too."""

    heading = "Activity"

    def __init__(self, read: Callable[[], Sequence[Activity]]) -> None:
        """`read`: the last acts, the oldest first; for any thread. May raise StoreError."""
        self._table = ScreenTable(*COLUMNS)
        super().__init__(self._table)
        self._read = read

    def look(self) -> Sequence[Activity]:
        return self._read()

    def show(self, found: Sequence[Activity]) -> None:
        self.head(self.heading, many(len(found), "act"), "newest first" if found else "")
        self._table.fill(list(_rows(found))[::-1])
        self._table.say("" if found else EMPTY)


def _rows(acts: Sequence[Activity]) -> Iterator[TableRow]:
    """Acts may be alike: what tells those apart is how many of them came before."""
    seen: Counter[Activity] = Counter()
    for act in acts:
        segment = act.segment.removeprefix("segment ")  # the heading says it
        words = (_when(act.when), act.what, segment, act.user, str(act.pid), act.result)
        yield TableRow((act, seen[act]), tuple(map(visible, words)))
        seen[act] += 1


def _when(iso: str) -> str:
    """Local date and time; what is no time as it stands: the file is a person's to edit."""
    try:
        return moment(datetime.fromisoformat(iso).timestamp())
    except (ValueError, OverflowError, OSError):
        return iso
