"""The hex view: every byte at its place, whatever the width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shmtui.decode import hexdump
from tests.decode.windows import Gap, Window, assert_safe, text_of, units, windows

ANY_WIDTH = st.integers(1, 300)


def whole(window: Window, width: int, ages: bytes = b"") -> list[str]:
    return [text_of(line) for line in hexdump.lines(window, ages, width, 10**6)]


def test_row_looks_as_hexdump_prints_it() -> None:
    rows = whole(Window(0, b"42".ljust(16, b"\0")), 80)
    expected = "00000000  34 32 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |42..............|"
    assert rows == [expected]


def test_last_row_keeps_its_characters_in_their_column() -> None:
    first, last = whole(Window(0x100, b"A" * 19), 80)
    assert last.startswith("00000110  41 41 41   ")
    assert last.index("|") == first.index("|")
    assert last.endswith("|AAA|")


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (1, 1),
        (2, 1),
        (20, 7),
        (23, 8),
        (34, 8),
        (45, 8),
        (77, 8),
        (78, 16),
        (80, 16),
        (120, 24),
        (200, 40),
        (276, 64),
        (1000, 64),
    ],
)
def test_bytes_a_row_follow_the_width(width: int, expected: int) -> None:
    assert hexdump.stride(width, 2**20) == expected


@pytest.mark.parametrize("offset", [2**32, 2**36, 2**40, 2**46])
@pytest.mark.parametrize("width", [34, 45, 78])
def test_far_offsets_do_not_widen_the_row(offset: int, width: int) -> None:
    columns = hexdump.stride(width, 0)
    (near,), (far,) = (whole(Window(at, bytes(columns)), width) for at in (0, offset))
    assert len(near) <= len(far) <= width
    assert far.endswith(near[-2:])


def test_gap_is_dots_and_a_row_within_it_says_why() -> None:
    window = Window(0, b"AB" + bytes(46), (Gap(2, 46, "never written"),))
    rows = whole(window, 80)
    assert rows[0].startswith("00000000  41 42 ·· ··")
    assert rows[0].endswith("|AB··············|")
    assert rows[1].endswith("|never written   |")
    assert {span.tone for span in units(hexdump.lines(window, b"", 80, 9)[1:])} == {"gap"}


def test_bytes_are_toned_by_class() -> None:
    line = hexdump.lines(Window(0, b"\0A \x01\xff"), b"", 80, 1)[0]
    tones = [span.tone for span in line if span.length and len(span.text) == 2]
    assert tones == ["nul", "printable", "space", "ascii", "high"]


def test_changed_character_stands_alone_so_that_it_can_be_marked() -> None:
    line = hexdump.lines(Window(0, b"AAAA"), bytes([255, 0, 255, 255]), 80, 1)[0]
    characters = [span.text for span in line if span.length][4:]
    assert characters == ["A", "A", "AA"]


@given(windows(), ANY_WIDTH)
def test_every_byte_stands_once_in_hex_and_once_in_characters(window: Window, width: int) -> None:
    spans = units(hexdump.lines(window, b"", width, 10**6))
    expected = list(range(window.offset, window.offset + len(window.data)))
    has_characters = width >= 45
    at = [span.offset + byte for span in spans for byte in range(span.length)]
    assert sorted(at) == sorted(expected * (2 if has_characters else 1))
    assert all(len(span.text) == 2 * span.length or len(span.text) == span.length for span in spans)


@given(windows(max_offset=2**63), ANY_WIDTH, st.integers(0, 20))
def test_no_line_is_wider_or_more_than_asked(window: Window, width: int, height: int) -> None:
    lines = hexdump.lines(window, b"\0" * 7, width, height)
    assert len(lines) <= height
    for line in lines:
        assert_safe(line, width)


@given(windows(), st.integers(45, 300))
def test_hex_digits_are_the_bytes(window: Window, width: int) -> None:
    spans = units(hexdump.lines(window, b"", width, 10**6))
    for span in spans:
        if span.tone != "gap" and len(span.text) == 2 and span.length == 1:
            assert int(span.text, 16) == window.data[span.offset - window.offset]


@given(windows(), ANY_WIDTH)
def test_a_row_is_the_same_wherever_the_window_begins(window: Window, width: int) -> None:
    columns = hexdump.stride(width, 0)
    later = Window(window.offset + columns, window.data[columns:], window.gaps)
    assert hexdump.lines(later, b"", width, 99) == hexdump.lines(window, b"", width, 100)[1:]
