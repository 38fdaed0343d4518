"""Hex: `00000000  34 32 00 …  |42..|`, as many bytes a row as fit, in groups of eight."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from shmtui.decode.offsets import CELLS as OFFSET_CELLS
from shmtui.decode.offsets import offset_digits
from shmtui.decode.spans import Bytes, Line, Span, Tone, levels, only_reason, reasons, runs

NAME = "Hex"
EXTRA_ROWS = 0
LEAST_BYTES = 0

_GROUP = 8
_MOST = 64
"""Bytes a row: beyond this the eye loses the line."""
_GROUP_CELLS = 33
"""Cells of a group: eight bytes as `34 `, the space after them, and their eight characters."""
_FRAME_CELLS = 12
"""Cells of the rest of a row: the offset, the space after it, and the bars."""

_SPACE = Span(" ", "plain")
_WIDE_SPACE = Span("  ", "plain")


def _tone(byte: int) -> Tone:
    if byte == 0:
        return "nul"
    if byte >= 0x80:
        return "high"
    if byte in b"\t\n\v\f\r ":
        return "space"
    return "printable" if 0x20 < byte < 0x7F else "ascii"


_HEX = [f"{byte:02x}" for byte in range(256)]
_CHARACTER = [chr(byte) if 0x20 <= byte < 0x7F else "." for byte in range(256)]
_TONE = [_tone(byte) for byte in range(256)]


def stride(width: int, size: int) -> int:
    """Bytes a row: 16 at 80 cells, at most 64. Too narrow for 8, the characters go, then the
    offsets. The size does not matter.
    """
    groups = (width - _FRAME_CELLS) // _GROUP_CELLS
    if groups >= 1:
        return min(groups * _GROUP, _MOST)
    return max(1, min(_GROUP, (width + 1) // 3))


def lines(window: Bytes, ages: bytes, width: int, height: int) -> list[Line]:
    """At most `height` rows. Gaps are dots; a row within one gap says why in words."""
    columns = stride(width, 0)
    shown = min(len(window.data), columns * height)
    why, fresh = reasons(window), levels(ages, shown)
    parts = [slice(at, min(at + columns, shown)) for at in range(0, shown, columns)]
    return [
        _row(window.data[part], why[part], fresh[part], window.offset + part.start, width)
        for part in parts
    ]


def _has_offset(width: int) -> bool:
    return width >= OFFSET_CELLS + 1 + _hex_cells(_GROUP)


def _has_characters(width: int) -> bool:
    return width >= _FRAME_CELLS + _GROUP_CELLS


def _hex_cells(length: int) -> int:
    """Cells of so many bytes as `34 32 …  00`."""
    return 3 * length - 1 + (length - 1) // _GROUP


@lru_cache(maxsize=1024)
def _row(row: bytes, why: tuple[str, ...], fresh: bytes, start: int, width: int) -> Line:
    """Cached: from one refresh to the next most rows on view are the same."""
    return tuple(_spans(row, why or ("",) * len(row), fresh, start, width))


def _spans(row: bytes, why: Sequence[str], fresh: bytes, start: int, width: int) -> Iterator[Span]:
    if _has_offset(width):
        yield _offset(start)
    if width < 2:  # room for no more than one character
        yield from _characters(row, why, fresh, start)
        return
    yield from _bytes(row, why, start)
    if _has_characters(width):
        missing = _hex_cells(stride(width, 0)) - _hex_cells(len(row))
        yield Span(" " * (missing + (2 if start < 16**9 else 1)) + "|", "plain")
        yield from _characters(row, why, fresh, start)
        yield Span("|", "plain")


def _offset(start: int) -> Span:
    """Two spaces after it, as long as its digits leave room for them."""
    return Span(f"{offset_digits(start):<9} ", "offset")


def _bytes(row: bytes, why: Sequence[str], start: int) -> Iterator[Span]:
    for at, byte in enumerate(row):
        if at:
            yield _SPACE if at % _GROUP else _WIDE_SPACE
        if why[at]:
            yield Span("··", "gap", start + at, 1)
        else:
            yield Span(_HEX[byte], _TONE[byte], start + at, 1)


def _characters(row: bytes, why: Sequence[str], fresh: bytes, start: int) -> Iterator[Span]:
    """Runs of equal look. Of a row that is one gap: its reason, as far as it fits."""
    if reason := only_reason(why):
        yield Span(reason[: len(row)].ljust(len(row)), "gap", start, len(row))
        return
    looks = [("gap" if why[at] else _TONE[byte], fresh[at]) for at, byte in enumerate(row)]
    text = "".join("·" if why[at] else _CHARACTER[byte] for at, byte in enumerate(row))
    for first, last in runs(looks, 0, len(row)):
        tone: Tone = "gap" if why[first] else _TONE[row[first]]
        yield Span(text[first:last], tone, start + first, last - first)
