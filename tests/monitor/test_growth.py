"""More orphans than some minutes ago are told; what was long ago is forgotten."""

import pytest

from shmtui.monitor.growth import Growth
from shmtui.monitor.snapshot import Snapshot
from tests.present import made

START = float(made.NOW)


def orphans(count: int, at_s: float) -> Snapshot:
    """A snapshot with that many, and one that is none."""
    return made.snapshot(made.facts(0), *map(made.orphan, range(1, count + 1)), at=START + at_s)


def told(*polls: tuple[int, float]) -> str:
    """After snapshots of (orphans, seconds)."""
    growth = Growth()
    for count, at_s in polls:
        growth.note(orphans(count, at_s))
    return growth.words


@pytest.mark.parametrize(
    ("polls", "words"),
    [
        ([], ""),
        ([(5, 0)], ""),
        ([(5, 0), (5, 60)], ""),
        ([(5, 0), (3, 60)], ""),
        ([(5, 0), (6, 0)], ""),
        ([(5, 0), (17, 59.9)], ""),
        ([(5, 0), (6, 60)], "1 more orphan than 1 min ago"),
        ([(5, 0), (17, 100)], "12 more orphans than 2 min ago"),
        ([(5, 0), (17, 300)], "12 more orphans than 5 min ago"),
        ([(0, 0), (5, 60), (17, 660)], "12 more orphans than 10 min ago"),
        ([(0, 0), (17, 7200)], "17 more orphans than 120 min ago"),
        ([(0, 0), (17, 7200), (17, 7800)], ""),
        ([(0, 60), (17, 0)], ""),
    ],
)
def test_growth_is_told_against_the_oldest_count_in_the_window(
    polls: list[tuple[int, float]], words: str
) -> None:
    assert told(*polls) == words


def test_slow_growth_at_a_poll_a_second_is_told_over_the_whole_window() -> None:
    growth = Growth()
    for second in range(1800):
        growth.note(orphans(second // 60, second))
    assert growth.words == "10 more orphans than 10 min ago"


def test_memory_stays_small_however_often_it_is_polled() -> None:
    growth = Growth()
    for tick in range(20000):
        growth.note(orphans(0, tick / 10))
    assert len(growth._counts) <= 66


def test_orphans_of_another_namespace_are_not_compared() -> None:
    growth = Growth()
    growth.note(orphans(1, 0))
    growth.note(orphans(9, 60)._replace(namespace=7))
    assert growth.words == ""
