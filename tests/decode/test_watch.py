"""Watches as people type them, and as they are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shmtui.decode.errors import NotUnderstood
from shmtui.decode.types import TYPES, Kind, parse_kind
from shmtui.decode.watch import MOST_NAME, Watch, check_room, parse_watch, watch_text

COUNT = Watch(16, TYPES["u32le"], "count")


@pytest.mark.parametrize(
    "typed",
    [
        "0x10:u32le:count",
        "0x10 u32le count",
        "16:U32LE:count",
        "  0x10   u32le   count ",
        "0x10 : u32le : count",
        "0x10\tu32le\tcount",
    ],
)
def test_colons_and_spaces_are_the_same(typed: str) -> None:
    assert parse_watch(typed) == COUNT


def test_watch_without_a_name_is_called_by_its_offset() -> None:
    for typed in ("1K u8", "1K:u8", "1K:u8:", "0x400 u8 "):
        assert parse_watch(typed) == Watch(1024, TYPES["u8"], "0x400")


def test_name_may_hold_anything_that_shows() -> None:
    assert parse_watch("0:f64:requests: total [5 m] né").name == "requests: total [5 m] né"
    assert parse_watch("0:f64:x").kind == parse_kind("f64")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "OFFSET:TYPE:NAME, like 0x10:u32le:count"),
        ("0x10", "OFFSET:TYPE:NAME"),
        (":u8:a", "OFFSET:TYPE:NAME"),
        ("0xzz:u8:a", "offset '0xzz'"),
        ("+1:u8:a", r"offset '\+1'"),
        ("0:u7:a", "type 'u7': one of u8"),
        ("0:u8:a\nb", r"watch name 'a\\nb': printable characters only"),
        ("0:u8:\x1b[2J", "printable characters only"),
        ("0:u8:" + "a" * (MOST_NAME + 1), f"at most {MOST_NAME} characters"),
    ],
)
def test_watch_that_does_not_parse_is_said_in_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(NotUnderstood, match=sentence) as caught:
        parse_watch(typed)
    assert str(caught.value).isprintable()


NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=MOST_NAME)


@given(st.integers(0, 2**63), st.sampled_from(list(TYPES.values())), NAMES)
def test_a_kept_watch_is_the_same_again(offset: int, kind: Kind, name: str) -> None:
    watch = Watch(offset, kind, name)
    assert parse_watch(watch_text(watch)) == watch


def test_watch_must_lie_within_the_segment() -> None:
    check_room(COUNT, 20)
    for size in (19, 16, 1):
        with pytest.raises(
            NotUnderstood, match=rf"watch count: no u32le \(4 bytes\) at 0x10, .* {size} b"
        ):
            check_room(COUNT, size)
