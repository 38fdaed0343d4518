"""Strings: the runs of text in the window, as strings(1) finds them, each after its offset."""

import re
from collections.abc import Iterator
from itertools import islice

from shmtui.decode.characters import CHARACTER
from shmtui.decode.flow import character, gap_words, wrapped
from shmtui.decode.offsets import CELLS as OFFSET_CELLS
from shmtui.decode.offsets import offset_span
from shmtui.decode.spans import Bytes, Line, Piece, Span, Tone, levels, pieces, runs

NAME = "Strings"
EXTRA_ROWS = 0
LEAST_BYTES = 16384
"""Text is rare: in so many bytes there is some to show in most segments that have any."""

_STRIDE = 64
_LEAST_RUN = 4
"""Bytes: the default of strings(1). In fewer nearly any memory has some by chance."""
_LEAST_TEXT = 10
"""Cells of text that an offset must leave."""
_TAB = "␉"

_RUN = re.compile(rb"(?:[\t\x20-\x7e]|(?!\xc2[\x80-\x9f])(?:" + CHARACTER + rb"))+")
"""ASCII that shows, blanks, and UTF-8 but for its control characters."""
_TOKEN = re.compile(rb"[\x20-\x7e]+|\t+|[^\t\x20-\x7e](?:[\x80-\xbf]*)")


def stride(width: int, size: int) -> int:
    """Bytes a row of the document: a line of it is a run of text, wherever that lies."""
    return _STRIDE


def lines(window: Bytes, ages: bytes, width: int, height: int) -> list[Line]:
    """At most `height` lines: the runs and the gaps from the window's start on, in order.

    Long runs go on in further lines. Stretches without text are left out, but for one that ends
    the window, or has a gap at both ends: it says so in words.
    """
    return list(islice(_lines(window, levels(ages, len(window.data)), max(1, width)), height))


def _lines(window: Bytes, fresh: bytes, width: int) -> Iterator[Line]:
    end = window.offset + len(window.data)
    for piece in pieces(window):
        if piece.why:
            yield _told(gap_words(piece), "gap", piece.offset, piece.length, width)
        else:
            yield from _content(window, fresh, piece, piece.offset + piece.length == end, width)


def _content(
    window: Bytes, fresh: bytes, piece: Piece, is_last: bool, width: int
) -> Iterator[Line]:
    """Offsets below are within the window's data."""
    first = at = piece.offset - window.offset
    end = stop = first + piece.length
    for match in _RUN.finditer(window.data, at, end):
        if len(match[0]) >= _LEAST_RUN:
            at = match.end()
            yield from _run(window, fresh, match.start(), at, width)
        elif is_last and match.end() == end and len(window.data) >= _LEAST_RUN:
            stop = match.start()  # perhaps the start of a run that the window cuts
    if at < stop and (is_last or at == first):
        start = window.offset + at
        words = f"no text in {start:#x}–{window.offset + stop:#x}"
        yield _told(words, "rule", start, stop - at, width)


def _told(words: str, tone: Tone, start: int, length: int, width: int) -> Line:
    room = _room(width)
    fitting = words if len(words) <= room else words[: room - 1] + "…"
    return (*_margin(start, width), Span(fitting, tone, start, length))


def _run(window: Bytes, fresh: bytes, start: int, end: int, width: int) -> Iterator[Line]:
    """The run in lines; the offset stands before the first of them."""
    margin = _margin(window.offset + start, width)
    for line in wrapped(_spans(window, fresh, start, end, width), _room(width)):
        yield (*margin, *line)
        margin = tuple(Span(" " * len(span.text), "plain") for span in margin)


def _margin(start: int, width: int) -> Line:
    return (offset_span(start),) if _room(width) < width else ()


def _room(width: int) -> int:
    """Cells for the text of a line."""
    return width - OFFSET_CELLS if width >= OFFSET_CELLS + _LEAST_TEXT else width


def _spans(window: Bytes, fresh: bytes, start: int, end: int, width: int) -> Iterator[Span]:
    """Pieces of equal look, in ASCII a byte a cell."""
    data, base = window.data, window.offset
    for match in _TOKEN.finditer(data, start, end):
        if not match[0].isascii():
            yield character(match[0], base + match.start(), _room(width))
            continue
        for first, last in runs(fresh, *match.span()):
            text = data[first:last].decode("ascii").replace("\t", _TAB)
            yield Span(text, "space" if text[0] == _TAB else "text", base + first, last - first)
