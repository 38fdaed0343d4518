"""A panel of a few lines that is looked at, not moved in: only lines that differ are painted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import ClassVar

from rich.segment import Segment as Cell
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from shmtui.present.toned import PANEL_TONES, PanelLine


class PlainLines(Widget):
    """Draws the lines it was given from its top; they must be safe to print."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"panel--{tone}" for tone in PANEL_TONES}

    DEFAULT_CSS = """
    PlainLines > .panel--label { color: $foreground 60%; }
    PlainLines > .panel--value { color: $foreground; }
    PlainLines > .panel--fresh { color: $text-error; text-style: bold underline; }
    PlainLines > .panel--strong { color: $text-accent; text-style: bold; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._lines: Sequence[PanelLine] = ()

    def show(self, lines: Sequence[PanelLine]) -> None:
        """Show these lines from now on."""
        before, self._lines = self._lines, tuple(lines)
        pairs = zip_longest(before, self._lines)
        width = self.size.width
        changed = [Region(0, y, width, 1) for y, (old, new) in enumerate(pairs) if old != new]
        if changed:
            self.refresh(*changed)

    def line_at(self, y: int) -> PanelLine:
        """The line to draw there; empty where there is none."""
        return self._lines[y] if y < len(self._lines) else ()

    def render_line(self, y: int) -> Strip:
        base = self.rich_style
        cells = [
            Cell(text, self.get_component_rich_style(f"panel--{tone}"))
            for text, tone in self.line_at(y)
        ]
        return Strip(cells).adjust_cell_length(self.size.width, base)
