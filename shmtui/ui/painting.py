"""How a line of a view looks: its tones, what changed, and what is marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from shmtui.decode.spans import FADED, TONES, Line, Span
from shmtui.ui.atoms import Atom, split
from shmtui.ui.lines_view import Drawn, Look


class Mark(NamedTuple):
    """Bytes that look different. Where marks overlap the last one counts."""

    start: int
    end: int
    """Exclusive."""
    name: str
    """A component class."""


_TONES: dict[str, Look] = {tone: (f"window--{tone}",) for tone in TONES}
_FRESH: tuple[Look, ...] = tuple((f"window--fresh-{level}",) for level in range(FADED))
_FLAT = frozenset(_TONES.values())
"""Looks that a blank may take on: nothing of them shows on it."""


def paint(line: Line, fresh: bytes, base: int, marks: Sequence[Mark] = ()) -> Drawn:
    """The line in few pieces: each one costs a change of colours on the terminal.

    `fresh` has how fresh each byte from `base` on is. Blanks between pieces of one look join them;
    others are never underlined, and marked only between two pieces with that mark.
    """
    pieces: list[tuple[str, Look]] = [("", _TONES["plain"])]
    blank = ""
    for text, look in _looks(line, fresh, base, marks):
        if not look:
            blank += text
            continue
        before, last = pieces[-1]
        if look == last:
            pieces[-1] = before + blank + text, last
        elif last[:1] in _FLAT and last[1:] in ((), look[1:]):
            pieces[-1] = before + blank, last
            pieces.append((text, look))
        else:
            mark = look[1:] if look[1:] == last[1:] else ()
            pieces += [(blank, _TONES["plain"] + mark), (text, look)]
        blank = ""
    return tuple(piece for piece in pieces if piece[0])


def _looks(
    line: Line, fresh: bytes, base: int, marks: Sequence[Mark]
) -> Iterator[tuple[str, Look]]:
    """The pieces of the line; a blank has no look of its own."""
    for span in line:
        if not span.length and span.text.isspace():
            yield span.text, ()
            continue
        look = _look(span, fresh, base)
        if not span.length or not any(_touches(mark, span) for mark in marks):
            yield span.text, look
            continue
        for atom in split(span):
            name = next((mark.name for mark in reversed(marks) if _touches(mark, atom)), None)
            yield atom.text, (*look, name) if name else look


def _touches(mark: Mark, piece: Span | Atom) -> bool:
    return mark.start < piece.offset + piece.length and piece.offset < mark.end


def _look(span: Span, fresh: bytes, base: int) -> Look:
    """How fresh it is, if it is: that matters more than what it is."""
    if span.length:
        at = span.offset - base
        level = fresh[at] if span.length == 1 else min(fresh[at : at + span.length])
        if level < FADED:
            return _FRESH[level]
    return _TONES[span.tone]
