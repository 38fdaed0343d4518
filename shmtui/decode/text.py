"""Text: the C string at the segment's start, a rule where its NUL stands, then the rest.

A C program that prints the segment with `%s` shows what stands above the rule. Bytes flow from the
start of the window. What is drawn never takes more cells than it has bytes (but for the rule), so
a window of `stride * height` bytes always fits.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from shmtui.decode.characters import CHARACTER, HEAD_CUT, TAIL_CUT
from shmtui.decode.flow import character, gap_words, wrapped
from shmtui.decode.spans import Bytes, Line, Piece, Span, Tone, levels, pieces, runs

NAME = "Text"
EXTRA_ROWS = 2
"""The rule, and the line before it that it leaves unfilled."""
LEAST_BYTES = 4096
"""A page, which is what a tap reads at the least: a long run of NULs takes few cells."""

NOT_UTF8 = "\N{REPLACEMENT CHARACTER}"
CUT = "\N{HORIZONTAL ELLIPSIS}"
"""Stands for a byte of a character that the window cuts."""

_COLLAPSED = 8
"""NULs in a row from which on their count is shown; for fewer it could take more cells."""
_RULE = "──── after NUL ────"
_EMPTY = "(empty string)"

_TOKEN = re.compile(
    rb"(?P<text>[\x20-\x7e]+)|(?P<nul>\x00+)|(?P<newline>\n)|(?P<space>[\t\v\f\r]+)"
    rb"|(?P<control>[\x01-\x08\x0e-\x1f\x7f]+)|(?P<character>" + CHARACTER + rb")|(?P<bad>.)",
    re.DOTALL,
)
_PICTURES = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}
_NUL = chr(_PICTURES[0])
_LINE_END = chr(_PICTURES[0x0A])


def stride(width: int, size: int) -> int:
    """Bytes a row: one a cell. The size does not matter."""
    return max(1, width)


def lines(window: Bytes, ages: bytes, width: int, height: int) -> list[Line]:
    """At most `height` lines. Line ends above the rule are kept, where all then fits."""
    spans = list(_spans(window, levels(ages, len(window.data)), max(1, width)))
    broken = list(islice(_layout(spans, max(1, width), True), height + 1))
    if len(broken) <= height:
        return broken
    return list(islice(_layout(spans, max(1, width), False), height))


# Bytes -> spans


def _spans(window: Bytes, fresh: bytes, width: int) -> Iterator[Span]:
    at = 0
    for piece in pieces(window):
        end = at + piece.length
        if piece.why:
            yield _gap(piece, width)
        elif piece.offset == 0:
            yield from _head(window, fresh, end, width)
        else:
            yield from _content(window, fresh, at, end, width)
        at = end


def _gap(piece: Piece, width: int) -> Span:
    words = gap_words(piece)
    if 2 * len(words) > piece.length:
        return Span("·" * piece.length, "gap", piece.offset, piece.length)
    return Span(words if len(words) <= width else "·", "gap", piece.offset, piece.length)


def _head(window: Bytes, fresh: bytes, end: int, width: int) -> Iterator[Span]:
    """The C string and what follows it. The rule stands for the NUL between them."""
    nul = window.data.find(b"\0", 0, end)
    if nul < 0:
        yield from _content(window, fresh, 0, end, width)
        return
    if nul == 0:
        yield Span(_EMPTY[:width], "rule")
    yield from _content(window, fresh, 0, nul, width)
    yield Span(_RULE[:width], "rule", nul, 1)
    yield from _content(window, fresh, nul + 1, end, width)


def _content(window: Bytes, fresh: bytes, start: int, end: int, width: int) -> Iterator[Span]:
    """Spans of equal look. Characters that the window cuts are not called wrong UTF-8."""
    data, base = window.data, window.offset
    head = HEAD_CUT.match(data, 0, end) if base and start == 0 else None
    if head:
        start = head.end()
        yield Span(CUT * start, "plain", base, start)
    tail = TAIL_CUT.search(data, max(start, end - 3)) if end == len(data) else None
    stop = tail.start() if tail else end
    for match in _TOKEN.finditer(data, start, stop):
        if match.lastgroup == "character":
            yield character(match[0], base + match.start(), width)
            continue
        for first, last in runs(fresh, *match.span()):
            yield _run(match.lastgroup, data[first:last], base + first, width)
    if tail:
        yield Span(CUT * (end - stop), "plain", base + stop, end - stop)


def _run(kind: str | None, run: bytes, offset: int, width: int) -> Span:
    """Bytes of one kind: a cell each, but for a long run of NULs."""
    if kind == "nul":
        return Span(_nuls(len(run), width), "nul", offset, len(run))
    if kind == "bad":
        return Span(NOT_UTF8, "high", offset, 1)
    tone: Tone = "text" if kind == "text" else "ascii" if kind == "control" else "space"
    return Span(run.decode("ascii").translate(_PICTURES), tone, offset, len(run))


def _nuls(count: int, width: int) -> str:
    if count < _COLLAPSED:
        return _NUL * count
    words = f"{_NUL}×{count}"
    return words if len(words) <= width else _NUL


# Spans -> lines


def _layout(spans: Iterable[Span], width: int, breaks: bool) -> Iterator[Line]:
    """Fill lines; `breaks`: end one after every line end above the rule."""
    for part in _parts(spans, breaks):
        yield from wrapped(part, width)


def _parts(spans: Iterable[Span], breaks: bool) -> Iterator[list[Span]]:
    """What begins a line: each rule, what follows it, and where `breaks` what follows a line end
    above it."""
    part: list[Span] = []
    for span in spans:
        if span.tone == "rule":
            yield from (part, [span])
            part, breaks = [], False
            continue
        part.append(span)
        if breaks and span.text == _LINE_END and span.tone == "space":
            yield part
            part = []
    yield part
