"""One line of text with looks, of which some parts can be clicked."""

from __future__ import annotations

from typing import NamedTuple

from rich.segment import Segment as Cell
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from shmtui.present.words import cell_width


class Part(NamedTuple):
    """A piece of a bar."""

    text: str
    look: str = ""
    """A component class of the bar; empty: the bar's own look."""
    click: int | None = None
    """What a click on it tells."""


class Bar(Widget):
    """Draws the parts it was given; they must be safe to print."""

    DEFAULT_CSS = "Bar { height: 1; }"

    class Clicked(Message):
        """A part that tells something was clicked."""

        def __init__(self, told: int) -> None:
            super().__init__()
            self.told = told

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._parts: tuple[Part, ...] = ()

    def show(self, *parts: Part) -> None:
        if parts != self._parts:
            self._parts = parts
            self.refresh()

    def render_line(self, y: int) -> Strip:
        base = self.rich_style
        cells = [
            Cell(text, base + self.get_component_rich_style(look, partial=True) if look else base)
            for text, look, _ in self._parts
        ]
        return Strip(cells).adjust_cell_length(self.size.width, base)

    def on_click(self, event: events.Click) -> None:
        start = 0
        for text, _, told in self._parts:
            start += cell_width(text)
            if event.x < start:
                if told is not None:
                    self.post_message(self.Clicked(told))
                return
