"""The lines of the inspector."""

import struct
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shmtui.decode.inspector import inspect
from shmtui.present.inspecting import COLUMN, lines
from shmtui.present.toned import plain
from shmtui.present.words import cell_width

COUNT = struct.pack("<I", 42) + bytes(28)
ADDRESS = struct.pack("<Q", 0x7F2A11C00040) + bytes(24)
POINTS = "→ 0x40 of segment 5 (0x00000cea) in pid 1234 postgres"


def said(data: bytes, width: int, height: int, pointer: str = "") -> list[str]:
    return [plain(line) for line in lines(inspect(data, 0x10), pointer, width, height, data)]


def test_both_byte_orders_stand_side_by_side() -> None:
    shown = said(COUNT, COLUMN, 40)
    heading = shown[4]
    assert heading.split() == ["le", "be"]
    u32 = next(line for line in shown if line.startswith("u32"))
    assert u32.split() == ["u32", "42", "704643072"]
    assert u32.index("42") + 2 == heading.index("le") + 2
    assert len(u32) == len(heading) == COLUMN


def test_the_bytes_themselves_are_there_in_hex() -> None:
    assert said(COUNT, COLUMN, 40)[:2] == ["offset   0x10 = 16", "hex      2a 00 00 00 00 00 00 00"]


def test_what_one_byte_is_takes_two_lines() -> None:
    assert said(COUNT, COLUMN, 40)[2:4] == [
        "u8   42            i8   42",
        "bits 0010 1010     char '*' U+002A",
    ]


def test_numbers_too_long_for_one_line_take_two_that_name_their_order() -> None:
    shown = said(ADDRESS, COLUMN, 40)
    at = next(place for place, line in enumerate(shown) if line.startswith("u64"))
    assert shown[at].split() == ["u64", "139818663149632", "le"]
    assert shown[at + 1].split() == ["4611897198387331072", "be"]


def test_time_is_told_where_it_is_plausible_and_else_left_out() -> None:
    noon = 1_700_000_000
    assert not any("time" in line for line in said(b"\xff" * 32, COLUMN, 40))
    shown = said(struct.pack("<I", noon) + b"\xff" * 28, COLUMN, 40)
    assert any(line.startswith("u32le s") and "2023-11-1" in line for line in shown)


def test_long_time_stands_whole_under_its_name() -> None:
    shown = said(struct.pack("<Q", 1_700_000_000_123_456_789) + b"\xff" * 24, COLUMN, 40)
    at = shown.index("u64le ns")
    assert ".123456789" in shown[at + 1]
    assert "…" not in shown[at + 1]


@pytest.mark.parametrize(("width", "height"), [(COLUMN, 18), (COLUMN, 12), (78, 5), (78, 9)])
@pytest.mark.parametrize("unit_ns", [1_000_000, 1_000, 1])
def test_time_in_64_bits_is_not_left_out_for_want_of_room(
    width: int, height: int, unit_ns: int
) -> None:
    now = 1_795_366_225_659_999_999 // unit_ns
    words = " ".join(said(struct.pack("=QQ", now, 0x7EFE5B83C000), width, height, POINTS))
    assert "2026-11-22T" in words
    assert "→ 0x40 of segment 5" in words
    assert "u32 " in words


def test_digits_that_would_be_nanoseconds_in_the_other_order_drive_nothing_out() -> None:
    digits = b"10" + bytes(30)
    shown = said(digits if sys.byteorder == "little" else digits[7::-1], 78, 6)
    assert not any(line.startswith("u64") and "ns" in line for line in shown[:2])
    assert any("f64" in line for line in shown)


def test_with_little_room_what_the_picture_shows_goes_before_a_number() -> None:
    data = struct.pack("<Q", 1_795_366_225_659) + b"\xfe" * 24
    shown = said(data, COLUMN, 18)
    words = " ".join(shown)
    assert "i64 " in words
    assert "hex " not in words
    assert any("text" in line for line in shown)


@pytest.mark.parametrize("width", [80, 120, 200])
def test_below_the_content_it_flows_into_columns(width: int) -> None:
    shown = said(COUNT, width, 9)
    assert len(shown) <= 9
    words = " ".join(shown)
    assert all(f"{name} " in words for name in ("u16", "i16", "u32", "u64", "f32", "f64", "text"))


def test_each_column_of_types_says_which_order_is_which() -> None:
    heads = [line for line in said(COUNT, 80, 9) if "le" in line.split()]
    assert sum(line.split().count("be") for line in heads) == 2


def test_with_little_room_a_signed_number_that_says_nothing_new_goes_first() -> None:
    words = " ".join(said(COUNT, 80, 7))
    assert "u32 " in words
    assert "i32 " not in words
    assert "f64 " in words
    negative = " ".join(said(b"\xff" * 32, 80, 9))
    assert "i32 " in negative


@pytest.mark.parametrize("height", [2, 3, 5, 7, 12, 30])
def test_pointer_is_never_left_out(height: int) -> None:
    shown = said(ADDRESS, COLUMN, height, POINTS)
    assert len(shown) <= height
    at = next(place for place, line in enumerate(shown) if "→" in line)
    assert " ".join(line.strip() for line in shown[at : at + 2]) == POINTS


def test_number_that_the_segment_cuts_says_so() -> None:
    shown = said(b"\x01\x02\x03", COLUMN, 40)
    assert "u32    too few bytes" in shown
    assert said(b"", COLUMN, 40)[0] == "offset   0x10 = 16"


@given(
    st.binary(max_size=40), st.integers(0, 210), st.integers(0, 40), st.sampled_from(["", POINTS])
)
def test_any_bytes_fit_any_room(data: bytes, width: int, height: int, pointer: str) -> None:
    shown = said(data, width, height, pointer)
    assert len(shown) <= height
    assert all(cell_width(line) <= width for line in shown)
    assert all(line.isprintable() for line in shown)


@given(st.binary(min_size=8, max_size=8))
def test_no_number_is_cut_where_there_is_a_column(data: bytes) -> None:
    shown = said(data, COLUMN, 40)
    words = " ".join(shown)
    for row in inspect(data, 0x10).rows:
        assert row.le in words
        assert row.be in words
