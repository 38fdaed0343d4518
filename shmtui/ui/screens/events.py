"""The events screen: what happened to the segments since the program started, the newest last."""

from __future__ import annotations

from shmtui.monitor.event import Event
from shmtui.monitor.history import History
from shmtui.present.eventing import HEADINGS, TONES, event_cells
from shmtui.sysv.arguments import many
from shmtui.ui.screens.over import OverScreen, ScreenTable
from shmtui.ui.table_view import TableColumn, TableRow

LOOK_AGAIN_S = 0.5

EMPTY = "Nothing happened yet since the start. What comes, changes and goes appears here."

COLUMNS = tuple(
    TableColumn(title, "right" if title in ("ID", "PID") else "left", goes, most)
    for title, goes, most in zip(
        HEADINGS, (0, 0, 3, 0, 4, 2, 0), (8, 13, 10, 10, 7, 15, 12), strict=True
    )
)


class EventsTable(ScreenTable):
    """Close columns: at 80 the words of the last one have room."""

    GAP = 1


class EventsScreen(OverScreen):
    """Live while the cursor is on the last row; elsewhere the rows stay where they are."""

    heading = "Events"

    def __init__(self, history: History) -> None:
        self._table = EventsTable(*COLUMNS)
        super().__init__(self._table)
        self._history = history
        self._rows: list[TableRow] = []
        self._known = -1
        """How many events there ever were at the last look."""

    def on_mount(self) -> None:
        self.look()
        self.set_interval(LOOK_AGAIN_S, self.look)

    def look(self) -> None:
        """Show what happened since the last look."""
        known = self._history.forgotten + len(self._history.events)
        if known != self._known:
            follow = self._table.is_at_end
            self._take(known)
            if follow:
                self._table.action_to_end()
        self._describe()

    def _take(self, known: int) -> None:
        """Words are made only of what is new. A row stands for the number of its event."""
        events, first = self._history.events, self._history.forgotten
        fresh = min(known - max(self._known, 0), len(events))
        rows = [
            TableRow(first + at, event_cells(events[at]), _look(events[at]))
            for at in range(len(events) - fresh, len(events))
        ]
        self._rows = [*self._rows, *rows][-len(events) :] if events else []
        self._known = known
        self._table.fill(self._rows)
        self._table.say("" if self._rows else EMPTY)

    def _describe(self) -> None:
        self.head(self.heading, many(self._known, "event"), self._forgotten(), self._mode())

    def _forgotten(self) -> str:
        count = self._history.forgotten
        return f"the first {count} forgotten" if count else ""

    def _mode(self) -> str:
        return "live" if self._table.is_at_end else "held: G goes to the newest"


def _look(event: Event) -> str:
    tone = TONES[event.kind]
    return "" if tone == "plain" else tone
