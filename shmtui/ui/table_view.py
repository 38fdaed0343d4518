"""A table of words with a row cursor: the holders of a segment, the tables of the screens."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import ClassVar, NamedTuple

from textual import events
from textual.message import Message

from shmtui.present.words import Align, cell_width, cells
from shmtui.ui.lines_view import Drawn, LinesView, Look

_REMARK_INDENT = 5
_PLAIN: Look = ("table--row",)
_HEADING: Look = ("table--heading",)


class TableColumn(NamedTuple):
    """A heading, and what of it gives way."""

    title: str
    align: Align = "left"
    goes: int = 0
    """Where there is too little room the highest go first; those with 0 stay."""
    most: int = 40
    """Cells. The last column takes all that is left, others go so that it has up to so many."""


class TableRow(NamedTuple):
    """One row; its words must be safe to print."""

    value: Hashable
    """What it stands for: the cursor stays on it."""
    words: tuple[str, ...]
    """A word a column; one alone is a remark across them all."""
    look: str = ""
    """One of TableView.LOOKS; empty: as the others."""


class TableView(LinesView):
    """Keys and the mouse move the cursor; only rows that differ are painted again."""

    GAP: ClassVar[int] = 2
    """Cells between columns."""
    LOOKS: ClassVar[tuple[str, ...]] = (
        "dim", "warning", "alarm", "total", "fresh", "more", "less"
    )  # fmt: skip
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"table--{name}" for name in ("row", "heading", "cursor", "cursor-blurred", *LOOKS)
    }
    DEFAULT_CSS = """
    TableView > .table--row { color: $foreground; }
    TableView > .table--heading { color: $foreground 60%; text-style: bold; }
    TableView > .table--dim { color: $foreground 60%; }
    TableView > .table--warning { color: $text-warning; }
    TableView > .table--alarm { color: $text-error; text-style: bold; }
    TableView > .table--total { text-style: bold; }
    TableView > .table--fresh { color: $text-primary; text-style: bold; }
    TableView > .table--more { color: $text-success; }
    TableView > .table--less { color: $text-secondary; }
    TableView > .table--cursor {
        background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
    }
    TableView > .table--cursor-blurred { background: $primary 30%; }
    TableView:nocolor > .table--cursor { text-style: reverse bold; }
    TableView:nocolor > .table--cursor-blurred { text-style: reverse dim; }
    """

    class Chosen(Message):
        """A row was chosen by Enter or a double click."""

        def __init__(self, table: TableView, value: Hashable) -> None:
            super().__init__()
            self.table = table
            self.value = value

        @property
        def control(self) -> TableView:
            return self.table

    class Moved(Message):
        """The cursor has come to another row, or its row says something else."""

    def __init__(self, *columns: TableColumn, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._columns = columns
        self._table_rows: Sequence[TableRow] = ()
        self._at = 0
        self._told: TableRow | None = None
        """The row that Moved was posted of."""
        self._shape: tuple[tuple[int, int], ...] = ()
        """Which columns are on view, and how wide."""

    # What to show

    def fill(self, rows: Sequence[TableRow]) -> None:
        """Show these rows; the cursor stays on what it stood on, or near it."""
        value, was_at, was_on_view = self.value, self._at, self._is_on_view(self._at)
        self._table_rows = tuple(rows)
        values = [row.value for row in self._table_rows]
        self._at = values.index(value) if value in values else min(self._at, len(values) - 1)
        self._at = max(0, self._at)
        self._fit()
        self.redraw()
        if was_on_view and self._at != was_at:
            self._keep_on_view(self._at - was_at)
        self._tell()

    @property
    def value(self) -> Hashable | None:
        """What the cursor stands on; None: nothing."""
        return self._table_rows[self._at].value if self._table_rows else None

    @property
    def cut(self) -> str:
        """What of the cursor's row has no room: words that are cut, and those of columns that went
        behind their headings.
        """
        if not self._table_rows or not self._shape:
            return ""
        words = self._table_rows[self._at].words
        if self._is_remark(words):
            return words[0] if cell_width(words[0]) > self.room.width - _REMARK_INDENT else ""
        widths = dict(self._shape)
        columns = enumerate(zip(self._columns, words, strict=True))
        told = [
            word if at in widths else f"{column.title} {word}"
            for at, (column, word) in columns
            if word and cell_width(word) > widths.get(at, 0)
        ]
        return " · ".join(told)

    @property
    def is_at_end(self) -> bool:
        """The cursor stands on the last row, or there is none."""
        return self._at >= len(self._table_rows) - 1

    # Drawing

    def rows(self) -> int:
        return len(self._table_rows) + 1

    def draw(self) -> list[Drawn]:
        heading = self._line(tuple(column.title for column in self._columns))
        shown = self._table_rows[self.top : self.top + self.page_rows()]
        drawn = [self._drawn_row(row, self.top + y == self._at) for y, row in enumerate(shown)]
        return [((heading, _HEADING),), *drawn]

    def _drawn_row(self, row: TableRow, is_cursor: bool) -> Drawn:
        look = (f"table--{row.look}",) if row.look else _PLAIN
        if is_cursor:
            look = ("table--cursor" if self.has_focus else "table--cursor-blurred",)
        line = self._line(row.words)
        return ((cells(line, max(0, self.room.width)) if is_cursor else line, look),)

    def _line(self, words: Sequence[str]) -> str:
        if self._is_remark(words):
            return " " * _REMARK_INDENT + cells(words[0], self.room.width - _REMARK_INDENT).rstrip()
        parts = [cells(words[at], width, self._columns[at].align) for at, width in self._shape]
        return " " + (" " * self.GAP).join(parts).rstrip()

    def _is_remark(self, words: Sequence[str]) -> bool:
        return len(words) == 1 < len(self._columns)

    def _fit(self) -> None:
        """The columns that have room, and the widths that their words take."""
        widths = [
            min(column.most, max(map(cell_width, (column.title, *words))))
            for column, words in zip(self._columns, self._by_column(), strict=True)
        ]
        kept = list(range(len(self._columns)))
        for at in sorted(kept, key=lambda at: -self._columns[at].goes):
            if self._total(widths, kept) <= self.room.width or not self._columns[at].goes:
                break
            kept.remove(at)
        if kept:
            left = self.room.width - self._total(widths, kept)
            widths[kept[-1]] = max(1, widths[kept[-1]] + left)
        self._shape = tuple((at, widths[at]) for at in kept)

    def _total(self, widths: Sequence[int], kept: Sequence[int]) -> int:
        return 1 + sum(widths[at] for at in kept) + self.GAP * (len(kept) - 1)

    def _by_column(self) -> list[tuple[str, ...]]:
        told = [row.words for row in self._table_rows if not self._is_remark(row.words)]
        return list(zip(*told, strict=True)) if told else [() for _ in self._columns]

    def resized(self) -> None:
        self._fit()
        self._told = None  # other words may be cut
        self._move_to(self._at)

    def on_focus(self) -> None:
        self.redraw()

    def on_blur(self) -> None:
        self.redraw()

    # Moving

    def _move_to(self, at: int) -> None:
        self._at = max(0, min(at, len(self._table_rows) - 1))
        if self._at < self.top:
            self.go_to_row(self._at)
        elif not self._is_on_view(self._at):
            self.go_to_row(self._at - self.page_rows() + 1)
        self.redraw()
        self._tell()

    def _tell(self) -> None:
        row = self._table_rows[self._at] if self._table_rows else None
        if row != self._told:
            self._told = row
            self.post_message(self.Moved())

    def page_rows(self) -> int:
        """Rows on view below the heading."""
        return max(1, self.room.height - 1)

    def _is_on_view(self, at: int) -> bool:
        return self.top <= at < self.top + self.page_rows()

    def _keep_on_view(self, by: int) -> None:
        """The cursor's row has moved in the table: it stays where it was on the screen. At the top
        new rows should be seen, so only a lost cursor scrolls.
        """
        if self.top or not self._is_on_view(self._at):
            self.go_to_row(self.top + by)
        self._move_to(self._at)

    def go_by(self, rows: int) -> None:
        self._move_to(self._at + rows)

    def action_to_start(self) -> None:
        self._move_to(0)

    def action_to_end(self) -> None:
        self._move_to(len(self._table_rows) - 1)

    def action_row_start(self) -> None:
        self._move_to(0)

    def action_row_end(self) -> None:
        self._move_to(len(self._table_rows) - 1)

    def action_choose(self) -> None:
        if self._table_rows:
            self.post_message(self.Chosen(self, self.value))

    def on_click(self, event: events.Click) -> None:
        row = self.top + event.y - 1
        if event.y >= 1 and row < len(self._table_rows):
            self._move_to(row)
            if event.chain == 2:
                self.action_choose()
