"""Every place where the needle stands is found, overlapping ones too."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shmtui.monitor import matches
from shmtui.monitor.matches import Found, Matcher

FEW_LETTERS = st.text("ab", max_size=60).map(str.encode)
NEEDLES = st.text("ab", min_size=1, max_size=7).map(str.encode)


def places(data: bytes, needle: bytes) -> list[int]:
    return [at for at in range(len(data)) if data.startswith(needle, at)]


@given(FEW_LETTERS, NEEDLES)
@example(b"a" * 40, b"aaa")
@example(b"abaabaabaab", b"abaab")
def test_first_last_and_count_are_those_of_every_place(data: bytes, needle: bytes) -> None:
    found = places(data, needle)
    room = bytearray(data + needle * 2)  # what lies beyond the end is no match
    matcher = Matcher(needle)
    assert matcher.first(room, len(data)) == min(found, default=-1)
    assert matcher.last(room, len(data)) == max(found, default=-1)
    assert matcher.count(room, len(data)) == Found(len(found), True)


@given(FEW_LETTERS, NEEDLES)
def test_a_count_that_gave_up_is_exact_or_says_that_there_are_more(
    data: bytes, needle: bytes
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matches, "_MOST_FOLLOWED", 1)
        found = Matcher(needle).count(bytearray(data), len(data))
    there = len(places(data, needle))
    assert found.matches == there if found.exact else 0 < found.matches <= there


@given(st.text("ab", max_size=200).map(str.encode), st.integers(2, 40))
def test_a_repeated_byte_is_counted_exactly_where_many_matches_are(data: bytes, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matches, "_MOST_FOLLOWED", 1)
        found = Matcher(b"a" * size).count(bytearray(data), len(data))
    assert found == Found(len(places(data, b"a" * size)), True)


def test_a_needle_that_overlaps_itself_in_many_ways_is_counted_as_at_least_so_many() -> None:
    needle = b"a" * 32 + b"b" + b"a" * 32
    data = bytearray((b"a" * 63 + b"b") * 2048)
    found = Matcher(needle).count(data, len(data))
    assert not found.exact
    assert 1024 <= found.matches <= 2047


def test_one_repeated_byte_is_counted_exactly_however_dense_it_is() -> None:
    data = bytearray(b"\0\0\0\1" * 4096)
    assert Matcher(b"\0\0").count(data, len(data)) == Found(2 * 4096, True)


def test_a_dense_needle_that_overlaps_itself_is_counted_as_at_least_so_many() -> None:
    data = bytearray(b"abab-" * 4096 + b"ababab")
    found = Matcher(b"abab").count(data, len(data))
    assert not found.exact
    assert 4096 < found.matches <= 4098
