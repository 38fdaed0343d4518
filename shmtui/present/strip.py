"""The map of a segment in one line: what is in memory, what changed lately, what is on view."""

from collections.abc import Iterable
from typing import Literal, NamedTuple, get_args

from shmtui.monitor.survey import SegmentMap
from shmtui.sysv.window import PageCount

StripTone = Literal["hole", "resident", "swapped", "unknown", "changed", "window"]

STRIP_TONES: tuple[StripTone, ...] = get_args(StripTone)


class Cell(NamedTuple):
    """One cell of the map. The glyph alone tells what it is; the tone only adds to it."""

    glyph: str
    tone: StripTone


HOLE = Cell("·", "hole")
# Of the shades only two, and the window has the darker: three are not told apart without colour.
SOME = Cell("░", "resident")
MOST = Cell("▄", "resident")
RESIDENT = Cell("█", "resident")
SWAPPED = Cell("s", "swapped")
UNKNOWN = Cell("?", "unknown")
CHANGED = Cell("!", "changed")
WINDOW = Cell("▓", "window")

LEGEND: tuple[tuple[Cell, str], ...] = (
    (WINDOW, "on view"),
    (CHANGED, "changed lately, where it was on view"),
    (HOLE, "never written"),
    (SOME, "less than half in memory"),
    (MOST, "half or more in memory"),
    (RESIDENT, "all in memory"),
    (SWAPPED, "more swapped out than in memory"),
    (UNKNOWN, "unknown, or not looked at yet"),
)
"""The glyphs, and what they say."""


def strip(
    pages: SegmentMap | None,
    width: int,
    window: tuple[int, int],
    lately: Iterable[tuple[int, int]],
    size: int,
) -> list[Cell]:
    """The whole segment of `size` bytes in `width` cells; none where it has no size.

    `pages`: what is known of its pages; None: nothing. `window`: offset and length in bytes of
    what is on view. `lately`: start and end of stretches that changed.
    """
    if size <= 0 or width <= 0:
        return []
    cells = [_cell(pages, at, width) if pages else UNKNOWN for at in range(width)]
    for start, end in lately:
        _mark(cells, CHANGED, start, end, size)
    offset, length = window
    _mark(cells, WINDOW, offset, offset + length, size)
    return cells


def offset_at(cell: int, width: int, size: int) -> int:
    """The byte that a cell leads to: its first, and the segment's last from the last cell."""
    last = max(0, size - 1)
    return last if cell >= width - 1 else min(last, -(-max(0, cell) * size // width))


def _mark(cells: list[Cell], mark: Cell, start: int, end: int, size: int) -> None:
    """Put the mark on every cell that stands for a byte of the stretch."""
    start, end = max(0, start), min(end, size)
    if start < end:
        width = len(cells)
        first, beyond = start * width // size, -(-end * width // size)
        cells[first:beyond] = [mark] * (beyond - first)


def _cell(pages: SegmentMap, at: int, width: int) -> Cell:
    """All slots that a cell touches, together."""
    start = at * pages.size // width
    end = max(start + 1, (at + 1) * pages.size // width)
    touched = pages.slots[start // pages.slot_bytes : -(-end // pages.slot_bytes)]
    return _of_pages([count for count in touched if count is not None])


def _of_pages(counts: list[PageCount]) -> Cell:
    resident = sum(count.resident for count in counts)
    swapped = sum(count.swapped for count in counts)
    unknown = sum(count.unknown for count in counts)
    everything = resident + swapped + unknown + sum(count.hole for count in counts)
    if not resident and not swapped:
        return UNKNOWN if unknown or not everything else HOLE
    if swapped > resident:
        return SWAPPED
    if resident == everything:
        return RESIDENT
    return MOST if resident * 2 >= everything else SOME
