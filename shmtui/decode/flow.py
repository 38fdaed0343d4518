"""Text that flows through lines: what the views share in which a byte has no place of its own."""

from collections.abc import Iterable, Iterator

from shmtui.decode.characters import cells, shown
from shmtui.decode.counts import byte_words
from shmtui.decode.spans import Line, Piece, Span, cut


def gap_words(piece: Piece) -> str:
    """`‹never written: 4096 bytes›`."""
    return f"‹{piece.why}: {byte_words(piece.length)}›"


def character(code: bytes, offset: int, width: int) -> Span:
    """One character beyond ASCII, in at most `width` cells."""
    return Span(shown(code.decode(), width), "text", offset, len(code))


def wrapped(spans: Iterable[Span], width: int) -> Iterator[Line]:
    """Full lines, and what is left over. Only what has a byte a cell is cut, and nothing else may
    be wider than a line.
    """
    line: list[Span] = []
    room = width
    for span in spans:
        while (taken := cells(span.text)) > room:
            if room and span.byte_a_cell:
                line.append(cut(span, 0, room))
                span = cut(span, room, span.length)
            yield tuple(line)
            line, room = [], width
        line.append(span)
        room -= taken
    if line:
        yield tuple(line)
