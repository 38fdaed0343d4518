"""The text view: what the article's reader prints, and every other byte told in one place."""

import sys
import unicodedata
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from shmtui.decode import text
from tests.decode.windows import Gap, Window, assert_safe, text_of, units, windows

RULE = "──── after NUL ────"


def whole(window: Window, width: int = 80, height: int = 10**6) -> list[str]:
    return [text_of(line) for line in text.lines(window, b"", width, height)]


def test_counter_of_the_article_stands_above_the_rule() -> None:
    assert whole(Window(0, b"42".ljust(1024, b"\0"))) == ["42", RULE, "␀×1021"]


def test_rest_of_a_longer_value_stays_visible_after_the_nul() -> None:
    assert whole(Window(0, b"9\x00999 old")) == ["9", RULE, "999 old"]


def test_spaces_after_the_string_are_shown_as_they_are() -> None:
    assert whole(Window(0, b"7\0" + b" " * 4)) == ["7", RULE, "    "]


def test_empty_string_says_so() -> None:
    assert whole(Window(0, bytes(100))) == ["(empty string)", RULE, "␀×99"]


def test_window_elsewhere_has_no_rule() -> None:
    assert whole(Window(80, b"ab\0cd")) == ["ab␀cd"]


def test_nuls_behind_a_gap_end_no_string() -> None:
    window = Window(0, bytes(200), (Gap(0, 100, "not resident"),))
    assert whole(window) == ["‹not resident: 100 bytes›␀×100"]


def test_line_ends_of_the_string_break_lines_where_all_fits() -> None:
    window = Window(0, b"one\ntwo\n\0three\nfour")
    assert whole(window) == ["one␊", "two␊", RULE, "three␊four"]
    assert whole(Window(0, "a␊b".encode())) == ["a␊b"]
    assert whole(window, height=3) == ["one␊two␊", RULE, "three␊four"]


def test_utf8_is_decoded_and_what_is_not_is_marked() -> None:
    assert whole(Window(0, "né €😀漢".encode())) == ["né €😀漢"]
    assert whole(Window(0, b"a\xffb\xc3(\xed\xa0\x80")) == ["a�b�(���"]


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (b"\x1b[31mred\x07", "␛[31mred␇"),
        (b"[/red][b]", "[/red][b]"),
        ("\u202egnp.exe\u200b".encode(), "◌gnp.exe◌"),
        ("\x85\u2028\u2029\ue000".encode(), "◌◌◌◌"),
        ("e\u0301\U0001f1e9\U0001f1ea".encode(), "e◌◌◌"),
        (b"\t\r\x7f", "␉␍␡"),
    ],
)
def test_nothing_of_the_content_reaches_the_terminal_as_a_command(
    content: bytes, shown: str
) -> None:
    assert whole(Window(0, content)) == [shown]


def test_character_cut_by_the_window_is_not_called_wrong() -> None:
    euro = "€".encode()
    assert whole(Window(80, euro[1:] + b"ab" + euro[:2])) == ["……ab……"]
    assert whole(Window(0, euro[1:]))[0].startswith("��")


def test_short_runs_of_nul_are_drawn_one_by_one() -> None:
    assert whole(Window(80, b"a\0\0b" + bytes(8))) == ["a␀␀b␀×8"]


def test_gaps_say_why_in_words() -> None:
    window = Window(80, b"ab" + bytes(98), (Gap(82, 90, "not mapped by that process"),))
    assert whole(window) == ["ab‹not mapped by that process: 90 bytes›␀×8"]


def test_gap_too_short_for_words_is_dots() -> None:
    assert whole(Window(80, bytes(6), (Gap(82, 2, "never written"),))) == ["␀␀··␀␀"]


def test_long_text_is_wrapped_at_the_width() -> None:
    assert whole(Window(80, b"a" * 25), width=10) == ["a" * 10, "a" * 10, "a" * 5]


def test_changed_digit_stands_alone_so_that_it_can_be_marked() -> None:
    ages = bytes([255, 0, 255, 255])
    line = text.lines(Window(0, b"1235"), ages, 80, 1)[0]
    assert [span.text for span in line] == ["1", "2", "35"]


@given(windows(), st.integers(1, 200))
def test_every_byte_of_the_window_is_in_one_place(window: Window, width: int) -> None:
    spans = units(text.lines(window, b"", width, 10**6))
    at = [span.offset + byte for span in spans for byte in range(span.length)]
    assert at == list(range(window.offset, window.offset + len(window.data)))


@given(windows(), st.integers(1, 200), st.integers(0, 12))
def test_no_line_is_wider_or_more_than_asked(window: Window, width: int, height: int) -> None:
    lines = text.lines(window, b"\0" * 5, width, height)
    assert len(lines) <= height
    for line in lines:
        assert_safe(line, width)


def rows_too_many(width: int, before: int, length: int, is_gap: bool) -> int:
    """Lines beyond those of the bytes: text and runs of NUL (or a gap) by turns."""
    step, turns = before + length, 12
    starts = range(width + before, width + turns * step, step)
    gaps = tuple(Gap(at, length, "never written") for at in starts) if is_gap else ()
    window = Window(width, (b"a" * before + bytes(length)) * turns, gaps)
    return len(whole(window, width)) - -(-len(window.data) // width)


def test_counted_runs_of_nul_take_no_more_lines_than_their_bytes() -> None:
    cases = product(range(2, 12), range(12), range(1, 12), [False])
    assert max(rows_too_many(*case) for case in cases) <= 0


def test_gaps_in_words_take_no_more_lines_than_their_bytes() -> None:
    cases = product((26, 30, 40), range(40), (26, 30, 45, 60), [True])
    assert max(rows_too_many(*case) for case in cases) <= 0


@given(windows(), st.integers(2, 200))
def test_all_of_a_screenful_of_bytes_fits(window: Window, width: int) -> None:
    rows = -(-len(window.data) // text.stride(width, 0)) + text.EXTRA_ROWS
    spans = units(text.lines(window, b"", width, rows))
    assert sum(span.length for span in spans) == len(window.data)


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=70))
def test_printable_string_is_shown_as_percent_s_prints_it(string: str) -> None:
    above, rule, *_ = whole(Window(0, string.encode().ljust(80, b"\0")))
    assert above == (string or "(empty string)")
    assert rule == RULE


def test_no_character_takes_more_cells_than_the_view_counts() -> None:
    codes = [*range(0xA0, 0xD800), *range(0xE000, sys.maxunicode + 1)]
    every = "".join(map(chr, codes)).encode()
    (line,) = text.lines(Window(80, every), b"", 10**9, 2)
    for span in line:
        wide = unicodedata.east_asian_width(span.text) in "WF"
        assert cell_len(span.text) == (2 if wide else 1), span
