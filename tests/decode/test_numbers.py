"""The numbers view: every number in its column, and its bytes nowhere else."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shmtui.decode import numbers
from shmtui.decode.types import TYPES, Kind, unpack, words
from tests.decode.windows import Gap, Window, assert_safe, offset_of, text_of, units, windows

KINDS = st.sampled_from(list(TYPES.values()))
ANY_WIDTH = st.integers(1, 200)


def whole(name: str, window: Window, width: int = 80) -> list[str]:
    view = numbers.view(TYPES[name])
    return [text_of(line) for line in view.lines(window, b"", width, 10**6)]


def test_numbers_stand_right_aligned_in_columns_after_their_offset() -> None:
    data = struct.pack("<8i", 42, -1, 0, 7, 2**31 - 1, -(2**31), 1000, 1)
    assert whole("i32le", Window(0x100, data)) == [
        "00000100            42          -1           0           7",
        "00000110    2147483647 -2147483648        1000           1",
    ]


def test_the_view_of_a_type_is_one_and_the_same() -> None:
    assert numbers.view(TYPES["u8"]) is numbers.view(TYPES["u8"])
    assert numbers.view(TYPES["u32le"]) != numbers.view(TYPES["u32be"])
    assert numbers.view(TYPES["u8"]).NAME == "Numbers"


@pytest.mark.parametrize("name", sorted(set(TYPES) - {"i8"}))
def test_row_is_sixteen_bytes_at_80_cells(name: str) -> None:
    assert numbers.view(TYPES[name]).stride(80, 2**40) == 16


@pytest.mark.parametrize(
    ("width", "columns"), [(1, 1), (9, 1), (14, 1), (21, 1), (32, 2), (53, 2), (54, 4), (200, 16)]
)
def test_as_many_columns_as_fit_by_powers_of_two(width: int, columns: int) -> None:
    assert numbers.view(TYPES["u32le"]).stride(width, 0) == 4 * columns


def test_number_that_the_end_cuts_shows_its_bytes() -> None:
    assert whole("u32le", Window(0, b"\1\0\0\0\2\3\4"))[0].split() == ["00000000", "1", "020304··"]
    assert whole("f64be", Window(0, b"\xff"))[0].split() == ["00000000", "ff" + "·" * 14]


def test_number_in_part_unread_is_a_dot_and_a_row_of_gap_says_why() -> None:
    window = Window(0, struct.pack("<12I", *range(12)), (Gap(7, 34, "never written"),))
    rows = whole("u32le", window)
    assert rows[0].split() == ["00000000", "0", "·", "·", "·"]
    assert rows[1].split(maxsplit=1)[0] == "00000010"
    assert rows[1][10:].strip() == "never written"
    assert rows[2].split() == ["00000020", "·", "·", "·", "11"]


def test_nothing_is_dimmed_but_zeros() -> None:
    view = numbers.view(TYPES["f64le"])
    (line,) = view.lines(Window(0, struct.pack("<2d", 0.0, -0.0)), b"", 80, 1)
    assert [(span.text, span.tone) for span in units([line])] == [
        ("0.0", "nul"),
        ("-0.0", "number"),
    ]


def test_number_is_one_unit_though_it_has_a_digit_for_each_byte() -> None:
    (line,) = numbers.view(TYPES["u16le"]).lines(Window(0, b"\x2a\0"), b"", 80, 1)
    (number,) = units([line])
    assert (number.text, number.length, number.byte_a_cell) == ("42", 2, False)


@given(KINDS, windows(), ANY_WIDTH)
def test_every_byte_stands_once_in_order(kind: Kind, window: Window, width: int) -> None:
    spans = units(numbers.view(kind).lines(window, b"", width, 10**6))
    at = [span.offset + byte for span in spans for byte in range(span.length)]
    assert at == list(range(window.offset, window.offset + len(window.data)))


@given(KINDS, windows(max_offset=2**63), ANY_WIDTH, st.integers(0, 20))
def test_no_line_is_wider_or_more_than_asked(
    kind: Kind, window: Window, width: int, height: int
) -> None:
    lines = numbers.view(kind).lines(window, b"\0" * 7, width, height)
    assert len(lines) <= height
    for line in lines:
        assert_safe(line, width)


@given(KINDS, windows(), st.integers(35, 200))
def test_numbers_are_those_of_struct_at_their_offsets(
    kind: Kind, window: Window, width: int
) -> None:
    for line in numbers.view(kind).lines(window, b"", width, 10**6):
        assert offset_of(line) == units([line])[0].offset % 16**9
        for span in units([line]):
            value = unpack(kind, window.data, span.offset - window.offset)
            if span.tone != "gap" and value is not None:
                assert span.text == words(kind, value)


@given(KINDS, windows(), ANY_WIDTH)
def test_bytes_in_gaps_are_never_shown(kind: Kind, window: Window, width: int) -> None:
    hidden = {at for gap in window.gaps for at in range(gap.offset, gap.offset + gap.length)}
    for span in units(numbers.view(kind).lines(window, b"", width, 10**6)):
        touched = hidden & set(range(span.offset, span.offset + span.length))
        assert (span.tone == "gap") == bool(touched)


@given(KINDS, windows(), ANY_WIDTH)
def test_a_row_is_the_same_wherever_the_window_begins(
    kind: Kind, window: Window, width: int
) -> None:
    view = numbers.view(kind)
    columns = view.stride(width, 0)
    later = Window(window.offset + columns, window.data[columns:], window.gaps)
    assert view.lines(later, b"", width, 999) == view.lines(window, b"", width, 1000)[1:]
