"""The table of the watches."""

import math

import pytest

from shmtui.monitor.track import Track
from shmtui.present.toned import plain
from shmtui.present.watching import table
from shmtui.present.words import cell_width
from tests.present.made import NOW
from tests.present.tracks import tracked

COUNT = tracked("0x10:u32le:count", *range(40))
WARMTH = tracked("0x400 f64le warmth", *(20 + 5 * math.sin(second / 4) for second in range(40)))
LARGE = tracked("0x20 u64be large", 2**64 - 1, 2**63, 0)


def said(width: int, *tracks: Track, now: float = NOW + 39) -> list[str]:
    return [plain(line).rstrip() for line in table(tracks, width, now)]


def test_a_value_stands_with_what_it_was_and_how_it_moves() -> None:
    heading, line = said(80, COUNT)
    assert heading.split() == [
        *("NAME", "OFFSET", "TYPE", "VALUE", "PREVIOUS", "SPARK"),
        *("MIN", "MAX", "CHANGES/S", "CHANGED"),
    ]
    start, _, end = line.partition("▁")
    assert start.split() == ["count", "0x10", "u32le", "39", "38"]
    assert end.split()[-4:] == ["0", "39", "1.0", "0s"]


def test_without_watches_there_is_no_table() -> None:
    assert said(80) == []


@pytest.mark.parametrize(
    ("width", "last"),
    [
        (200, "CHANGED"),
        (100, "CHANGES/S"),
        (90, "MAX"),
        (80, "MIN"),
        (60, "SPARK"),
        (50, "PREVIOUS"),
        (30, "VALUE"),
    ],
)
def test_where_it_is_narrow_the_columns_go_from_the_right(width: int, last: str) -> None:
    heading, *lines = said(width, COUNT, LARGE)
    assert heading.split()[-1] == last
    assert heading.startswith("NAME")
    assert all(cell_width(line) <= width for line in (heading, *lines))


def test_in_80_columns_only_what_says_least_is_missing() -> None:
    tiny = tracked("0x8 f64le rate", 1.0269512338005373e-307, 2.0269512338005373e-307)
    magic = tracked("0 u32le magic", 1918986355)
    heading, *lines = said(80, COUNT, tiny, magic)
    assert heading.split() == [
        *("NAME", "VALUE", "PREVIOUS", "SPARK", "MIN", "MAX", "CHANGES/S"),
    ]
    assert "2.02695e-307" in lines[1]
    assert all(cell_width(line) <= 80 for line in (heading, *lines))


def test_sparkline_takes_the_room_that_is_left_over() -> None:
    (_, narrow), (_, wide) = said(80, COUNT), said(100, COUNT)
    assert sum(char in "▁▂▃▄▅▆▇█" for char in narrow) == 11
    assert sum(char in "▁▂▃▄▅▆▇█" for char in wide) == 31


def test_value_that_was_not_read_says_why() -> None:
    line = said(100, tracked("0 u8 flag", 1, 0, None))[1]
    assert line.split()[:3] == ["flag", "0x0", "u8"]
    assert "—" in line
    assert "swapped out" in line


@pytest.mark.parametrize("width", [60, 80])
def test_where_the_reason_is_too_long_for_its_column_it_takes_the_rest(width: int) -> None:
    track = tracked("0 u8 flag", 1, 0, None)
    shown = said(width, track, WARMTH)
    assert "swapped out" in shown[1]
    assert all(cell_width(line) <= width for line in shown)


def test_only_a_value_that_the_last_refresh_changed_is_marked() -> None:
    moved, rested = tracked("0 u8 moved", 1, 2), tracked("1 u8 rested", 1, 2, 2)
    fresh = [
        [piece.text for piece in line if piece.tone == "fresh"]
        for line in table([moved, rested], 80, NOW)
    ]
    assert fresh == [[], ["2"], []]


def test_not_a_number_does_not_look_like_a_change_of_itself() -> None:
    track = tracked("0 f64 x", math.nan, math.nan)
    assert not any(piece.tone == "fresh" for piece in table([track], 80, NOW)[1])
    assert "nan" in said(80, track)[1]


def test_ranges_of_floats_are_short_and_their_value_is_whole() -> None:
    line = said(120, WARMTH)[1]
    assert repr(WARMTH.value) in line
    assert line.split()[-4:-2] == ["15.0035", "24.9875"]


def test_columns_stand_still_while_a_float_gains_and_loses_digits() -> None:
    long, short = tracked("0 f64 x", 0.25, 0.1 + 0.2), tracked("0 f64 x", 0.1 + 0.2, 0.25)
    assert said(60, long)[0] == said(60, short)[0]


def test_any_name_is_drawn_in_the_cells_it_has() -> None:
    track = tracked("0 u8 \u0301name", 1)
    assert "\\u0301name" in said(80, track)[1]
    wide = tracked("0 u8 " + "漢" * 20, 1)
    assert said(80, wide)[1].startswith("漢" * 7 + "…")
