"""Any view of a segment's bytes, at any offset: what is on view, what should be read, scrolling.

Rows of hex or numbers are `stride` bytes each: the row on top says which bytes are on view. Text
and strings *flow*: their lines hold as many bytes as they hold, so any byte can stand on top, and
what a line above it would show is known only once the bytes before it were read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import zip_longest
from math import inf
from typing import NamedTuple

from shmtui.decode.spans import Bytes, Line, View, levels
from shmtui.ui.atoms import atoms
from shmtui.ui.lines_view import Drawn, LinesView
from shmtui.ui.painting import Mark, paint
from shmtui.ui.picture import covers, part

_PATIENCE = 2
"""Readings to await that have the bytes which are aimed at. One may be of the window before; a
picture that is frozen never has them."""


class Aim(NamedTuple):
    """A place in a view that flows, to be shown once the bytes before it were read."""

    byte: int
    above: int
    """Lines to show above this byte."""
    at: tuple[int, int] | None = None
    """Line and cell on view where the cursor goes then."""
    is_exact: bool = True
    """False: fewer lines will do."""


class Painted(NamedTuple):
    """A line, what its look depends on, and its look."""

    line: Line
    start: int
    fresh: bytes
    marks: tuple[Mark, ...]
    drawn: Drawn


class ContentView(LinesView):
    """Draws what `take` brings. It asks for the window on view, and reads nothing itself."""

    def __init__(self, view: View, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._view = view
        self._size_bytes = 0
        self._window: Bytes | None = None
        self._ages = b""
        self._from = 0
        """Byte on top: also while a shorter row cannot begin with it."""
        self._lines: Sequence[Line] = ()
        self._painted: Sequence[Painted] = ()
        self._shown_to = 0
        """Byte after the last one that the lines on view stand for."""
        self._aim: Aim | None = None
        self._patience = 0

    # What a subclass has

    def marks(self) -> Iterable[Mark]:
        """What is marked on view."""
        return ()

    def landed(self, aim: Aim) -> None:
        """Called when the place that was aimed at is on view."""

    # What to show

    def show_segment(self, size_bytes: int) -> None:
        """Begin at the start of another segment, of which nothing is known yet."""
        self._size_bytes, self._window, self._ages = size_bytes, None, b""
        self._from = 0
        self.reflow()

    def set_view(self, view: View) -> None:
        """Show the same bytes in another way."""
        if view is not self._view:
            self._view = view
            self.reflow()

    def take(self, window: Bytes, ages: bytes) -> None:
        """Show this content; bytes on view that it does not cover are a gap.

        Give it each picture that was read for what is `wanted`, or the one that is frozen.
        """
        self._window, self._ages = window, ages
        if self._aim is not None:
            self._land(self._aim)
        self.redraw()

    @property
    def has_picture(self) -> bool:
        """Something was read of this segment."""
        return self._window is not None

    def shown(self, start: int, end: int) -> Bytes | None:
        """These bytes of the picture, as they are shown; None if it does not have them all."""
        if self._window is None or start >= end or not covers(self._window, start, end):
            return None
        return part(self._window, self._ages, start, end - start)[0]

    # Which bytes

    @property
    def flows(self) -> bool:
        """Lines are not of equally many bytes."""
        return bool(self._view.LEAST_BYTES)

    @property
    def wanted(self) -> tuple[int, int]:
        """(offset, length) in bytes of what should be read: what is on view, and what is aimed at.

        Length 0: nothing, it has no size yet.
        """
        offset, length = self.on_view
        if self._aim is None or not length:
            return offset, length
        start = self._before(self._aim.byte)
        return start, min(self._aim.byte + self._least, self._size_bytes) - start

    @property
    def on_view(self) -> tuple[int, int]:
        """(offset, length) of the bytes that the lines are made from."""
        if self.flows:
            offset = min(self._from, max(0, self._size_bytes - 1))
        else:
            last_row = max(0, -(-self._size_bytes // self.stride) - 1)
            offset = min(self.top, last_row) * self.stride
        return offset, max(0, min(self._least, self._size_bytes - offset))

    @property
    def stride(self) -> int:
        """Bytes of a row."""
        return self._view.stride(max(1, self.room.width), self._size_bytes)

    @property
    def _least(self) -> int:
        """Bytes that surely fill the room; 0: there is none."""
        height = self.room.height
        return max(height * self.stride, self._view.LEAST_BYTES) if height else 0

    def _before(self, byte: int) -> int:
        """From where to read, so that the lines above this byte are known. What is read from
        there on fills the room beyond it too.
        """
        fill = self.room.height * self.stride
        return max(0, byte - max(fill, self._view.LEAST_BYTES // 2))

    def is_on_view(self, offset: int) -> bool:
        """The lines show this byte, or that nothing of it is worth a place."""
        return self.on_view[0] <= offset < self._shown_to

    # Drawing

    def rows(self) -> int:
        if not self._size_bytes or (self._from == 0 and self._shown_to >= self._size_bytes):
            return 0  # nothing to scroll to
        return -(-self._size_bytes // self.stride) + self._view.EXTRA_ROWS

    def draw(self) -> list[Drawn]:
        picture, ages = part(self._window, self._ages, *self.on_view)
        end = picture.offset + len(picture.data)
        self._lines = self._view.lines(picture, ages, *self.room)
        # Where lines are left, all was shown: what has no line is not worth one.
        is_full = len(self._lines) >= self.room.height
        self._shown_to = max(map(_end, self._lines), default=end) if is_full else end
        fresh = levels(ages, len(picture.data))
        old = self._painted
        self._painted = list(self._paint(picture.offset, fresh, tuple(self.marks()), old))
        return [painted.drawn for painted in self._painted]

    def _paint(
        self, base: int, fresh: bytes, marks: tuple[Mark, ...], old: Sequence[Painted]
    ) -> Iterator[Painted]:
        """The lines as they look. What looks as it did is not made anew: most do at a refresh."""
        start = base
        for line, before in zip_longest(self._lines, old[: len(self._lines)]):
            end = max(start, _end(line))
            look = fresh[start - base : end - base]
            touching = tuple(mark for mark in marks if mark.start < end and start < mark.end)
            if before and before[:4] == (line, start, look, touching):
                yield before
            else:
                yield Painted(line, start, look, touching, paint(line, fresh, base, touching))
            start = end

    def resized(self) -> None:
        self.reflow()

    def reflow(self) -> None:
        """Keep the same byte on top though the rows have another length."""
        first, self._shown_to, self._aim = self._from, 0, None
        self._resize_document()
        self.go_to_row(first // self.stride)
        self._from = first
        self.redraw()
        self.moved()

    # Scrolling

    def scrolled(self) -> None:
        """By the scrollbar, or by `show_from`, which has said already which byte is on top."""
        if self.top != self._row_of(self._from):
            self._from, self._aim = self.top * self.stride, None

    def _row_of(self, byte: int) -> int:
        return int(min(byte // self.stride, self.max_scroll_y))

    def show_from(self, byte: int) -> None:
        """Put this byte on top, or the row that has it."""
        self._from, self._aim = byte, None
        if self._row_of(byte) != self.top:
            self.go_to_row(byte // self.stride)
        else:
            self.redraw()
            self.moved()

    def aim(self, aim: Aim) -> None:
        """Ask for the bytes before this place, and show it once they are there."""
        if aim.byte <= 0 or not aim.above:
            self.show_from(max(0, aim.byte))
            self.landed(aim)
            return
        self._aim, self._patience = aim, _PATIENCE
        window = self._window
        if window is not None and covers(window, self._before(aim.byte), aim.byte):
            self._land(aim)
        self.moved()

    def _land(self, aim: Aim) -> None:
        window, start = self._window, self._before(aim.byte)
        self._patience -= 1
        if self._patience and not (window and covers(window, start, aim.byte)):
            return
        self.show_from(self._fit(start, aim))
        self.landed(aim)

    def _fit(self, start: int, aim: Aim) -> int:
        """The first byte from which on the lines are filled so that the one with the byte that is
        aimed at has not more above it than it should.
        """

        def fits(first: int) -> bool:
            return self._line_of(aim.byte, first) <= aim.above

        if not aim.is_exact:
            return next(filter(fits, self._guesses(aim, start)), aim.byte)
        guess = next(self._guesses(aim, start), start)
        before, _ = part(self._window, b"", start, aim.byte - start)
        lines = self._view.lines(before, b"", self.room.width, len(before.data))
        firsts = [start, *(atom.offset for line in lines for atom in atoms(line)), aim.byte]
        return _first(firsts, bisect_left(firsts, guess), fits)

    def _guesses(self, aim: Aim, start: int) -> Iterator[int]:
        """First bytes that may fit: a line has a row's bytes, or in dense text fewer."""
        length = aim.above * self.stride
        while length:
            yield max(start, aim.byte - length)
            length //= 4

    def _line_of(self, byte: int, first: int) -> float:
        """Lines above this byte, or above what follows it, where another one is on top."""
        end = min(first + self._least, self._size_bytes)
        here, _ = part(self._window, b"", first, end - first)
        lines = self._view.lines(here, b"", *self.room)
        after = next((y for y, line in enumerate(lines) if _end(line) > byte), None)
        if after is not None:
            return after
        is_full = len(lines) == self.room.height
        reaches = _end(lines[-1]) >= byte if is_full else end == byte
        return len(lines) if reaches else inf

    def _ends_above(self, first: int) -> bool:
        """From this byte on there is not enough to fill the room, as far as is known."""
        if not self._window or not covers(self._window, first, self._size_bytes):
            return False
        return self._line_of(self._size_bytes, first) < self.room.height

    def scroll_lines(self, count: int) -> None:
        """Lines down, or up where the count is negative; as far as there are bytes."""
        if not self.flows:
            self.go_to_row(self.top + count)
        elif count < 0:
            self.rise(-count)
        elif self._shown_to < self._size_bytes:
            self.sink(count)

    def sink(self, count: int, at: tuple[int, int] | None = None) -> None:
        """Lines down, in a view that flows; at the segment's end the room stays filled."""
        first = self._line_starts(count)
        if self._ends_above(first):
            self.aim(Aim(self._size_bytes, self.room.height, at))
        else:
            self.aim(Aim(first, 0, at))

    def rise(self, count: int, at: tuple[int, int] | None = None) -> None:
        """Lines up. What comes before the last ones were read adds up."""
        first = self.on_view[0]
        if self._aim is not None and self._aim.byte == first:
            count += self._aim.above
        if first > 0:
            self.aim(Aim(first, count, at))

    def _line_starts(self, count: int) -> int:
        """The first byte of so many lines below the top, or the first one that is not on view."""
        first = self.on_view[0]
        starts = [min((a.offset for a in atoms(line)), default=0) for line in self._lines[count:]]
        return next((start for start in starts if start > first), self._shown_to)


def _end(line: Line) -> int:
    """Byte after the last one of the line; 0: it stands for no byte."""
    last = next((span for span in reversed(line) if span.length), None)
    return last.offset + last.length if last else 0


def _first(values: Sequence[int], near: int, holds: Callable[[int], bool]) -> int:
    """The first value that holds, as all after it do; the last one if none does. It is looked for
    from index `near` on in growing steps: each look lays lines out.
    """
    at, last, step = min(near, len(values) - 1), len(values) - 1, 1
    if holds(values[at]):
        high = at
        while high >= step and holds(values[high - step]):
            high, step = high - step, 2 * step
        low = max(0, high - step + 1)
    else:
        low = at + 1
        while low + step <= last and not holds(values[low + step - 1]):
            low, step = low + step, 2 * step
        high = min(last, low + step - 1)
    return values[min(low + bisect_left(values[low:high], True, key=holds), last)]
