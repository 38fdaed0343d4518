"""The one widget for content: any view of a segment's bytes, with cursor, selection and mouse."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.timer import Timer

from shmtui.decode.spans import FADED, TONES, View
from shmtui.ui.atoms import nearest
from shmtui.ui.cursor_view import CursorView

_WHEEL_LINES = 3
_DRAG_EVERY_S = 0.05
"""Between two lines that scroll by while the mouse is held above or below the lines."""


class WindowView(CursorView):
    """Keys move the cursor, a click puts it, a drag selects, a double click selects what is under
    it, the wheel scrolls. It posts WindowWanted and CursorMoved, and reads nothing itself.

    Bytes that changed are bold, underlined and coloured, then underlined, then as the others.
    """

    ALLOW_SELECT = False
    """Textual selects cells; here bytes are selected."""

    COMPONENT_CLASSES: ClassVar[set[str]] = (
        {f"window--{tone}" for tone in TONES}
        | {f"window--fresh-{level}" for level in range(FADED)}
        | {f"window--{name}" for name in ("match", "selected", "cursor", "cursor-blurred")}
    )

    DEFAULT_CSS = """
    WindowView > .window--offset { color: $foreground 60%; }
    WindowView > .window--nul { color: $foreground 45%; }
    WindowView > .window--printable { color: $foreground; }
    WindowView > .window--space { color: $text-success; }
    WindowView > .window--ascii { color: $text-secondary; }
    WindowView > .window--high { color: $text-warning; }
    WindowView > .window--gap { color: $foreground 35%; text-style: italic; }
    WindowView > .window--rule { color: $foreground 60%; }
    WindowView > .window--text { color: $foreground; }
    WindowView > .window--number { color: $foreground; }
    WindowView > .window--plain { color: $foreground 60%; }
    WindowView > .window--fresh-0 { color: $text-error; text-style: bold underline; }
    WindowView > .window--fresh-1 { color: $text-accent; text-style: bold underline; }
    WindowView > .window--fresh-2 { color: $text-accent; text-style: underline; }
    WindowView > .window--fresh-3 { color: $foreground; text-style: underline; }
    WindowView > .window--match { background: $warning 35%; color: $foreground; }
    WindowView > .window--selected { background: $primary 50%; color: $foreground; }
    WindowView > .window--cursor { text-style: reverse; }
    WindowView > .window--cursor-blurred { text-style: underline dim; }
    WindowView:nocolor > .window--match { text-style: reverse dim italic; }
    WindowView:nocolor > .window--selected { text-style: reverse dim; }
    """

    def __init__(self, view: View, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(view, id=id)
        self._drag: tuple[int, int] | None = None
        """Cell on view of the mouse that selects."""
        self._drag_timer: Timer | None = None

    def show_segment(self, size_bytes: int) -> None:
        self._stop_dragging()
        super().show_segment(size_bytes)

    # Keys

    def action_line_up(self) -> None:
        self.travel("up")

    def action_line_down(self) -> None:
        self.travel("down")

    def action_byte_left(self) -> None:
        self.travel("left")

    def action_byte_right(self) -> None:
        self.travel("right")

    def action_row_start(self) -> None:
        self.travel("row_start")

    def action_row_end(self) -> None:
        self.travel("row_end")

    def action_page_up(self) -> None:
        self.travel("page_up")

    def action_page_down(self) -> None:
        self.travel("page_down")

    def action_half_up(self) -> None:
        self.travel("half_up")

    def action_half_down(self) -> None:
        self.travel("half_down")

    def action_to_start(self) -> None:
        self.travel("start")

    def action_to_end(self) -> None:
        self.travel("end")

    def action_select(self, key: str) -> None:
        """Move as this key does, and select."""
        self.travel(_WAYS[key], extend=True)

    # The mouse

    def _byte_at(self, x: int, y: int) -> int | None:
        """What is drawn nearest to this cell, on its line or the last one before it."""
        lines = () if self._words else self._lines[: max(0, y) + 1]
        found = (nearest(line, x) for line in reversed(lines))
        return next((atom.offset for atom in found if atom), None)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        at = self._byte_at(event.x, event.y)
        if event.button != 1 or at is None:
            return
        if event.shift:
            self.select_to(at)
        else:
            self.clear_selection()
            self.put(at)
        self._drag = (event.x, event.y)
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        if self._drag is None:
            return
        self._drag = (event.x, event.y)
        self._drag_on()
        outside = not 0 <= event.y < self.room.height
        if outside and self._drag_timer is None:
            self._drag_timer = self.set_interval(_DRAG_EVERY_S, self._drag_outside)

    def on_mouse_up(self) -> None:
        self._stop_dragging()

    def on_mouse_release(self) -> None:
        self._stop_dragging()

    def on_click(self, event: events.Click) -> None:
        if event.chain == 2:
            start, length = self.unit()
            self.select(start, start + length)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -_WHEEL_LINES)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, _WHEEL_LINES)

    def _wheel(self, event: events.MouseEvent, lines: int) -> None:
        event.stop()
        event.prevent_default()
        self.scroll_lines(lines)
        if self._drag is not None:
            self._drag_on()

    def _drag_on(self) -> None:
        """Select as far as the mouse is; a mouse that only shook selects nothing."""
        if self._drag is None:
            return
        at = self._byte_at(*self._drag)
        if at is not None and (self.selection or at != self.cursor):
            self.select_to(at)

    def _drag_outside(self) -> None:
        y = self._drag[1] if self._drag else 0
        if 0 <= y < self.room.height:
            self._stop_timer()
        elif self._aim is None:
            self.scroll_lines(-1 if y < 0 else 1)
            self._drag_on()

    def _stop_dragging(self) -> None:
        self._stop_timer()
        if self._drag is not None:
            self._drag = None
            self.release_mouse()

    def _stop_timer(self) -> None:
        if self._drag_timer is not None:
            self._drag_timer.stop()
            self._drag_timer = None


_WAYS = {
    "up": "up",
    "down": "down",
    "left": "left",
    "right": "right",
    "pageup": "page_up",
    "pagedown": "page_down",
    "home": "row_start",
    "end": "row_end",
}
