"""The table of the watches: each value, where it came from, and how it moves."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from shmtui.decode.types import width as kind_width
from shmtui.decode.types import words
from shmtui.monitor.track import Track
from shmtui.present.spark import spark
from shmtui.present.toned import PanelLine, PanelTone, Piece, plain
from shmtui.present.words import Align, age_words, cell_width, cells, visible

NOTHING = "—"
"""A value that was not read, or not yet."""

_GAP = 2
_NAME = 16
"""Most cells of a name."""
_SPARK = range(6, 33)
"""Cells of the sparkline: what is left over, within this."""
_FLOAT = 19
"""Cells that most floats of 64 bits need: `-0.9589242746631385`."""
_DIGITS = 6
"""Significant digits of a float that is not the value itself: its range and what it was."""


class _Column(NamedTuple):
    title: str
    align: Align
    words: Callable[[Track, float], str]
    tone: PanelTone = "value"


def table(tracks: Sequence[Track], width: int, now: float) -> list[PanelLine]:
    """A heading and a line for each watch; nothing where there is none.

    `now`: Unix seconds. Where `width` cells are too few, what says least goes first: when it
    changed, type and offset, digits of floats, and then from the right; the name and the value
    stay. A value that the last refresh changed is `fresh`.
    """
    if not tracks:
        return []
    rows = [[column.words(track, now) for column in _COLUMNS] for track in tracks]
    widths = [
        max(cell_width(text) for text in (column.title, *texts))
        for column, texts in zip(_COLUMNS, zip(*rows, strict=True), strict=True)
    ]
    widths[_AT["NAME"]] = min(_NAME, widths[_AT["NAME"]])
    widths[_AT["VALUE"]] = max(widths[_AT["VALUE"]], *(_steady(track) for track in tracks))
    widths[_AT["SPARK"]] = _SPARK[0]
    kept = _fitting(widths, max(_short(track) for track in tracks), width)
    left = width - _total(widths, kept)
    widths[_AT["SPARK"]] = min(_SPARK[-1], _SPARK[0] + left) if _AT["SPARK"] in kept else 0
    grid = _Grid(width, widths, kept)
    return [_heading(grid), *(_row(track, grid, now) for track in tracks)]


# What stands in the columns


def _value(track: Track, now: float) -> str:
    return NOTHING if track.value is None else words(track.watch.kind, track.value)


def _number(track: Track, value: int | float | None) -> str:
    """An integer in full; a float to a few digits, so that the table stays narrow."""
    if value is None:
        return NOTHING
    exact = words(track.watch.kind, value)
    return exact if isinstance(value, int) else min(exact, f"{value:.{_DIGITS}g}", key=len)


def _rate(track: Track, now: float) -> str:
    return f"{track.changes_per_s:.1f}"


def _changed(track: Track, now: float) -> str:
    return NOTHING if track.last_change is None else age_words(now - track.last_change)


def _is_fresh(track: Track) -> bool:
    """The last refresh saw another value than the one before. In words: NaN is not itself."""
    last = [value for value in list(track.history)[-2:] if value is not None]
    return len(last) == 2 and len({words(track.watch.kind, value) for value in last}) == 2


def _steady(track: Track) -> int:
    """Cells of the value that keep the table from jumping: a float's digits come and go."""
    if track.watch.kind.is_float:
        return min(_FLOAT, kind_width(track.watch.kind))
    return max(len(_number(track, value)) for value in (track.minimum, track.maximum))


def _short(track: Track) -> int:
    """Cells of the value with as few digits as its range has."""
    shown = (track.value, track.minimum, track.maximum)
    return max(len("VALUE"), *(len(_number(track, value)) for value in shown))


_COLUMNS = (
    _Column("NAME", "left", lambda track, now: visible(track.watch.name)),
    _Column("OFFSET", "right", lambda track, now: f"{track.watch.offset:#x}", "label"),
    _Column("TYPE", "left", lambda track, now: track.watch.kind.name, "label"),
    _Column("VALUE", "right", _value),
    _Column("PREVIOUS", "right", lambda track, now: _number(track, track.previous)),
    _Column("SPARK", "left", lambda track, now: visible(track.why)),
    _Column("MIN", "right", lambda track, now: _number(track, track.minimum)),
    _Column("MAX", "right", lambda track, now: _number(track, track.maximum)),
    _Column("CHANGES/S", "right", _rate),
    _Column("CHANGED", "right", _changed),
)
_AT = {column.title: at for at, column in enumerate(_COLUMNS)}
_FIRST_TO_GO = (
    *("CHANGED", "TYPE", "OFFSET"),
    "VALUE",  # not all of it
    *("CHANGES/S", "MAX", "MIN", "SPARK", "PREVIOUS"),
)


# Laying out


def _fitting(widths: list[int], short: int, width: int) -> list[int]:
    """Which columns stay, by their place; where need be, the value is `short` in `widths`."""
    kept = list(range(len(_COLUMNS)))
    for title in _FIRST_TO_GO:
        if _total(widths, kept) <= width:
            break
        if title == "VALUE":
            widths[_AT[title]] = min(short, widths[_AT[title]])
        else:
            kept.remove(_AT[title])
    return kept


def _total(widths: Sequence[int], kept: Sequence[int]) -> int:
    return sum(widths[at] for at in kept) + _GAP * (len(kept) - 1)


class _Grid(NamedTuple):
    width: int
    """Cells of the whole line."""
    widths: Sequence[int]
    """Of every column."""
    kept: Sequence[int]
    """The columns that have room, by their place."""


def _heading(grid: _Grid) -> PanelLine:
    titles = [cells(_COLUMNS[at].title, grid.widths[at], _COLUMNS[at].align) for at in grid.kept]
    return (Piece((" " * _GAP).join(titles).rstrip(), "label"),)


def _row(track: Track, grid: _Grid, now: float) -> PanelLine:
    pieces: list[Piece] = []
    for at in grid.kept:
        if pieces:
            pieces.append(Piece(" " * _GAP))
        pieces += _cell(track, _COLUMNS[at], grid.widths[at], now)
        if at == _AT["VALUE"] and len(track.why) > grid.widths[_AT["SPARK"]]:
            return (*pieces, *_reason(track, grid.width - cell_width(plain(pieces)) - _GAP))
    return tuple(pieces)


def _reason(track: Track, room: int) -> Iterator[Piece]:
    """Why nothing was read: too long for a column, it takes the rest of the line."""
    if room > 0:
        yield Piece(" " * _GAP)
        yield Piece(cells(visible(track.why), room))


def _cell(track: Track, column: _Column, width: int, now: float) -> list[Piece]:
    text = column.words(track, now)
    if column.title == "SPARK" and not text:
        text = spark(track.history, width)
    if column.title == "VALUE" and cell_width(text) > width:
        text = cells(_number(track, track.value), width, "right").strip()
    if column.title == "VALUE" and _is_fresh(track):
        # Only the digits are underlined, not the blanks before them.
        blank = " " * (width - cell_width(text))
        return [Piece(blank), Piece(text, "fresh")] if blank else [Piece(text, "fresh")]
    return [Piece(cells(text, width, column.align), column.tone)]
