"""The view of the processes that map a segment: who they are, where they map it, and how."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from shmtui.present import holding
from shmtui.present.holding import Held
from shmtui.present.words import visible
from shmtui.ui.commands import bindings
from shmtui.ui.messages import Say
from shmtui.ui.table_view import TableColumn, TableRow, TableView

COLUMNS = (
    TableColumn("PID", "right"),
    TableColumn("USER", most=12),
    TableColumn("STARTED", goes=2),
    TableColumn("RSS", "right", goes=1),
    TableColumn("ACCESS", goes=3),
    TableColumn("ADDRESSES", goes=4, most=28),
    TableColumn("COMMAND", most=12),
)


class HoldersTable(TableView):
    """A row a process."""

    GAP = 1
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("holders"))

    class ProcessChosen(Message):
        """All segments of this process are to be shown."""

        def __init__(self, pid: int) -> None:
            super().__init__()
            self.pid = pid

    def action_show_process(self) -> None:
        if isinstance(self.value, int):
            self.post_message(self.ProcessChosen(self.value))

    def action_copy_pid(self) -> None:
        if self.value is None:
            self.post_message(Say("There is no process to copy."))
            return
        self.app.copy_to_clipboard(str(self.value))
        self.post_message(Say(f"Copied: {self.value}"))

    def action_choose(self) -> None:
        self.action_show_process()


class HoldersView(Vertical):
    """What is known as of the last look at the processes; it looks at nothing itself."""

    DEFAULT_CSS = """
    HoldersView > Static {
        height: auto; min-height: 1; max-height: 3; padding: 0 1; color: $foreground 80%;
    }
    HoldersView > #whole { display: none; max-height: 4; }
    HoldersView.-whole > #whole { display: block; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._head = Static(markup=False)
        self._whole = Static(markup=False, id="whole")
        """What the row under the cursor has no room for."""
        self.table = HoldersTable(*COLUMNS)

    def compose(self) -> ComposeResult:
        yield self._head
        yield self.table
        yield self._whole

    @on(TableView.Moved)
    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _show_whole(self) -> None:
        cut = self.table.cut if self.table.has_focus else ""
        self._whole.update(Content(cut))
        self.set_class(bool(cut), "-whole")

    def show(self, head: str, rows: Sequence[Held], now: float) -> None:
        """`head`: as `holding.head_line` says; `now`: Unix seconds."""
        self._head.update(Content(visible(head)))
        heading, *lines = holding.table(rows, now)
        words = (dict(zip(heading, line, strict=True)) for line in lines)
        self.table.fill(
            [
                TableRow(row.pid, tuple(here.get(column.title, "?") for column in COLUMNS))
                for row, here in zip(rows, words, strict=True)
            ]
        )

    def say(self, words: str) -> None:
        """Show this instead; empty: the processes."""
        if words:
            self._head.update("")
        self.table.say(words)
