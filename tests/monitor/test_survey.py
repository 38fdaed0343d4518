"""The map of a segment: learned a little at a time, the part on view first, never by reading."""

import mmap
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shmtui.monitor.survey import SegmentMap, Survey
from shmtui.sysv.peek import Peek, can_peek
from shmtui.sysv.window import PageCount
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.rows import segment

PAGE = mmap.PAGESIZE
GIB = 1 << 30
HOLE = PageCount(0, 0, 1, 0)


class Asked:
    """Answers every question, and takes a millisecond of the clock for it."""

    def __init__(self, seconds: float = 0.001, holes: bool = True) -> None:
        self.holes = holes
        self.now = 0.0
        self.ranges: list[tuple[int, int]] = []
        self.seconds = seconds

    def __call__(self, start: int, end: int) -> PageCount | None:
        self.ranges.append((start, end))
        self.now += self.seconds
        count = (end - start) // PAGE
        return PageCount(0, 0, count, 0) if self.holes else PageCount(count, 0, 0, 0)

    def clock(self) -> float:
        return self.now


@given(st.integers(1, 1 << 45))
def test_the_slots_are_whole_pages_512_at_most_and_cover_the_segment(size: int) -> None:
    found = Survey(size).step(lambda _start, _end: None)
    assert found.slot_bytes % PAGE == 0
    assert 1 <= len(found.slots) <= 512
    assert (len(found.slots) - 1) * found.slot_bytes < size <= len(found.slots) * found.slot_bytes


@given(st.integers(1, 1 << 40))
def test_a_round_asks_about_every_byte(size: int) -> None:
    asked = Asked(0.0)
    survey = Survey(size, asked.clock)
    while None in survey.step(asked).slots:
        pass
    seen = sorted(set(asked.ranges))
    assert seen[0][0] == 0
    assert seen[-1][1] == size
    assert all(one[1] == other[0] for one, other in pairwise(seen))


def test_what_is_on_view_comes_first_and_the_others_go_on_where_they_were() -> None:
    asked = Asked(0.002)
    survey = Survey(512 * PAGE, asked.clock)
    view = range(500 * PAGE + 1, 500 * PAGE + 2)
    for _ in range(2):
        survey.step(asked, view)
    slots = [start // PAGE for start, _ in asked.ranges]
    assert slots == [500, 0, 1, 500, 2, 3]


def test_a_turn_is_short_and_shorter_still_once_all_was_seen() -> None:
    asked = Asked()
    survey = Survey(512 * PAGE, asked.clock)
    survey.step(asked)
    assert len(asked.ranges) == 5
    while None in survey.step(asked).slots:
        pass
    asked.ranges.clear()
    survey.step(asked)
    assert len(asked.ranges) == 1


def test_a_turn_asks_of_a_gib_in_memory_at_most() -> None:
    asked = Asked(0.0, holes=False)
    Survey(512 * GIB, asked.clock).step(asked)
    assert asked.ranges == [(0, GIB)]


def test_holes_are_stepped_over_in_one_turn() -> None:
    asked = Asked(0.0)
    assert None not in Survey(512 * GIB, asked.clock).step(asked).slots


def test_what_is_not_known_now_stays_as_it_was_seen() -> None:
    survey = Survey(2 * PAGE)
    survey.step(Asked(0.0))
    assert survey.step(lambda _start, _end: None).slots == (HOLE, HOLE)


@pytest.mark.skipif(not can_peek(), reason="needs root in the initial user namespace")
def test_a_real_segment_at_a_glance(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    size = 1024 * PAGE - 10
    shmid = make_segment(size=size)
    child = attached_child(shmid, b"\x01" * (3 * PAGE), 4 * PAGE)
    before = kernel.row(shmid)
    survey, tap = Survey(size), Peek(segment(shmid), [child.pid])
    while None in (found := survey.step(tap.count)).slots:
        pass
    written = {2: PageCount(2, 0, 0, 0), 3: PageCount(1, 0, 1, 0)}
    rest = PageCount(0, 0, 2, 0)
    assert found == SegmentMap(size, tuple(written.get(slot, rest) for slot in range(512)))
    assert kernel.row(shmid) == before
