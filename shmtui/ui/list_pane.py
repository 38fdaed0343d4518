"""The list: draws the lines of a `TableModel`, and moves its cursor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, NamedTuple

from rich.cells import set_cell_size
from rich.segment import Segment as Cell
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from shmtui.monitor.facts import Facts
from shmtui.present.columns import COLUMNS, Fitted, fit
from shmtui.present.row import Row
from shmtui.present.table import Mark, Repaint, TableModel
from shmtui.sysv.holders import Holder
from shmtui.sysv.segment import Identity
from shmtui.ui.commands import bindings
from shmtui.ui.heading import GUTTER

MARKS: dict[Mark, str] = {"new": "+", "changed": "~", "gone": "-"}
AGE = COLUMNS["age"]
KNOWN_ROWS = 1000
"""Rows whose words are kept: more than any terminal shows."""


class Drawn(NamedTuple):
    """Everything that one line shows: two equal values need no repaint."""

    text: str
    tone: str
    cursor: bool


class _Known(NamedTuple):
    """The words of a row, and what they were made from."""

    facts: Facts
    holders: tuple[Holder, ...]
    mark: Mark | None
    age: str
    text: str


def _tone(row: Row) -> str:
    word = row.facts.verdict.word
    return str(word) if word in ("orphan", "doomed", "unknown") else "row"


def _runs(lines: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Neighbouring lines as (first, how many): the compositor's work grows with the regions."""
    start = end = -1
    for line in lines:
        if line != end:
            if end > start:
                yield start, end - start
            start = line
        end = line + 1
    if end > start:
        yield start, end - start


class ListPane(ScrollView, can_focus=True, inherit_bindings=False):
    """The rows on view. Only lines whose words changed are repainted."""

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

        def __init__(self, columns: Sequence[Fitted]) -> None:
            super().__init__()
            self.columns = columns

    def __init__(self, model: TableModel) -> None:
        super().__init__(id="list")
        self._model = model
        self._chosen_columns: tuple[str, ...] | None = None
        self._columns: Sequence[Fitted] = ()
        self._pane_identity: Identity | None = None
        self._empty_words = ""
        self._stale = False
        self._shows_age = False
        self._drawn: dict[int, Drawn] = {}
        self._known: dict[Identity, _Known] = {}
        self._row_styles: dict[tuple[str, bool, bool], Style] = {}

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
        size = Size(self.size.width, len(self._model.shown))
        if size != self.virtual_size:
            self.virtual_size = size

    def _keep_cursor_in_place(self, was_at: int | None) -> None:
        if self._model.cursor is None or was_at is None:
            return
        now_at = self._model.index(self._model.cursor)
        top = self.scroll_offset.y
        if now_at is None or now_at == was_at or not top <= was_at < top + self.size.height:
            return
        # At the top new rows above the cursor should be seen, so only a lost cursor scrolls.
        if top == 0 and now_at < self.size.height:
            return
        self.scroll_to(y=max(0, top + now_at - was_at), animate=False)

    def _repaint_visible(self, repaint: Repaint | None) -> None:
        """Draw the visible lines whose words differ from what stands there."""
        top = self.scroll_offset.y
        lines = [n for n in range(top, top + self.size.height) if self._may_differ(n, repaint)]
        for start, count in _runs(n for n in lines if self._line(n) != self._drawn.get(n)):
            self.refresh_lines(start, count)

    def _may_differ(self, line: int, repaint: Repaint | None) -> bool:
        """False where a look at the row's age is enough to know that the line stands."""
        if repaint is None or repaint.all or line >= len(self._model.shown):
            return True
        identity = self._model.shown[line]
        known = self._known.get(identity)
        if known is None or identity in repaint.rows:
            return True
        return self._shows_age and known.age != AGE.text(self._model.row(identity))

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
        if line >= len(self._model.shown):
            return None
        identity = self._model.shown[line]
        mark = self._model.marks.get(identity)
        row = self._model.row(identity)
        text = self._gutter(identity, mark) + self._words(identity, row, mark)
        tone = "gone" if mark == "gone" else _tone(row)
        return Drawn(text, tone, identity == self._model.cursor)

    def _words(self, identity: Identity, row: Row, mark: Mark | None) -> str:
        """The cells, made again only where they differ: most rows stay as they are for long."""
        age = AGE.text(row) if self._shows_age else ""
        known = self._known.get(identity)
        if known and known.facts is row.facts and known[1:4] == (row.holders, mark, age):
            return known.text
        cells = " ".join(self._model.cells(identity, self._columns))
        text = set_cell_size(cells, self.size.width - GUTTER)
        if len(self._known) > KNOWN_ROWS:
            self._known.clear()
        self._known[identity] = _Known(row.facts, row.holders, mark, age, text)
        return text

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
        if self._model.shown or y != self.size.height // 2:
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
        columns = fit(self.size.width - GUTTER, self._chosen_columns)
        if columns != self._columns:
            self._columns = columns
            self.post_message(self.Columns(columns))
        self._shows_age = any(column is AGE for column, _ in columns)
        self._known.clear()
        self._drawn.clear()
        self.repaint()
        self.refresh()

    def on_focus(self) -> None:
        self._forget_styles()

    def on_blur(self) -> None:
        self._forget_styles()

    @property
    def column_names(self) -> list[str]:
        """The columns on view, left to right."""
        return [column.name for column, _ in self._columns]

    # The cursor

    @property
    def cursor_line(self) -> int | None:
        cursor = self._model.cursor
        return None if cursor is None else self._model.index(cursor)

    def move_to(self, line: int) -> None:
        """Put the cursor on this line, or the nearest one that exists."""
        if not self._model.shown:
            return
        line = min(max(line, 0), len(self._model.shown) - 1)
        self._model.cursor = self._model.shown[line]
        self.scroll_to_cursor()
        self.repaint()
        self.post_message(self.CursorMoved(self._model.cursor))

    def scroll_to_cursor(self) -> None:
        """Bring the cursor's line into view."""
        line = self.cursor_line
        if line is not None:
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
        self.move_to(len(self._model.shown) - 1)

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
        if line < len(self._model.shown):
            self.move_to(line)
            if event.chain == 2:
                self.post_message(self.Chosen())
