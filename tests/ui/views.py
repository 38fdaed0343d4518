"""The widget for content alone, in an application that answers what it asks for."""

import pytest
from textual.app import App, ComposeResult
from textual.strip import Strip

from shmtui.decode import hexdump, numbers, spans, strings, text
from shmtui.decode.types import parse_kind
from shmtui.ui.window_view import WindowView
from tests.decode.windows import Window

UNCHANGED = b"\xff"
HEX_AT = 10
CHARACTERS_AT = 61
"""Columns of the first byte of a hex row."""

U32 = numbers.view(parse_kind("u32le"))
VIEWS = [
    pytest.param(hexdump, id="hex"),
    pytest.param(text, id="text"),
    pytest.param(strings, id="strings"),
    pytest.param(U32, id="numbers"),
]
LOREM = b"".join(b"line %05d of text\n" % number for number in range(5000))
"""Each of 19 bytes."""


class PaintedView(WindowView):
    """Keeps which lines were painted."""

    def __init__(self, view: spans.View) -> None:
        super().__init__(view)
        self.painted: list[int] = []

    def render_line(self, y: int) -> Strip:
        self.painted.append(y)
        return super().render_line(y)


class ViewApp(App[None]):
    def __init__(self, size_bytes: int, view: spans.View = hexdump) -> None:
        super().__init__()
        self.view = PaintedView(view)
        self.size_bytes = size_bytes
        self.wanted: list[tuple[int, int]] = []
        self.moves: list[int] = []
        self.content: bytes | None = None
        """What each window that is wanted is answered from, at once."""

    def compose(self) -> ComposeResult:
        yield self.view

    def on_mount(self) -> None:
        self.view.show_segment(self.size_bytes)
        self.view.focus()

    def on_window_view_window_wanted(self, event: WindowView.WindowWanted) -> None:
        self.wanted.append((event.offset, event.length))
        if self.content is not None:
            self.give(self.content)

    def give(self, content: bytes, ages: bytes = b"") -> None:
        """Show what is wanted now of this content."""
        offset, length = self.view.wanted
        data = content[offset : offset + length].ljust(length, b"\0")
        self.view.take(Window(offset, data), ages.ljust(length, UNCHANGED))

    def on_window_view_cursor_moved(self, event: WindowView.CursorMoved) -> None:
        self.moves.append(event.offset)


def under_cursor(app: ViewApp) -> str:
    """What is drawn reversed, but for the scrollbar."""
    width = app.view.room.width
    strips = app.screen._compositor.render_strips()
    cells = (cell for strip in strips for cell in strip.crop(0, width))
    return "".join(cell.text for cell in cells if cell.style and cell.style.reverse)
