"""The list with its heading and the line below it; sorting, filtering, columns, tags."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment as Cell
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.strip import Strip
from textual.widget import Widget

from shmtui.monitor.changes import Changes
from shmtui.monitor.snapshot import Snapshot
from shmtui.present.column import Column
from shmtui.present.columns import COLUMNS
from shmtui.present.filter import Filter, FilterError, compile_filter
from shmtui.present.table import TableModel
from shmtui.present.tree import By
from shmtui.present.words import visible
from shmtui.sysv.segment import Identity
from shmtui.ui.commands import bindings
from shmtui.ui.heading import Heading
from shmtui.ui.list_pane import ListPane
from shmtui.ui.messages import Say
from shmtui.ui.prompt import Question, ask
from shmtui.ui.tree_view import TreeView

_NEXT: dict[By | None, By | None] = {None: "owner", "owner": "holder", "holder": None}
"""What `t` shows after which; None is the list."""

NO_SEGMENTS = "No shared memory segments in this IPC namespace."
START_ONE = "w starts a writer."


def largest_first(column: Column) -> bool:
    """Whether a sort by this column starts with its largest value: where that is looked for."""
    return column.kind in ("size", "age") or column.name == "nattch"


def filter_error(text: str) -> str:
    """What is wrong with a filter, in words; empty: nothing."""
    try:
        compile_filter(text)
    except FilterError as error:
        return str(error)
    return ""


class ListRule(Widget):
    """`── 4 of 37 · owner!=root · 1 tagged ──────`."""

    def __init__(self) -> None:
        super().__init__(id="list-rule")
        self._words = ""

    def show(self, words: str) -> None:
        if words != self._words:
            self._words = words
            self.refresh()

    def render_line(self, y: int) -> Strip:
        text = f"── {self._words} " if self._words else ""
        width = self.size.width
        text = set_cell_size(text, width) if cell_len(text) > width else text
        line = text + "─" * (width - cell_len(text))
        return Strip([Cell(line, self.rich_style)])


class ListPart(Vertical):
    """Everything of the list. What the filter, the sort and the tags are, the model knows."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings("list", of_part=True))

    def __init__(
        self, model: TableModel, columns: tuple[str, ...] | None, hint: str = START_ONE
    ) -> None:
        """`hint`: what is said beside that there are no segments."""
        super().__init__(id="list-part")
        self._hint = hint
        self.model = model
        self.snapshot: Snapshot | None = None
        """The last one that was applied."""
        self.columns = columns
        self.filter_text = ""
        self.inverted = False
        self._unseen = 0
        """Segments, at the last poll."""
        self._list = ListPane(model)
        self._tree: TreeView | None = None
        self._by: By | None = None
        """How the tree on view is grouped; None: the list is on view."""
        self._heading = Heading(model)
        self._rule = ListRule()

    def compose(self) -> ComposeResult:
        yield self._heading
        yield self._list
        yield self._rule

    def on_mount(self) -> None:
        self.pane.show_columns(self.columns)

    @property
    def pane(self) -> ListPane:
        """What is on view: the list, or the tree in its place."""
        return self._tree if self._by and self._tree else self._list

    def apply(self, snapshot: Snapshot, changes: Changes) -> None:
        """Take a poll over into the list."""
        before = self.model.cursor
        was_at = self.pane.cursor_line
        repaint = self.model.apply(snapshot, changes)
        self.pane.show_stale(False)
        self.pane.apply(repaint, was_at if self.model.cursor == before else None)
        self._unseen = changes.came_and_went or 0
        self.snapshot = snapshot
        self._describe()
        if self.model.cursor != before:
            self.pane.post_message(ListPane.CursorMoved(self.model.cursor))

    # Filter

    def set_filter(self, text: str, inverted: bool | None = None) -> None:
        """Show what matches. Raises FilterError, and keeps the filter in force."""
        compiled: Filter | None = compile_filter(text) if text.strip() else None
        self.filter_text = text.strip()
        self.inverted = self.inverted if inverted is None else inverted
        if compiled is None:
            self.inverted = False
        self._rearrange(lambda: self.model.set_filter(compiled, self.inverted))

    def try_filter(self, text: str) -> None:
        """As set_filter; what is wrong, because it is still typed, leaves the filter in force."""
        if not filter_error(text):
            self.set_filter(text)

    def action_filter(self) -> None:
        question = Question(
            "filter",
            "/",
            answered=self.set_filter,
            wrong=filter_error,
            typed=self.try_filter,
            restored=self.set_filter,
            takes_empty=True,
            takes_on_leaving=True,
        )
        ask(self, question, self.filter_text)

    def action_invert_filter(self) -> None:
        if self.filter_text:
            self.set_filter(self.filter_text, not self.inverted)
        else:
            self.post_message(Say("There is no filter to invert: / sets one."))

    def action_owner(self) -> None:
        from shmtui.ui import choosing

        choosing.choose_owner(self)

    # Sort

    def action_sort(self) -> None:
        from shmtui.ui import choosing

        choosing.choose_sort(self)

    @on(Heading.Clicked)
    def _heading_clicked(self, event: Heading.Clicked) -> None:
        event.stop()
        self.sort_by(event.column.name)

    def sort_by(self, name: str) -> None:
        """Sort by this column; again by the same one inverts."""
        same = name == self.model.sort_column
        self._sort(name, not self.model.reverse if same else largest_first(COLUMNS[name]))

    def action_sort_previous(self) -> None:
        self._step_sort(-1)

    def action_sort_next(self) -> None:
        self._step_sort(1)

    def _step_sort(self, step: int) -> None:
        names = [column.name for column, _ in self.pane.columns]
        now = self.model.sort_column
        at = names.index(now) if now in names else -step
        name = names[(at + step) % len(names)]
        self._sort(name, largest_first(COLUMNS[name]))

    def action_invert_sort(self) -> None:
        self._sort(self.model.sort_column, not self.model.reverse)

    def _sort(self, name: str, reverse: bool) -> None:
        self._rearrange(lambda: self.model.set_sort(name, reverse))
        self._heading.refresh()

    def _rearrange(self, change: Callable[[], object]) -> None:
        before = self.model.cursor
        change()
        self.pane.rearranged()
        self._describe()
        if self.model.cursor != before:
            self.pane.post_message(ListPane.CursorMoved(self.model.cursor))

    # Tree

    def action_tree(self) -> None:
        """From the list to the tree by owner, to that by holder, and back to the list."""
        before, old = self.model.cursor, self.pane
        self._by = _NEXT[self._by]
        if self._tree is None:
            self._tree = TreeView(self.model)
            self.mount(self._tree, after=self._list)
        self._tree.group_by(self._by)
        self._put_in_place(old)
        self._describe()
        if self.model.cursor != before:
            self.pane.post_message(ListPane.CursorMoved(self.model.cursor))

    def _put_in_place(self, old: ListPane) -> None:
        """The keys go with it. Hidden the other way round, they would go to some other widget."""
        new = self.pane
        new.display = True
        new.show_as(old)
        self._heading.show(new.columns, new.INDENT)
        if old.has_focus:
            self.screen.set_focus(new, scroll_visible=False)
        old.display = old is new
        new.rearranged()

    # Columns, words

    def action_columns(self) -> None:
        from shmtui.ui import choosing

        choosing.choose_columns(self)

    @on(ListPane.Copied)
    def _copied(self, event: ListPane.Copied) -> None:
        event.stop()
        self.post_message(Say(f"Copied: {event.words}"))

    def show_columns(self, names: tuple[str, ...] | None) -> None:
        """Show these columns (None: those that fit, of the usual ones)."""
        self.columns = names
        self.pane.show_columns(names)

    @on(ListPane.Columns)
    def _head(self, event: ListPane.Columns) -> None:
        self._heading.show(event.columns, event.indent)

    @on(ListPane.Tagged)
    def _describe(self) -> None:
        all_ = self.model.totals.segments
        parts = [f"{self._matching()} of {all_}"]
        if self._by:
            parts.append(f"by {self._by}")
        if self.filter_text:
            parts.append(("not " if self.inverted else "") + visible(self.filter_text))
        if self.model.tags:
            parts.append(f"{len(self.model.tags)} tagged")
        if self._unseen:
            parts.append(f"≈ {self._unseen} came and went unseen")
        self._rule.show(" · ".join(parts))
        self.pane.show_empty("" if self.model.shown else self._empty_words(all_))

    def _matching(self) -> int:
        """Rows that match; gone ones stay on view for one interval and do not count."""
        gone = [one for one, mark in self.model.marks.items() if mark == "gone"]
        return len(self.model.shown) - sum(self.model.index(one) is not None for one in gone)

    def _empty_words(self, all_: int) -> str:
        if not all_:
            return f"{NO_SEGMENTS} {self._hint}".rstrip()
        verb = "do not match" if self.inverted else "match"
        return f'0 of {all_} {verb} "{visible(self.filter_text)}". Esc clears the filter.'

    def go_to(self, identity: Identity) -> bool:
        """Put the cursor on this segment; False where it is not shown."""
        line = self.pane.line_of(identity)
        if line is None:
            return False
        self.pane.move_to(line)
        return True
