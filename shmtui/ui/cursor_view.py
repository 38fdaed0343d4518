"""A cursor on one byte of the content, the selection that it draws along, and how both move."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.message import Message

from shmtui.decode.spans import Line, View
from shmtui.ui.atoms import atoms, holding, nearest, runs_of, spans_of
from shmtui.ui.content_view import Aim, ContentView
from shmtui.ui.painting import Mark

_END_OF_LINE = 1 << 20
"""A cell behind the last one of any line."""


class CursorView(ContentView):
    """The cursor stays on its byte when the view or the width changes, and behind when one only
    scrolls; the next move brings it back on view.
    """

    class WindowWanted(Message, namespace="window_view"):
        """Other bytes are wanted now."""

        def __init__(self, offset: int, length: int) -> None:
            super().__init__()
            self.offset = offset
            self.length = length

    class CursorMoved(Message, namespace="window_view"):
        """The cursor stands on another byte now."""

        def __init__(self, offset: int) -> None:
            super().__init__()
            self.offset = offset

    def __init__(self, view: View, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(view, id=id)
        self._cursor = 0
        self._selection: tuple[int, int] | None = None
        self._anchor: tuple[int, int] | None = None
        """Bytes that a selection keeps while its other end moves."""
        self._extends = False
        """The cursor takes the other end with it."""
        self._goal: int | None = None
        """The cell, in rows of equal length the byte, that moves up and down keep to."""
        self._matches: Sequence[tuple[int, int]] = ()
        self._posted: tuple[int, int] | None = None

    # What others know and set

    @property
    def cursor(self) -> int:
        """The byte that it stands on."""
        return self._cursor

    @property
    def selection(self) -> tuple[int, int] | None:
        """Start and end (exclusive) in bytes."""
        return self._selection

    def select(self, start: int, end: int) -> None:
        """Select these bytes, wherever the cursor is."""
        start, end = max(0, start), min(end, self._size_bytes)
        self._selection = self._anchor = (start, end) if start < end else None
        self.redraw()

    def clear_selection(self) -> bool:
        """True: there was one."""
        had, self._selection, self._anchor = self._selection is not None, None, None
        if had:
            self.redraw()
        return had

    def set_marks(self, ranges: Sequence[tuple[int, int]]) -> None:
        """Mark these bytes (start, end (exclusive)) as what was looked for."""
        if ranges != self._matches:
            self._matches = ranges
            self.redraw()

    def go_to(self, offset: int) -> None:
        """Put the cursor there, clamped to the segment; far away it is a third from the top."""
        self._extends, self._goal = False, None
        self._put(min(max(0, offset), self._last))
        self.reveal()

    def put(self, offset: int) -> None:
        """Stand on this byte, which is on view."""
        self._extends, self._goal = False, None
        self._put(offset)
        self.redraw()

    def select_to(self, offset: int) -> None:
        """Stand on this byte, and select from where the cursor or the selection began."""
        self._anchor = self._anchor or self._held()
        self._extends, self._goal = True, None
        self._put(offset)
        self.redraw()

    def unit(self) -> tuple[int, int]:
        """(offset, length) of what is drawn under the cursor: a byte in hex, a number, a run of
        text; the byte alone where it is not drawn; length 0 where there is no byte.
        """
        start, end = self._cursor, min(self._cursor + 1, self._size_bytes)
        for first, last in runs_of(self._lines) if self.flows else spans_of(self._lines):
            if first <= self._cursor < last:
                return first, last - first
        return start, end - start

    def show_segment(self, size_bytes: int) -> None:
        self._selection = self._anchor = self._goal = self._posted = None
        self._extends, self._matches = False, ()
        self._put(0)
        super().show_segment(size_bytes)

    # Drawing

    def marks(self) -> Iterator[Mark]:
        for start, end in self._matches:
            yield Mark(start, end, "window--match")
        if self._selection:
            yield Mark(*self._selection, "window--selected")
        name = "window--cursor" if self.has_focus else "window--cursor-blurred"
        yield Mark(self._cursor, self._cursor + 1, name)

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self.redraw()

    def reflow(self) -> None:
        """Keep the byte on top, and the cursor on view if it was, or was about to be."""
        is_followed = not self._shown_to or self._aim or self.is_on_view(self._cursor)
        self._goal = None
        super().reflow()
        if is_followed:
            self.reveal()

    def on_hide(self) -> None:
        # Whoever asks what is wanted while this is hidden learns: nothing. Shown again, it tells
        # what is, though that be what it was before.
        self._posted = None

    def moved(self) -> None:
        if self.wanted != self._posted:
            self._posted = self.wanted
            self.post_message(self.WindowWanted(*self.wanted))

    # Where the cursor is

    @property
    def _last(self) -> int:
        return max(0, self._size_bytes - 1)

    def _put(self, offset: int) -> None:
        """Stand on this byte. The caller draws."""
        if offset != self._cursor:
            self._cursor = offset
            self.post_message(self.CursorMoved(offset))
        if self._extends:
            first, last = self._anchor or self._held()
            start, end = self._held()
            self._anchor, self._selection = (first, last), (min(first, start), max(last, end))

    def _put_on(self, lines: Sequence[Line], x: int, least: int = 0) -> None:
        """Stand near cell `x` of the last of these lines that has a byte; not before `least`."""
        found = next((atom for line in reversed(lines) if (atom := nearest(line, x))), None)
        self._put(max(found.offset if found else 0, least))
        self.redraw()

    def _held(self) -> tuple[int, int]:
        """Start and end of the atom under the cursor."""
        found = holding(self._lines, self._cursor)
        return (found[1].offset, found[1].end) if found else (self._cursor, self._cursor + 1)

    def _place(self) -> tuple[int, int]:
        """Line and cell of the cursor on view; line 0 where it is not drawn."""
        found = holding(self._lines, self._cursor)
        return (found[0], found[1].x) if found else (0, 0)

    def reveal(self) -> None:
        """Scroll so that the cursor is on view: a third from the top if it was not."""
        if not self._size_bytes or self.is_on_view(self._cursor):
            self.redraw()
        elif self.flows:
            self.aim(Aim(self._cursor, self.room.height // 3, is_exact=False))
        else:
            self.go_to_row(self._cursor // self.stride - self.room.height // 3)

    def landed(self, aim: Aim) -> None:
        """The lines above are known now: the cursor goes where it was on its way to."""
        if aim.at is not None and aim.above and not self._line_of(aim.byte, self.on_view[0]):
            self._put(self.on_view[0])  # there was nothing worth a line
        elif aim.at is not None:
            self._put_on(self._lines[: aim.at[0] + 1], aim.at[1])
        elif aim.byte == self._size_bytes and not holding(self._lines, self._cursor):
            self._put_on(self._lines, _END_OF_LINE)

    # Moving

    def travel(self, way: str, extend: bool = False) -> None:
        """Move the cursor: up down left right page_up page_down half_up half_down row_start
        row_end start end. `extend`: the selection grows or shrinks with it, else there is none.
        """
        if not self._size_bytes or self._words:
            return
        if extend:
            self._anchor = self._anchor or self._held()
        else:
            self.clear_selection()
        self._extends = extend
        if way not in _VERTICAL:
            self._goal = None
        if way not in _VERTICAL | {"start", "end"} and not self.is_on_view(self._cursor):
            self.reveal()
        height = self.room.height
        match way:
            case "up" | "down":
                self._move_line(-1 if way == "up" else 1)
            case "left":
                self._move_left()
            case "right":
                self._move_right()
            case "page_up" | "page_down":
                self._move_page(height if way == "page_down" else -height)
            case "half_up" | "half_down":
                self._move_page(max(1, height // 2) * (1 if way == "half_down" else -1))
            case "row_start" | "row_end":
                if found := holding(self._lines, self._cursor):
                    line = self._lines[found[0]]
                    self._put_on([line], 0 if way == "row_start" else _END_OF_LINE)
            case "start" | "end":
                self._move_to_end(0 if way == "start" else self._last)

    def _move_to_end(self, offset: int) -> None:
        self._put(offset)
        if not self.flows:
            self._follow()
        elif offset == 0:
            self.show_from(0)
        else:
            self.aim(Aim(self._size_bytes, self.room.height))

    def _move_rows(self, count: int) -> None:
        """In rows of equal length."""
        row, byte = divmod(self._cursor, self.stride)
        self._goal = byte if self._goal is None else self._goal
        row = min(max(0, row + count), self._last // self.stride)
        self._put(min(row * self.stride + self._goal, self._last))
        self._follow()

    def _follow(self) -> None:
        """Scroll as little as brings the cursor's row on view."""
        row = self._cursor // self.stride
        lowest = self.top + self.room.height - 1
        if row < self.top:
            self.go_to_row(row)
        elif row > lowest:
            self.go_to_row(self.top + row - lowest)
        self.redraw()

    def _move_page(self, count: int) -> None:
        y, x = self._place()
        if not self.flows:
            was_on_view = self.is_on_view(self._cursor)
            self.scroll_lines(count)
            if not was_on_view:
                self._put(self.on_view[0])
            self._move_rows(count if was_on_view else 0)
            return
        self._goal = x if self._goal is None else self._goal
        if count < 0 and self.on_view[0] > 0:
            self.rise(-count, (y, self._goal))
        elif count > 0 and self._shown_to < self._size_bytes:
            self.sink(count, (y, self._goal))
        else:
            self._put_on(self._lines[:1] if count < 0 else self._lines, self._goal)

    def _move_line(self, step: int) -> None:
        if not self.flows:
            self._move_rows(step)
        elif not self.is_on_view(self._cursor):
            self.reveal()
        elif (line := self._line_beside(step)) is not None:
            self._put_on([line], self._goal or 0)
        elif step < 0:
            self.rise(1, (0, self._goal or 0))
        else:
            self._go_on(self._goal or 0)

    def _line_beside(self, step: int) -> Line | None:
        """The next line above or below that has bytes. Keeps the cell to aim at."""
        at, held = self._cursor, holding(self._lines, self._cursor)
        if held and self._goal is None:
            self._goal = held[1].x
        lines = self._lines if step > 0 else self._lines[::-1]
        for line in lines:
            found = atoms(line)
            if found and (found[0].offset > at if step > 0 else found[-1].end <= at):
                return line
        return None

    def _go_on(self, x: int) -> None:
        """Scroll on until the first byte that is not on view is, and stand near it."""
        first = self._shown_to
        if first >= self._size_bytes:
            return
        for _ in range(self.room.height):
            if self.is_on_view(first):
                break
            self.show_from(self._line_starts(1))
        ends = [line for line in self._lines if any(atom.end > first for atom in atoms(line))]
        self._put_on(ends[:1], x, least=first)

    def _move_left(self) -> None:
        start, _ = self._held()
        if not self.flows:
            if start > 0:
                self._put(start - 1)
                self._follow()
                self._put(self._held()[0])
                self.redraw()
            return
        ends = [atom for line in self._lines for atom in atoms(line) if atom.end <= start]
        if ends:
            self._put(ends[-1].offset)
            self.redraw()
        else:
            self.rise(1, (0, _END_OF_LINE))

    def _move_right(self) -> None:
        _, end = self._held()
        if not self.flows:
            self._put(min(end, self._last))
            self._follow()
            return
        following = (a for line in self._lines for a in atoms(line) if a.offset >= end)
        after = next(following, None)
        if after:
            self._put(after.offset)
            self.redraw()
        else:
            self._go_on(0)


_VERTICAL = frozenset({"up", "down", "page_up", "page_down", "half_up", "half_down"})
