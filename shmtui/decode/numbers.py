"""Numbers of one type: `00000000           42          7 …`, right-aligned in columns."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from shmtui.decode.offsets import CELLS as OFFSET_CELLS
from shmtui.decode.offsets import offset_span
from shmtui.decode.spans import Bytes, Line, Span, View, only_reason, reasons
from shmtui.decode.types import Kind, unpack, words
from shmtui.decode.types import width as cells_of

NAME = "Numbers"

_SPACE = Span(" ", "plain")


@lru_cache
def view(kind: Kind) -> View:
    """The view of these numbers: the same one each time."""
    return _Numbers(kind)


@dataclass(frozen=True)
class _Numbers:
    kind: Kind

    NAME: ClassVar[str] = NAME
    EXTRA_ROWS: ClassVar[int] = 0
    LEAST_BYTES: ClassVar[int] = 0

    def stride(self, width: int, size: int) -> int:
        """Bytes a row: 16 at 80 cells, of i8 only 8. The size does not matter."""
        return _columns(self.kind, width) * self.kind.size

    def lines(self, window: Bytes, ages: bytes, width: int, height: int) -> list[Line]:
        """At most `height` rows; the window's first byte is the first of a number.

        A number of which a byte is in a gap is a dot; a row within one gap says why in words.
        One that the window's end cuts shows the bytes there are in hex, and dots.
        """
        stride = self.stride(width, 0)
        shown = min(len(window.data), stride * height)
        why = reasons(window)
        parts = [slice(at, min(at + stride, shown)) for at in range(0, shown, stride)]
        return [
            _row(self.kind, window.data[part], why[part], window.offset + part.start, width)
            for part in parts
        ]


def _columns(kind: Kind, width: int) -> int:
    """A power of two, so that offsets stay round."""
    room = width - OFFSET_CELLS if _has_offset(kind, width) else width + 1
    fit = room // (1 + cells_of(kind))
    return 1 << (fit.bit_length() - 1) if fit > 1 else 1


def _has_offset(kind: Kind, width: int) -> bool:
    return width >= OFFSET_CELLS + 1 + cells_of(kind)


@lru_cache(maxsize=1024)
def _row(kind: Kind, row: bytes, why: tuple[str, ...], start: int, width: int) -> Line:
    """Cached: from one refresh to the next most rows on view are the same."""
    reason = only_reason(why)
    spans = _unread(kind, row, reason, start) if reason else _numbers(kind, row, why, start)
    if _has_offset(kind, width):
        return (offset_span(start), *spans)
    first, *rest = list(spans)[1:]
    return (_cut(first, width), *rest)


def _unread(kind: Kind, row: bytes, why: str, start: int) -> Iterator[Span]:
    """The reason, laid over the columns as far as it fits; each still stands for its bytes."""
    column = 1 + cells_of(kind)
    count = -(-len(row) // kind.size)
    text = why[: count * column - 1].ljust(count * column - 1)
    yield _SPACE
    for at in range(count):
        length = min(kind.size, len(row) - at * kind.size)
        part = text[at * column : (at + 1) * column]
        yield Span(part, "gap", start + at * kind.size, length)


def _numbers(kind: Kind, row: bytes, why: tuple[str, ...], start: int) -> Iterator[Span]:
    column = 1 + cells_of(kind)
    for at in range(0, len(row), kind.size):
        part = row[at : at + kind.size]
        number = _number(kind, part, any(why[at : at + kind.size]), start + at)
        yield Span(" " * (column - len(number.text)), "plain")
        yield number


def _number(kind: Kind, part: bytes, is_gap: bool, offset: int) -> Span:
    if is_gap:
        return Span("·", "gap", offset, len(part))
    value = unpack(kind, part)
    if value is None:
        missing = "·" * (2 * (kind.size - len(part)))
        return Span(part.hex() + missing, "number", offset, len(part))
    return Span(words(kind, value), "number" if any(part) else "nul", offset, kind.size)


def _cut(span: Span, width: int) -> Span:
    """Too narrow for the longest number of its type, and this one is long."""
    if len(span.text) <= width:
        return span
    return span._replace(text=span.text[: width - 1] + "…")
