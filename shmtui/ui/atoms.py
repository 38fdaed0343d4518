"""The smallest parts of a drawn line that a cursor can stand on, their cells and their bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from shmtui.decode.spans import Line, Span
from shmtui.present.words import cell_width

_TAB = "␉"
"""How a view shows a tab, which is part of a run of text."""


class Atom(NamedTuple):
    """One thing on a line: a byte, a character, a number, a count of NULs."""

    x: int
    """The first cell on the line."""
    text: str
    offset: int
    """Bytes from the start of the segment."""
    length: int

    @property
    def end(self) -> int:
        return self.offset + self.length


def split(span: Span, x: int = 0) -> Iterator[Atom]:
    """The atoms of one span that begins at cell `x`; none of a span that stands for no byte."""
    if not span.length:
        return
    if span.byte_a_cell:
        for at, character in enumerate(span.text):
            yield Atom(x + at, character, span.offset + at, 1)
    else:
        yield Atom(x, span.text, span.offset, span.length)


def atoms(line: Line) -> list[Atom]:
    """All atoms of a line, from left to right. In hex each byte has two."""
    found: list[Atom] = []
    x = 0
    for span in line:
        found += split(span, x)
        x += cell_width(span.text)
    return found


def nearest(line: Line, x: int) -> Atom | None:
    """The atom at this cell, else the one closest to it; None: the line stands for no byte."""
    return min(atoms(line), key=lambda atom: _distance(atom, x), default=None)


def _distance(atom: Atom, x: int) -> int:
    return max(atom.x - x, x - (atom.x + cell_width(atom.text) - 1), 0)


def holding(lines: Sequence[Line], offset: int) -> tuple[int, Atom] | None:
    """The first atom that holds this byte, and the number of its line."""
    for y, line in enumerate(lines):
        if any(span.offset <= offset < span.offset + span.length for span in line):
            return y, next(atom for atom in atoms(line) if atom.offset <= offset < atom.end)
    return None


def spans_of(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """Start and end (exclusive) in bytes of each piece that was drawn as one."""
    return ((s.offset, s.offset + s.length) for line in lines for s in line if s.length)


def runs_of(lines: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """The same, but a stretch of text is one, however lines and looks cut it."""
    start = end = -1
    for span in (span for line in lines for span in line if span.length):
        is_text = span.tone == "text" or not span.text.strip(_TAB)
        if not is_text:
            yield span.offset, span.offset + span.length
        elif span.offset == end:
            end += span.length
        else:
            yield start, end
            start, end = span.offset, span.offset + span.length
    yield start, end
