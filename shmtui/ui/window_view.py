"""The one widget for content: any view of a segment's bytes, at any offset, as they change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, NamedTuple

from textual.message import Message

from shmtui.decode.spans import FADED, TONES, Bytes, GapLike, Line, Span, View, levels
from shmtui.ui.lines_view import Drawn, LinesView, Look

UNREAD = "not read"
"""Why bytes that just scrolled into view are not shown."""


class Gap(NamedTuple):
    offset: int
    length: int
    why: str


class Picture(NamedTuple):
    """What is known of the stretch on view."""

    offset: int
    data: bytes
    gaps: tuple[Gap, ...]


class WindowView(LinesView):
    """Rows of `view.stride` bytes each. It asks for the window on view, and reads nothing itself.

    Bytes that changed are bold, underlined and coloured, then underlined, then as the others.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"window--{tone}" for tone in TONES} | {
        f"window--fresh-{level}" for level in range(FADED)
    }

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
    WindowView > .window--plain { color: $foreground 60%; }
    WindowView > .window--fresh-0 { color: $text-error; text-style: bold underline; }
    WindowView > .window--fresh-1 { color: $text-accent; text-style: bold underline; }
    WindowView > .window--fresh-2 { color: $text-accent; text-style: underline; }
    WindowView > .window--fresh-3 { color: $foreground; text-style: underline; }
    """

    class WindowWanted(Message):
        """Other bytes are on view now."""

        def __init__(self, offset: int, length: int) -> None:
            super().__init__()
            self.offset = offset
            self.length = length

    def __init__(self, view: View, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._view = view
        self._size_bytes = 0
        self._window: Bytes | None = None
        self._ages = b""
        self._first = 0
        """Byte that stays on top when the rows get longer or shorter."""
        self._shown_to = 0
        """Byte after the last one that the lines on view stand for."""
        self._posted: tuple[int, int] | None = None

    # What to show

    def show_segment(self, size_bytes: int) -> None:
        """Begin at the start of another segment, of which nothing is known yet."""
        self._size_bytes, self._window, self._ages = size_bytes, None, b""
        self._first, self._posted = 0, None
        self._reflow()

    def set_view(self, view: View) -> None:
        """Show the same bytes in another way."""
        if view is not self._view:
            self._view = view
            self._reflow()

    def take(self, window: Bytes, ages: bytes) -> None:
        """Show this content; bytes on view that it does not cover are a gap."""
        self._window, self._ages = window, ages
        self.redraw()

    @property
    def has_picture(self) -> bool:
        """Something was read of this segment."""
        return self._window is not None

    @property
    def wanted(self) -> tuple[int, int]:
        """(offset, length) in bytes of what is on view; length 0: nothing, it has no size yet."""
        stride, height = self._stride, self.room.height
        last_row = max(0, -(-self._size_bytes // stride) - 1)
        offset = min(self.top, last_row) * stride
        length = max(height * stride, self._view.LEAST_BYTES) if height else 0
        return offset, max(0, min(length, self._size_bytes - offset))

    # Drawing

    @property
    def _stride(self) -> int:
        return self._view.stride(max(1, self.room.width), self._size_bytes)

    def rows(self) -> int:
        if not self._size_bytes or (self.top == 0 and self._shown_to >= self._size_bytes):
            return 0  # nothing to scroll to
        return -(-self._size_bytes // self._stride) + self._view.EXTRA_ROWS

    def draw(self) -> list[Drawn]:
        picture, ages = self._picture()
        lines = self._view.lines(picture, ages, *self.room)
        self._shown_to = max((_end(line) for line in lines), default=0)
        fresh = levels(ages, len(picture.data))
        return [_paint(line, fresh, picture.offset) for line in lines]

    def _picture(self) -> tuple[Bytes, bytes]:
        """What is known of the bytes on view, and their ages."""
        offset, length = self.wanted
        window = self._window or Picture(offset, b"", ())
        if window.offset == offset and len(window.data) == length:
            return window, self._ages
        start = min(max(offset, window.offset), offset + length)
        stop = max(start, min(offset + length, window.offset + len(window.data)))
        before, after = start - offset, offset + length - stop
        here = slice(start - window.offset, stop - window.offset)
        data = bytes(before) + window.data[here] + bytes(after)
        ages = b"\xff" * before + self._ages[here] + b"\xff" * after
        unread = Gap(offset, before, UNREAD), Gap(stop, after, UNREAD)
        return Picture(offset, data, (*_clipped(window.gaps, start, stop), *unread)), ages

    # Moving

    def moved(self) -> None:
        self._first = self.wanted[0]
        if self.wanted != self._posted:
            self._posted = self.wanted
            self.post_message(self.WindowWanted(*self.wanted))

    def resized(self) -> None:
        self._reflow()

    def _reflow(self) -> None:
        """Keep the same byte on top though the rows have another length."""
        first, self._shown_to = self._first, 0
        self._resize_document()
        self.go_to_row(first // self._stride)
        self.redraw()
        self.moved()
        self._first = first

    def page_rows(self) -> int:
        """To the first byte that is not on view: the rule of a text takes a line, but no bytes."""
        return max(1, self._shown_to // self._stride - self.top)


def _end(line: Line) -> int:
    return max((span.offset + span.length for span in line if span.length), default=0)


_TONES: dict[str, Look] = {tone: (f"window--{tone}",) for tone in TONES}
_FRESH: list[Look] = [(f"window--fresh-{level}",) for level in range(FADED)]


def _paint(line: Line, fresh: bytes, base: int) -> Drawn:
    """The line in few pieces: each one costs a change of colours on the terminal.

    Blanks between pieces of one look join them; others are never underlined.
    """
    pieces: list[tuple[str, Look]] = [("", _TONES["plain"])]
    blank = ""
    for span in line:
        if not span.length and span.text.isspace():
            blank = span.text
            continue
        look = _look(span, fresh, base)
        text, last = pieces[-1]
        if look is last:
            pieces[-1] = text + blank + span.text, last
        else:
            if last in _FRESH:
                pieces.append((blank, _TONES["plain"]))
            else:
                pieces[-1] = text + blank, last
            pieces.append((span.text, look))
        blank = ""
    return tuple(piece for piece in pieces if piece[0])


def _look(span: Span, fresh: bytes, base: int) -> Look:
    """How fresh it is, if it is: that matters more than what it is."""
    if span.length:
        at = span.offset - base
        level = fresh[at] if span.length == 1 else min(fresh[at : at + span.length])
        if level < FADED:
            return _FRESH[level]
    return _TONES[span.tone]


def _clipped(gaps: Sequence[GapLike], start: int, stop: int) -> Iterator[Gap]:
    for gap in gaps:
        first, last = max(gap.offset, start), min(gap.offset + gap.length, stop)
        if first < last:
            yield Gap(first, last - first, gap.why)
