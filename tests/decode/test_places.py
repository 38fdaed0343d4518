"""Places as people type them: everywhere in a segment, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shmtui.decode.errors import NotUnderstood
from shmtui.decode.places import parse_offset, parse_place

SIZE = 0x10000


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("0", 0),
        (" 4096 ", 4096),
        ("0x10", 16),
        ("0XfF", 255),
        ("4K", 4096),
        ("1.5k", 1536),
        ("+16", 0x1010),
        ("+ 0x10", 0x1010),
        ("-0x10", 0xFF0),
        ("+1K", 0x1400),
        ("-4096", 0),
        ("0%", 0),
        ("50%", 0x8000),
        ("12.5 %", 0x2000),
        ("100%", SIZE - 1),
        ("65535", SIZE - 1),
    ],
)
def test_typed_places_are_bytes_of_the_segment(typed: str, place: int) -> None:
    assert parse_place(typed, 0x1000, SIZE) == place


@pytest.mark.parametrize(
    "typed", ["", "+", "%", "abc", "1f", "0x", "0xK", "1e3", "++1", "+50%", "4KB", "0.3K", "1_0"]
)
def test_what_is_no_place_is_answered_with_the_forms(typed: str) -> None:
    with pytest.raises(NotUnderstood, match=r"is no place: say 4096, 0x1000, 4K, \+16"):
        parse_place(typed, 0, SIZE)


@pytest.mark.parametrize("typed", ["65536", "64K", "+0xf000", "101%", "9" * 30, "1T"])
def test_past_the_end_says_how_long_the_segment_is(typed: str) -> None:
    with pytest.raises(NotUnderstood, match=r"past the end: the segment has 65536 bytes.*0xffff$"):
        parse_place(typed, 0x1000, SIZE)


def test_before_the_start_says_so() -> None:
    with pytest.raises(NotUnderstood, match=r"^lies before the start: the segment has"):
        parse_place("-4097", 0x1000, SIZE)


@given(st.integers(1, 2**63 - 1), st.data())
def test_every_byte_can_be_named_in_every_way(size: int, data: st.DataObject) -> None:
    place, at = (data.draw(st.integers(0, size - 1)) for _ in range(2))
    relative = f"{place - at:+d}", f"{place - at:+#x}"
    for typed in (str(place), hex(place), *relative):
        assert parse_place(typed, at, size) == place


@given(st.text(max_size=12), st.integers(1, 2**40))
def test_anything_typed_is_a_place_or_a_sentence(typed: str, size: int) -> None:
    try:
        place = parse_place(typed, 0, size)
    except NotUnderstood as error:
        assert_sentence(error)
    else:
        assert 0 <= place < size


def assert_sentence(error: NotUnderstood) -> None:
    assert str(error).isprintable()


def test_offset_stands_alone() -> None:
    assert parse_offset("4K") == parse_offset("0x1000") == 4096
    with pytest.raises(NotUnderstood, match=r"offset '\+1': bytes like 64, 0x40 or 4K"):
        parse_offset("+1")


def test_a_segment_of_one_byte_is_told_in_the_singular() -> None:
    with pytest.raises(NotUnderstood, match=r"past the end: the segment has 1 byte, at 0x0$"):
        parse_place("1", 0, 1)
