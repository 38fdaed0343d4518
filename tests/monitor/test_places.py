"""Where a segment changed: against a slow map from each byte to its last change."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from shmtui.monitor.places import Places
from shmtui.monitor.shot import Shot
from shmtui.sysv.window import Window


def shot(time: float, offset: int, ages: bytes) -> Shot:
    return Shot(time, time, Window(offset, bytes(len(ages)), ()), ages, ages.count(0))


def places(*shots: Shot) -> Places:
    known = Places()
    for one in shots:
        known.add(one)
    return known


AGES = st.binary(max_size=12).map(lambda raw: raw.translate(bytes([0, 1, 255, 0] * 64)))
SHOTS = st.lists(st.tuples(st.integers(0, 30), AGES), max_size=8)


@given(SHOTS, st.integers(-1, 50), st.integers(0, 8))
def test_places_are_those_that_a_plain_map_of_bytes_gives(
    shots: list[tuple[int, bytes]], offset: int, seconds: int
) -> None:
    last: dict[int, int] = {}
    known = Places()
    for now, (start, ages) in enumerate(shots):
        known.add(shot(now, start, ages))
        last |= {start + at: now for at, age in enumerate(ages) if age == 0}
    starts = sorted(at for at in last if at - 1 not in last)
    assert known.next_after(offset) == next((at for at in starts if at > offset), None)
    assert known.previous_before(offset) == next(
        (at for at in reversed(starts) if at < offset), None
    )
    fresh = {at for at, when in last.items() if when >= len(shots) - seconds}
    lately = known.lately(len(shots), seconds)
    assert {at for start, end in lately for at in range(start, end)} == fresh
    assert all(one[1] < other[0] for one, other in pairwise(lately))


def test_nothing_changed_is_no_place() -> None:
    known = places(shot(1, 0, b"\xff\x01"))
    assert (known.next_after(-1), known.previous_before(100), known.lately(1, 10)) == (
        None,
        None,
        (),
    )


def test_the_oldest_places_are_forgotten_where_too_many_are_known() -> None:
    known = Places(most=3)
    for time, offset in enumerate((50, 10, 90, 30)):
        known.add(shot(time, offset, b"\0"))
    assert len(known) == 3
    assert [known.next_after(at) for at in (0, 10, 30)] == [10, 30, 90]
    known.add(shot(9, 0, b"\0\xff" * 100))
    assert len(known) == 3


def test_of_a_thousand_changes_in_one_window_near_ones_are_one_place() -> None:
    ages = b"\0\xff" * 1000 + b"\xff" * 5000 + b"\0" + b"\xff" * 20 + b"\0"
    known = places(shot(1, 100, ages))
    assert [known.next_after(at) for at in (-1, 100, 7100, 7121)] == [100, 7100, 7121, None]
    assert known.lately(1, 1) == ((100, 2099), (7100, 7101), (7121, 7122))


def test_a_place_that_changes_again_and_again_is_remembered_once() -> None:
    known = places(*(shot(time, 5, b"\xff\0\0") for time in range(10)))
    assert len(known) == 1


def test_a_number_whose_digits_change_in_turn_is_one_place() -> None:
    known = places(shot(1, 0, b"\xff\0\xff"), shot(2, 0, b"\0\0\xff"), shot(3, 0, b"\xff\0\xff"))
    assert known.next_after(-1) == 0
    assert known.next_after(0) is None
    assert known.lately(3, 0.5) == ((1, 2),)
