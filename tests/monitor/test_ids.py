"""Ids in the order the kernel gives them out, held to a real kernel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shmtui.monitor.ids import comes_after, given_out, newest
from tests import kernel
from tests.conftest import MakeSegment

INDICES, SEQUENCES = 32768, 65535
LAST = SEQUENCES * INDICES - 1
shmids = st.integers(0, LAST)


def cycle(times: int) -> None:
    """Makes and removes a segment again and again."""
    for _ in range(times):
        kernel.rmid(kernel.shmget(kernel.IPC_PRIVATE, 4096, 0o600))


@pytest.mark.parametrize("unseen", [0, 1, 10, 63, 64, 65, 1000])
def test_in_a_small_steady_population_the_count_is_exact(
    make_segment: MakeSegment, unseen: int
) -> None:
    for _ in range(5):
        make_segment()
    living = kernel.shmids()
    before = newest(living)
    cycle(unseen)
    until = make_segment()
    assert comes_after(until, before)
    assert given_out(before, until, len(living), living) == unseen + 1


def test_in_a_big_steady_population_the_count_is_near(make_segment: MakeSegment) -> None:
    made = [make_segment() for _ in range(300)]
    for shmid in made[::2]:
        kernel.rmid(shmid)
    cycle(1000)
    living = kernel.shmids()
    before = make_segment()
    cycle(1000)
    until = make_segment()
    assert given_out(before, until, len(living), living) == pytest.approx(1001, rel=0.05)


def test_after_the_last_sequence_the_first_comes() -> None:
    assert comes_after(5, LAST - 5)
    assert not comes_after(LAST - 5, 5)
    assert newest([LAST - 5, 5]) == newest([5, LAST - 5]) == newest([5], LAST - 5) == 5
    assert given_out(LAST - INDICES + 10, 3, 0, []) == 64 + 3 - 9


@given(shmids)
def test_nothing_comes_after_itself(shmid: int) -> None:
    assert not comes_after(shmid, shmid)


@given(shmids, shmids)
def test_of_two_ids_not_both_come_after_the_other(one: int, other: int) -> None:
    assert not (comes_after(one, other) and comes_after(other, one))


@given(shmids, shmids, st.integers(0, INDICES), st.sets(shmids))
def test_at_least_the_new_id_itself_was_given_out(
    after: int, until: int, in_use: int, living: set[int]
) -> None:
    assert given_out(after, until, in_use, living) >= 1


def test_without_ids_there_is_no_newest() -> None:
    assert newest([]) == -1
    assert newest([], 7) == 7
    assert newest([3, 9, 4]) == 9
