"""The map of the segment on show: one line, where a click or a drag goes to a place."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import ClassVar

from rich.segment import Segment as Piece
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from shmtui.monitor.survey import SegmentMap
from shmtui.present.strip import STRIP_TONES, Cell, offset_at, strip


class MapStrip(Widget):
    """Draws what `show` gave it over its whole width. It reads nothing itself."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"map-strip--{tone}" for tone in STRIP_TONES}

    DEFAULT_CSS = """
    MapStrip { height: 1; }
    MapStrip > .map-strip--hole { color: $foreground 45%; }
    MapStrip > .map-strip--resident { color: $foreground 70%; }
    MapStrip > .map-strip--swapped { color: $text-warning; }
    MapStrip > .map-strip--unknown { color: $foreground 30%; }
    MapStrip > .map-strip--changed { color: $text-error; text-style: bold underline; }
    MapStrip > .map-strip--window { color: $accent; text-style: bold; }
    """

    class GoTo(Message):
        """The person pointed at this byte of the segment."""

        def __init__(self, offset: int) -> None:
            super().__init__()
            self.offset = offset

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._pages: SegmentMap | None = None
        self._window = (0, 0)
        self._lately: Sequence[tuple[int, int]] = ()
        self._size_bytes = 0
        self._cells: list[Cell] = []
        self._pointed: int | None = None
        """The cell under the pressed button."""

    def show(
        self,
        pages: SegmentMap | None,
        window: tuple[int, int],
        lately: Sequence[tuple[int, int]],
        size_bytes: int,
    ) -> None:
        """Show a segment of `size_bytes`; 0: nothing. The rest is as `present.strip.strip` says."""
        self._pages, self._window = pages, window
        self._lately, self._size_bytes = lately, size_bytes
        self._fill()

    def on_resize(self) -> None:
        self._fill()

    def _fill(self) -> None:
        cells = strip(self._pages, self.size.width, self._window, self._lately, self._size_bytes)
        if cells != self._cells:
            self._cells = cells
            self.refresh()

    def render_line(self, y: int) -> Strip:
        base = self.rich_style
        pieces = [
            Piece(
                "".join(cell.glyph for cell in cells),
                self.get_component_rich_style(f"map-strip--{tone}"),
            )
            for tone, cells in groupby(self._cells, lambda cell: cell.tone)
        ]
        return Strip(pieces).adjust_cell_length(self.size.width, base)

    # Pointing

    def on_mouse_down(self, event: events.MouseDown) -> None:
        event.stop()
        self.capture_mouse()
        self._point(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._pointed is not None:
            self._point(event.x)

    def on_mouse_up(self) -> None:
        self.release_mouse()

    def on_mouse_release(self) -> None:
        self._pointed = None

    def _point(self, x: int) -> None:
        """Tell of each cell once while the button is down; beyond the ends it is the end."""
        cell = min(max(x, 0), self.size.width - 1)
        if self._size_bytes and cell != self._pointed:
            self._pointed = cell
            self.post_message(self.GoTo(offset_at(cell, self.size.width, self._size_bytes)))
