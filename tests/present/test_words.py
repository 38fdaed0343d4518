"""Numbers in words, and foreign text that cannot harm a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from shmtui.present import words


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-5, "0s"), (0, "0s"), (59.9, "59s"), (60, "1m"), (3599, "59m"), (7200, "2h"), (172800, "2d")],
)
def test_ages_are_rounded_down(seconds: float, expected: str) -> None:
    assert words.age_words(seconds) == expected


def test_a_time_ago_is_said_in_words_also_when_the_clock_was_set_back() -> None:
    assert words.ago_words(3 * 3600 + 5) == "3 h ago"
    assert words.ago_words(61) == "1 min ago"
    assert words.ago_words(-30) == "in 30 s"


def test_never_has_no_date() -> None:
    assert words.iso(0) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgres: main", "postgres: main"),
        ("[/red]", "[/red]"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\nb\tc\0", r"a\x0ab\x09c\x00"),
        ("\u202efdp.exe", r"\u202efdp.exe"),
        ("zero\u200bwidth", r"zero\u200bwidth"),
        ("no\u00a0break", r"no\xa0break"),
        ("\udcff", r"\xff"),
        ("\u0301e\u0301", "\\u0301e\u0301"),
        ("\u3164", r"\u3164"),
        ("größe 漢字 🙂", "größe 漢字 🙂"),
    ],
)
def test_what_would_not_show_as_itself_is_made_visible(text: str, expected: str) -> None:
    assert words.visible(text) == expected


@given(st.text())
def test_visible_text_is_printable_and_stays_as_it_is(text: str) -> None:
    shown = words.visible(text)
    assert shown.isprintable()
    assert words.visible(shown) == shown


@given(st.text().map(words.visible), st.integers(0, 40), st.sampled_from(["left", "right"]))
def test_a_cell_is_exactly_as_wide_as_its_column(text: str, width: int, align: words.Align) -> None:
    assert words.cell_width(words.cells(text, width, align)) == width


# Letters and faces: Unicode 16 made some symbols wide, and Python 3.11 does not know.
written = (
    st.characters(max_codepoint=0x10FF, exclude_categories=["S"])
    | st.characters(min_codepoint=0x3041, max_codepoint=0xD7A3, exclude_categories=["S"])
    | st.characters(min_codepoint=0x1F600, max_codepoint=0x1F64F)
)


@given(st.text(written).map(words.visible))
def test_widths_are_those_the_screen_draws_with(text: str) -> None:
    assert words.cell_width(text) == cell_len(text)


def test_numbers_stand_right_and_words_left_and_what_is_cut_says_so() -> None:
    assert words.cells("42", 4, "right") == "  42"
    assert words.cells("ops", 5) == "ops  "
    assert words.cells("www-database", 8) == "www-dat…"
    assert words.cells("漢字漢字", 6) == "漢字… "
    assert words.cells("x", 0) == ""
