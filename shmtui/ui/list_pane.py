"""The list: draws the lines of a `TableModel`, and moves its cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from rich.segment import Segment as Cell
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from shmtui.present.columns import Fitted, fit
from shmtui.present.row import Row
from shmtui.present.table import Mark, Repaint, TableModel
from shmtui.sysv.segment import Identity
from shmtui.ui.commands import bindings
from shmtui.ui.heading import GUTTER
from shmtui.ui.known_rows import KnownRows
from shmtui.ui.runs import runs

MARKS: dict[Mark, str] = {"new": "+", "changed": "~", "gone": "-"}


class Drawn(NamedTuple):
    """Everything that one line shows: two equal values need no repaint."""

    text: str
    tone: str
    cursor: bool


def _tone(row: Row) -> str:
    word = row.facts.verdict.word
    return str(word) if word in ("orphan", "doomed", "unknown") else "row"


class ListPane(ScrollView, can_focus=True, inherit_bindings=False):
    """The rows on view. Only lines whose words changed are repainted."""

    INDENT: ClassVar[int] = 0
    """Cells between the gutter and a segment's words."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings("list"))
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "list--row",
        "list--cursor",
        "list--cursor-blurred",
        "list--gone",
        "list--orphan",
        "list--doomed",
        "list--unknown",
        "list--empty",
    }

    class CursorMoved(Message):
        """The cursor stands on another segment now (None: the list is empty)."""

        def __init__(self, identity: Identity | None) -> None:
            super().__init__()
            self.identity = identity

    class Chosen(Message):
        """A row was double-clicked."""

    class Tagged(Message):
        """Tags were set or taken away."""

    class Copied(Message):
        """These words went to the clipboard."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    class Columns(Message):
        """The width allows these columns now."""

        def __init__(self, columns: Sequence[Fitted], indent: int) -> None:
            super().__init__()
            self.columns = columns
            self.indent = indent

    def __init__(self, model: TableModel, id: str = "list") -> None:  # noqa: A002
        super().__init__(id=id)
        self._model = model
        self._chosen_columns: tuple[str, ...] | None = None
        self._columns: Sequence[Fitted] = ()
        self._pane_identity: Identity | None = None
        self._empty_words = ""
        self._stale = False
        self._drawn: dict[int, Drawn] = {}
        self._known = KnownRows(model)
        self._row_styles: dict[tuple[str, bool, bool], Style] = {}

    # Which lines there are: those of the model

    def lines(self) -> int:
        """How many."""
        return len(self._model.shown)

    def segment_at(self, line: int) -> Identity | None:
        """Whose line it is; None where it is no segment's, or there is none."""
        return self._model.shown[line] if line < len(self._model.shown) else None

    @property
    def cursor_line(self) -> int | None:
        cursor = self._model.cursor
        return None if cursor is None else self._model.index(cursor)

    def line_of(self, identity: Identity) -> int | None:
        """The line to put the cursor on for this segment; None: it is not shown."""
        return self._model.index(identity)

    def put_cursor(self, line: int) -> None:
        """Put the model's cursor on a line that exists."""
        self._model.cursor = self._model.shown[line]

    def no_segment(self, to_do: str) -> str:
        """What to say to who wants `to_do` something, `remove` or `change`, to a segment where the
        cursor is on none.
        """
        return f"There is no segment to {to_do}."

    def rearranged(self) -> None:
        """Draw the lines of another filter or sort."""
        self.repaint()
        self.scroll_to_cursor()

    # What is shown

    def apply(self, repaint: Repaint, cursor_was_at: int | None) -> None:
        """Draw what a poll changed; the cursor's row stays where the eye is."""
        self._resize_document()
        self._keep_cursor_in_place(cursor_was_at)
        self._repaint_visible(repaint)

    def show_columns(self, names: tuple[str, ...] | None) -> None:
        """Show these columns (None: those of the width)."""
        self._chosen_columns = names
        self._fit_columns()

    def show_pane_segment(self, identity: Identity | None) -> None:
        """Mark the segment that the pane shows with `▸`."""
        if identity != self._pane_identity:
            self._pane_identity = identity
            self.repaint()

    def show_as(self, other: ListPane) -> None:
        """Take over what the other was told to show, but for its words where it is empty."""
        self._chosen_columns = other._chosen_columns
        self._pane_identity = other._pane_identity
        self._stale = other._stale
        self._forget_styles()
        self._fit_columns()

    def show_empty(self, words: str) -> None:
        """The sentence in the middle of an empty list; nothing where it has rows."""
        if words != self._empty_words:
            self._empty_words = words
            self.refresh()

    def show_stale(self, stale: bool) -> None:
        """Dim the rows: the last poll failed, so they are old."""
        if stale != self._stale:
            self._stale = stale
            self._forget_styles()

    def repaint(self) -> None:
        """Compare every visible line with what stands there, and draw the difference."""
        self._resize_document()
        self._repaint_visible(None)

    def _resize_document(self) -> None:
        size = Size(self.size.width, self.lines())
        if size != self.virtual_size:
            self.virtual_size = size

    def _keep_cursor_in_place(self, was_at: int | None) -> None:
        now_at = self.cursor_line
        top = self.scroll_offset.y
        if now_at is None or was_at is None or now_at == was_at:
            return
        if not top <= was_at < top + self.size.height:
            return
        # At the top new rows above the cursor should be seen, so only a lost cursor scrolls.
        if top == 0 and now_at < self.size.height:
            return
        # Forced: right after the list grew there is no scrollbar yet.
        self.scroll_to(y=max(0, top + now_at - was_at), animate=False, force=True)

    def _repaint_visible(self, repaint: Repaint | None) -> None:
        """Draw the visible lines whose words differ from what stands there."""
        top = self.scroll_offset.y
        lines = [n for n in range(top, top + self.size.height) if self._may_differ(n, repaint)]
        for start, count in runs(n for n in lines if self._line(n) != self._drawn.get(n)):
            self.refresh_lines(start, count)

    def _may_differ(self, line: int, repaint: Repaint | None) -> bool:
        """False where a look at the row's age is enough to know that the line stands."""
        identity = self.segment_at(line)
        if repaint is None or repaint.all or identity is None or identity in repaint.rows:
            return True
        return self._known.may_differ(identity)

    # Drawing

    def render_line(self, y: int) -> Strip:
        line = y + self.scroll_offset.y
        drawn = self._line(line)
        if drawn is None:
            self._drawn.pop(line, None)
            return self._blank_line(y)
        self._drawn[line] = drawn
        style = self._style(drawn.tone, drawn.cursor)
        return Strip([Cell(drawn.text, style)], self.size.width)

    def _line(self, line: int) -> Drawn | None:
        identity = self.segment_at(line)
        if identity is None:
            return None
        mark = self._model.marks.get(identity)
        row = self._model.row(identity)
        gutter = self._gutter(identity, mark) + " " * self.INDENT
        tone = "gone" if mark == "gone" else _tone(row)
        words = self._known.words(identity, row, mark)
        return Drawn(gutter + words, tone, line == self.cursor_line)

    def _gutter(self, identity: Identity, mark: Mark | None) -> str:
        tagged = identity in self._model.tags
        second = MARKS[mark] if mark else " "
        if identity == self._pane_identity:
            return "▸" + ("●" if tagged and mark is None else second)
        return ("●" if tagged else " ") + second

    def _style(self, tone: str, cursor: bool) -> Style:
        key = (tone, cursor, self.has_focus)
        if key not in self._row_styles:
            self._row_styles[key] = self._make_style(tone, cursor)
        return self._row_styles[key]

    def _make_style(self, tone: str, cursor: bool) -> Style:
        style = self.get_component_rich_style(f"list--{tone}")
        if cursor:
            name = "list--cursor" if self.has_focus else "list--cursor-blurred"
            style += self.get_component_rich_style(name)
        return style + Style(dim=True) if self._stale else style

    def _forget_styles(self) -> None:
        self._row_styles.clear()
        self.refresh()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._row_styles.clear()

    def _blank_line(self, y: int) -> Strip:
        base = self._style("row", False)
        if self.lines() or y != self.size.height // 2:
            return Strip.blank(self.size.width, base)
        words = self._empty_words.center(self.size.width)
        style = self.get_component_rich_style("list--empty")
        return Strip([Cell(words, style)]).adjust_cell_length(self.size.width, style)

    # Size and focus

    def on_resize(self) -> None:
        """The cursor's row stays in sight: the pane that shows it takes half of the list."""
        self._fit_columns()
        self.scroll_to_cursor()

    def _fit_columns(self) -> None:
        width = self.size.width - GUTTER - self.INDENT
        columns = fit(width, self._chosen_columns)
        if columns != self._columns:
            self._columns = columns
            self.post_message(self.Columns(columns, self.INDENT))
        self._known.fit(columns, width)
        self._drawn.clear()
        self.repaint()
        self.refresh()

    def on_focus(self) -> None:
        self._forget_styles()

    def on_blur(self) -> None:
        self._forget_styles()

    @property
    def columns(self) -> Sequence[Fitted]:
        """Those on view, left to right."""
        return self._columns

    # The cursor

    def move_to(self, line: int) -> None:
        """Put the cursor on this line, or the nearest one that exists."""
        if not self.lines():
            return
        self.put_cursor(min(max(line, 0), self.lines() - 1))
        self.scroll_to_cursor()
        self.repaint()
        self.post_message(self.CursorMoved(self._model.cursor))

    def scroll_to_cursor(self) -> None:
        """Bring the cursor's line into view."""
        line = self.cursor_line
        # Without room, before the first layout, every line but the first would scroll it.
        if line is not None and self.size.height:
            self.scroll_to_region(
                Region(0, line, 1, 1), animate=False, force=True, immediate=True, x_axis=False
            )

    def _move_by(self, lines: int) -> None:
        at = self.cursor_line
        self.move_to(0 if at is None else at + lines)

    def action_move_up(self) -> None:
        self._move_by(-1)

    def action_move_down(self) -> None:
        self._move_by(1)

    def action_page_up(self) -> None:
        self._move_by(-max(1, self.size.height - 1))

    def action_page_down(self) -> None:
        self._move_by(max(1, self.size.height - 1))

    def action_half_up(self) -> None:
        self._move_by(-max(1, self.size.height // 2))

    def action_half_down(self) -> None:
        self._move_by(max(1, self.size.height // 2))

    def action_first(self) -> None:
        self.move_to(0)

    def action_last(self) -> None:
        self.move_to(self.lines() - 1)

    # Tags and copying

    def action_tag(self) -> None:
        if self._model.cursor is not None:
            self._model.tags ^= {self._model.cursor}
            self._tagged()
            self.action_move_down()

    def action_tag_all(self) -> None:
        self._model.tags |= set(self._model.shown)
        self._tagged()

    def action_untag_all(self) -> None:
        self._model.tags.clear()
        self._tagged()

    def _tagged(self) -> None:
        self.repaint()
        self.post_message(self.Tagged())

    def action_copy_row(self) -> None:
        cursor = self._model.cursor
        if cursor is not None:
            words = "  ".join(cell.strip() for cell in self._model.cells(cursor, self._columns))
            self.app.copy_to_clipboard(words)
            self.post_message(self.Copied(words))

    def on_click(self, event: events.Click) -> None:
        line = event.y + self.scroll_offset.y
        if line < self.lines():
            self.move_to(line)
            if event.chain == 2:
                self.post_message(self.Chosen())
