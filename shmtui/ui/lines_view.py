"""A scrolling document that is drawn line by line: only lines that differ are painted again."""

from __future__ import annotations

import textwrap
from itertools import zip_longest
from typing import ClassVar

from rich.segment import Segment as Cell
from rich.style import Style
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from shmtui.present.words import cell_width
from shmtui.ui.commands import bindings

Look = tuple[str, ...]
"""Names of component classes: each lays what it sets over the one before."""

Drawn = tuple[tuple[str, Look], ...]
"""A line as it is painted. Two equal values need no paint."""


class LinesView(ScrollView, can_focus=True, inherit_bindings=False):
    """Scrolls by rows. What a subclass makes of its rows is asked for again by `redraw`."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"lines--words"}

    BINDINGS: ClassVar[list[BindingType]] = list(bindings("pane"))

    DEFAULT_CSS = """
    LinesView {
        height: 1fr;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        scrollbar-gutter: stable;
    }
    LinesView > .lines--words { color: $foreground 80%; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._drawn: list[Drawn] = []
        self._words = ""
        self._dimmed = False
        self._look_styles: dict[Look, Style] = {}

    # What a subclass has

    def rows(self) -> int:
        """Rows of the whole document at the present width, as far as one can scroll."""
        raise NotImplementedError

    def draw(self) -> list[Drawn]:
        """The lines on view now, from the top; missing ones are blank."""
        raise NotImplementedError

    def scrolled(self) -> None:
        """Called when another row came to the top, before its lines are asked for."""

    def moved(self) -> None:
        """Called when other rows came into view."""

    def resized(self) -> None:
        """Called when there is another room for the lines."""
        self.redraw()
        self.moved()

    @property
    def room(self) -> Size:
        """Cells for the lines: the column of the scrollbar is kept free for it."""
        return self.scrollable_content_region.size

    # Painting

    def redraw(self) -> None:
        """Ask for the lines again and paint those that differ."""
        old, self._drawn = self._drawn, self._lines_on_view()
        self._resize_document()
        lines = zip_longest(old, self._drawn)
        width = self.room.width
        changed = [Region(0, y, width, 1) for y, (before, now) in enumerate(lines) if before != now]
        if changed:
            self.refresh(*changed)

    def say(self, words: str) -> None:
        """Show this in the middle, instead of the lines; empty: the lines."""
        if words != self._words:
            self._words = words
            self.redraw()

    def dim(self, dimmed: bool) -> None:
        """Draw everything dim: it is not what is there now."""
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            self._look_styles.clear()
            self.refresh()

    def _lines_on_view(self) -> list[Drawn]:
        return _centred(self._words, *self.room) if self._words else self.draw()

    def render_line(self, y: int) -> Strip:
        line = self._drawn[y] if y < len(self._drawn) else ()
        cells = [Cell(text, self._style(look)) for text, look in line]
        return Strip(cells).adjust_cell_length(self.room.width, self._style(()))

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._look_styles.clear()

    def _style(self, look: Look) -> Style:
        """Kept: to look one up takes longer than to paint with it."""
        style = self._look_styles.get(look)
        if style is None:
            style = self._look_styles[look] = self._make_style(look)
        return style

    def _make_style(self, look: Look) -> Style:
        style = self.get_component_rich_style(look[0]) if look else self.rich_style
        for name in look[1:]:
            style += self._over(name)
        return style + _DIM if self._dimmed else style

    def _over(self, name: str) -> Style:
        """What a component class sets, to lay it over another: text styles add up."""
        full, sets = self.get_component_rich_style(name), self.get_component_styles(name).has_rule
        return (
            Style(
                color=full.color if sets("color") else None,
                bgcolor=full.bgcolor if sets("background") else None,
            )
            + self.get_component_styles(name).text_style
        )

    def _resize_document(self) -> None:
        rows = self.rows()
        # A document that fits exactly has no height: Textual would keep a scrollbar for it.
        size = Size(self.room.width, rows if rows > self.room.height else 0)
        if size != self.virtual_size:
            self.virtual_size = size

    def on_resize(self) -> None:
        self.resized()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.scrolled()
            self._drawn = self._lines_on_view()
            self.moved()

    # Moving

    @property
    def top(self) -> int:
        """The first row on view."""
        return self.scroll_offset.y

    def go_to_row(self, row: int) -> None:
        """Put this row on top, as far as the document allows."""
        # Forced: right after the document grew there is no scrollbar yet.
        self.scroll_to(y=row, animate=False, force=True)

    def go_by(self, rows: int) -> None:
        """Move by so many rows down, or up where they are negative."""
        self.go_to_row(self.top + rows)

    def page_rows(self) -> int:
        """How many rows a page has."""
        return max(1, self.room.height)

    def action_line_up(self) -> None:
        self.go_by(-1)

    def action_line_down(self) -> None:
        self.go_by(1)

    def action_page_up(self) -> None:
        self.go_by(-self.page_rows())

    def action_page_down(self) -> None:
        self.go_by(self.page_rows())

    def action_half_up(self) -> None:
        self.go_by(-max(1, self.room.height // 2))

    def action_half_down(self) -> None:
        self.go_by(max(1, self.room.height // 2))

    def action_to_start(self) -> None:
        self.go_to_row(0)

    def action_to_end(self) -> None:
        self.go_to_row(self.rows())

    # Within a row there is nothing to move: a subclass with a cursor has more to say.

    def action_byte_left(self) -> None: ...

    def action_byte_right(self) -> None: ...

    def action_row_start(self) -> None: ...

    def action_row_end(self) -> None: ...

    def action_select(self, way: str) -> None: ...


_DIM = Style(dim=True)


def _centred(words: str, width: int, height: int) -> list[Drawn]:
    lines = [part for line in words.splitlines() for part in textwrap.wrap(line, max(1, width - 2))]
    above: list[Drawn] = [()] * ((height - len(lines)) // 2)
    return [*above, *(_centred_line(line, width) for line in lines)][:height]


def _centred_line(line: str, width: int) -> Drawn:
    left = max(0, (width - cell_width(line)) // 2)
    return ((" " * left + line, ("lines--words",)),)
