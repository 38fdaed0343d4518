"""The heading of the list: the columns' titles, and which one sorts."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment as Cell
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from shmtui.present.column import Column
from shmtui.present.columns import Fitted
from shmtui.present.table import TableModel

GUTTER = 2
"""Cells before the first column: the pane's segment or a tag, and what a poll brought."""


class Heading(Widget):
    """The columns' titles; a click on one sorts by it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"heading--title", "heading--sorted"}

    class Clicked(Message):
        """The heading of this column was clicked."""

        def __init__(self, column: Column) -> None:
            super().__init__()
            self.column = column

    def __init__(self, model: TableModel) -> None:
        super().__init__(id="heading")
        self._model = model
        self._columns: Sequence[Fitted] = ()
        self._start = GUTTER
        """Where the first column begins."""

    def show(self, columns: Sequence[Fitted], indent: int = 0) -> None:
        """`indent`: cells between the gutter and the first column."""
        self._columns = columns
        self._start = GUTTER + indent
        self.refresh()

    def render_line(self, y: int) -> Strip:
        plain = self.get_component_rich_style("heading--title")
        marked = self.get_component_rich_style("heading--sorted")
        cells = [Cell(" " * self._start, plain)]
        for position, (column, width) in enumerate(self._columns):
            is_sorted = column.name == self._model.sort_column
            text = self._title(column, width, is_sorted)
            cells += [Cell(" " if position else "", plain)]
            cells += [Cell(text, marked if is_sorted else plain)]
        return Strip(cells).adjust_cell_length(self.size.width, plain)

    def _title(self, column: Column, width: int, is_sorted: bool) -> str:
        arrow = ("▼" if self._model.reverse else "▲") if is_sorted else ""
        title = column.title[: max(0, width - len(arrow))] + arrow
        return title.rjust(width) if column.align == "right" else title.ljust(width)

    def on_click(self, event: events.Click) -> None:
        start = self._start
        for column, width in self._columns:
            if start <= event.x < start + width + 1:
                self.post_message(self.Clicked(column))
                return
            start += width + 1
