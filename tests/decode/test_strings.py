"""The strings view: all text of a window at its offset, as strings(1) finds it."""

import re
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shmtui.decode import strings
from tests.decode.windows import Gap, Window, assert_safe, offset_of, text_of, units, windows


def whole(window: Window, width: int = 80, height: int = 10**6) -> list[str]:
    return [text_of(line) for line in strings.lines(window, b"", width, height)]


def test_each_run_stands_after_its_offset() -> None:
    window = Window(0x40, b"\0\1name\0\0abc\0two words\tx\xff\xfe")
    assert whole(window) == [
        "00000042  name",
        "0000004c  two words␉x",
        "00000057  no text in 0x57–0x59",
    ]


def test_utf8_is_text_and_its_control_characters_are_not() -> None:
    window = Window(0, "né €😀\0\x85\x85\x85漢字\0e\u0301\u200bab\0".encode())
    assert whole(window)[:3] == ["00000000  né €😀", "00000012  漢字", "00000019  e◌◌ab"]


def test_no_text_is_said_with_where_was_looked() -> None:
    assert whole(Window(0x1000, bytes(0x4000))) == ["00001000  no text in 0x1000–0x5000"]
    assert whole(Window(0, b"")) == []


def test_rest_of_the_window_without_text_is_told() -> None:
    assert whole(Window(0, b"text" + bytes(60))) == [
        "00000000  text",
        "00000004  no text in 0x4–0x40",
    ]


def test_text_that_the_window_may_cut_is_not_called_no_text() -> None:
    assert whole(Window(0, bytes(61) + b"abc")) == ["00000000  no text in 0x0–0x3d"]


def test_segment_that_is_shorter_than_any_text_has_none() -> None:
    assert whole(Window(0, b"ab")) == ["00000000  no text in 0x0–0x2"]


def test_gaps_say_why_and_between_two_of_them_no_text_is_said() -> None:
    gaps = Gap(4, 60, "never written"), Gap(128, 64, "swapped out")
    assert whole(Window(0, b"text" + bytes(188) + b"more", gaps)) == [
        "00000000  text",
        "00000004  ‹never written: 60 bytes›",
        "00000040  no text in 0x40–0x80",
        "00000080  ‹swapped out: 64 bytes›",
        "000000c0  more",
    ]


def test_text_does_not_run_on_over_a_gap() -> None:
    window = Window(0, b"aaaa" * 3, (Gap(4, 4, "not resident"),))
    assert [line[10:] for line in whole(window)] == ["aaaa", "‹not resident: 4 bytes›", "aaaa"]


def test_long_text_goes_on_below_without_an_offset() -> None:
    window = Window(0, b"\0" + b"abcdefghij" * 3)
    assert whole(window, 22) == [
        "00000001  abcdefghijab",
        "          cdefghijabcd",
        "          efghij",
    ]
    assert whole(window, 19) == ["abcdefghijabcdefghi", "jabcdefghij"]


def test_changed_character_stands_alone_so_that_it_can_be_marked() -> None:
    (line,) = strings.lines(Window(0, b"1235"), bytes([255, 0, 255, 255]), 80, 1)
    assert [span.text for span in units([line])] == ["1", "2", "35"]
    (line,) = strings.lines(Window(0, b"1235"), b"", 80, 1)
    assert [(span.text, span.offset, span.length) for span in units([line])] == [("1235", 0, 4)]


def test_row_of_the_document_is_64_bytes_at_any_width() -> None:
    assert {strings.stride(width, size) for width in (1, 80, 999) for size in (1, 2**40)} == {64}


@pytest.mark.skipif(not shutil.which("strings"), reason="binutils' strings is not installed")
@given(st.binary(max_size=500).map(lambda data: bytes(byte & 0x7F for byte in data)))
def test_ascii_runs_are_those_of_strings(data: bytes) -> None:
    done = subprocess.run(["strings", "-t", "d"], input=data, capture_output=True, check=True)
    expected = re.findall(rb"^ *([0-9]+) (.*)$", done.stdout, re.MULTILINE)
    told = strings.lines(Window(0, data), b"", 10**4, 10**6)
    runs = [units([line]) for line in told if units([line])[0].tone in ("text", "space")]
    assert [(spans[0].offset, sum(span.length for span in spans)) for spans in runs] == [
        (int(at), len(text)) for at, text in expected
    ]


@given(windows(), st.integers(1, 200), st.binary(max_size=300))
def test_no_byte_is_told_twice_and_all_are_told_in_order(
    window: Window, width: int, ages: bytes
) -> None:
    spans = units(strings.lines(window, ages, width, 10**6))
    at = [span.offset + byte for span in spans for byte in range(span.length)]
    assert at == sorted(set(at))
    assert not at or window.offset <= at[0] <= at[-1] < window.offset + len(window.data)


@given(windows(), st.integers(1, 200))
def test_all_text_and_every_gap_is_on_show(window: Window, width: int) -> None:
    spans = units(strings.lines(window, b"", width, 10**6))
    told = {span.offset + byte for span in spans for byte in range(span.length)}
    hidden = set[int]()
    for gap in window.gaps:
        hidden |= set(range(gap.offset, gap.offset + gap.length))
    ours = range(window.offset, window.offset + len(window.data))
    assert told >= hidden & set(ours)
    for match in re.finditer(rb"[\t\x20-\x7e]{4,}", window.data):
        run = range(*(window.offset + at for at in match.span()))
        assert told >= set(run) or hidden & set(run)


@given(windows(), st.integers(30, 200))
def test_text_is_that_of_the_bytes_at_its_offset(window: Window, width: int) -> None:
    for line in strings.lines(window, b"", width, 10**6):
        spans = units([line])
        if text_of(line[:1]).strip():
            assert offset_of(line) == spans[0].offset % 16**9
        for span in spans:
            at = span.offset - window.offset
            if span.tone == "text" and span.byte_a_cell:
                assert span.text.encode() == window.data[at : at + span.length]


@given(windows(max_offset=2**63), st.integers(1, 200), st.integers(0, 12))
def test_no_line_is_wider_or_more_than_asked(window: Window, width: int, height: int) -> None:
    lines = strings.lines(window, b"\0" * 5, width, height)
    assert len(lines) <= height
    for line in lines:
        assert_safe(line, width)
