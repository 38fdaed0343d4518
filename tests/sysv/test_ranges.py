"""Stretches: every byte once, in order, whatever they are made of."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from shmtui.sysv.pages import PAGE_SIZE
from shmtui.sysv.ranges import Range, gaps, joined, runs, split, tally
from shmtui.sysv.window import WHYS, Extent, Gap, PageCount, Why

NUMBERS = st.integers(0, 60)


@given(st.lists(st.booleans()), NUMBERS, st.integers(1, 9))
def test_runs_are_the_flags_that_are_set(flags: list[bool], start: int, grain: int) -> None:
    found = list(runs(bytes(flags), start, grain))
    expected = [start + i * grain for i, flag in enumerate(flags) if flag]
    assert [at for run in found for at in range(run.start, run.end, grain)] == expected
    assert all(one.end < other.start for one, other in pairwise(found))


@given(st.tuples(NUMBERS, NUMBERS), st.lists(st.tuples(NUMBERS, NUMBERS)))
def test_a_split_covers_all_and_calls_each_byte_what_it_is(
    ends: tuple[int, int], pairs: list[tuple[int, int]]
) -> None:
    whole = Range(min(ends), max(ends))
    present = sorted(Range(min(pair), max(pair)) for pair in pairs)
    found = list(split(whole, present, "swapped out"))
    kinds = [e.why for e in found for _ in range(e.start, e.end)]
    assert [at for e in found for at in range(e.start, e.end)] == list(range(*whole))
    readable = {at for part in present for at in range(*part)}
    assert kinds == ["" if at in readable else "swapped out" for at in range(*whole)]
    assert all(extent.start < extent.end for extent in found)


@given(st.lists(st.tuples(st.integers(1, 5), st.sampled_from(["", *WHYS]))))
def test_joining_keeps_each_byte_and_leaves_no_two_neighbours_of_a_kind(
    lengths: list[tuple[int, Why]],
) -> None:
    at, extents = 0, []
    for length, why in lengths:
        extents.append(Extent(at, at := at + length, why))
    found = list(joined(extents))
    assert [e.why for e in found for _ in range(e.start, e.end)] == [
        e.why for e in extents for _ in range(e.start, e.end)
    ]
    assert all(one.why != other.why for one, other in pairwise(found))
    assert gaps(extents) == tuple(Gap(start, end - start, why) for start, end, why in found if why)


def test_a_tally_counts_the_last_page_though_it_is_cut() -> None:
    extents = [
        Extent(0, 2 * PAGE_SIZE, ""),
        Extent(2 * PAGE_SIZE, 3 * PAGE_SIZE, "swapped out"),
        Extent(3 * PAGE_SIZE, 7 * PAGE_SIZE, "never written"),
        Extent(7 * PAGE_SIZE, 8 * PAGE_SIZE, "not resident"),
        Extent(8 * PAGE_SIZE, 8 * PAGE_SIZE + 1, "not mapped by that process"),
    ]
    assert tally(extents) == PageCount(2, 1, 4, 2)
    assert tally([]) == PageCount(0, 0, 0, 0)
