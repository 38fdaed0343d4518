"""Borrowed: one attach to a segment that nobody holds, and then what was read is kept."""

import mmap
import os
import time

import pytest

from shmtui.sysv import borrowed
from shmtui.sysv.borrowed import Borrowed
from shmtui.sysv.content import Consent, Forbidden, Gap, Gone, Refusal, choose
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.gate import Terms
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.conftest import Setting
from tests.sysv.descriptors import open_segments
from tests.sysv.rows import segment
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("privileged")

PAGE = mmap.PAGESIZE
GIB = 1 << 30


@pytest.fixture
def evidence() -> Evidence:
    return Evidence()


def tap(shmid: int, evidence: Evidence, keep_open_s: float = 5.0) -> Borrowed:
    terms = Terms(evidence, Consent.GIVEN, False)
    return Borrowed(segment(shmid), terms, keep_open_s=keep_open_s)


def test_it_is_the_tap_for_a_segment_that_nobody_holds(
    make_segment: MakeSegment, evidence: Evidence
) -> None:
    choice = choose(segment(make_segment()), [], Consent.GIVEN, evidence)
    assert choice.tap is not None
    assert choice.tap.name == "borrowed"
    assert [refusal.tap for refusal in choice.why_not] == ["peek", "peer"]


def test_choosing_it_leaves_no_trace(make_segment: MakeSegment, evidence: Evidence) -> None:
    shmid = make_segment()
    before = kernel.row(shmid)
    choose(segment(shmid), [], Consent.GIVEN, evidence)
    assert kernel.row(shmid) == before


def test_reading_costs_one_attach_however_often_it_is_read(
    make_segment: MakeSegment, evidence: Evidence
) -> None:
    shmid = make_segment(size=3 * PAGE)
    kernel.fill(shmid, b"orphaned", PAGE)
    reader = tap(shmid, evidence)
    for offset in (PAGE, PAGE + 1, PAGE):
        assert reader.read(offset, 3).data == b"orphaned"[offset - PAGE :][:3]
    row = segment(shmid)
    assert (row.nattch, row.lpid) == (0, os.getpid())
    assert evidence.attaches(row.identity) == 1
    reader.close()


def test_what_was_read_is_kept_after_the_descriptor_is_closed(
    make_segment: MakeSegment, evidence: Evidence
) -> None:
    shmid = make_segment(size=2 * PAGE)
    kernel.fill(shmid, b"kept")
    reader = tap(shmid, evidence)
    reader.read(0, 4)
    reader.close()
    assert open_segments() == []
    assert reader.read(0, 4).data == b"kept"
    assert evidence.attaches(segment(shmid).identity) == 1


def test_all_that_is_open_is_closed_where_the_program_is_to_be_stopped(
    make_segment: MakeSegment, evidence: Evidence
) -> None:
    readers = [tap(make_segment(size=2 * PAGE), evidence) for _ in range(3)]
    for reader in readers:
        reader.read(0, 4)
    readers[0].close()
    assert len(open_segments()) == 2
    borrowed.let_go()
    assert open_segments() == []
    readers[1].read(PAGE, 4)
    assert len(open_segments()) == 1
    borrowed.let_go()


def test_scrolling_while_the_descriptor_is_open_does_not_attach_again(
    make_segment: MakeSegment, evidence: Evidence
) -> None:
    shmid = make_segment(size=3 * PAGE)
    kernel.fill(shmid, b"far", 2 * PAGE)
    reader = tap(shmid, evidence)
    reader.read(0, 16)
    assert reader.read(2 * PAGE, 3).data == b"far"
    assert evidence.attaches(segment(shmid).identity) == 1
    reader.close()


def test_a_window_not_yet_read_attaches_again_once_it_is_closed(
    make_segment: MakeSegment, evidence: Evidence
) -> None:
    shmid = make_segment(size=3 * PAGE)
    reader = tap(shmid, evidence)
    reader.read(0, 16)
    reader.close()
    began = time.monotonic()
    reader.read(2 * PAGE, 3)
    assert evidence.attaches(segment(shmid).identity) == 2
    assert time.monotonic() - began > 0.5  # at most one attach in a second
    reader.close()


def test_the_descriptor_is_closed_by_its_own_clock(
    make_segment: MakeSegment, evidence: Evidence
) -> None:
    reader = tap(make_segment(), evidence, keep_open_s=0.05)
    reader.read(0, 1)
    wait_until(lambda: open_segments() == [], what="the descriptor to be closed")


def test_its_clock_allows_five_seconds_at_most() -> None:
    assert borrowed.KEEP_OPEN_S <= 5.0


def test_a_sparse_gigabyte_gains_no_page(make_segment: MakeSegment, evidence: Evidence) -> None:
    shmid = make_segment(size=GIB)
    kernel.fill(shmid, b"x", 5 * PAGE)
    reader = tap(shmid, evidence)
    piece = 1 << 22
    gaps = [gap for at in range(0, GIB, piece) for gap in reader.read(at, piece).gaps]
    reader.close()
    assert sum(gap.length for gap in gaps) == GIB - PAGE
    assert segment(shmid).rss == PAGE


def test_gaps_are_cut_to_the_window(make_segment: MakeSegment, evidence: Evidence) -> None:
    shmid = make_segment(size=4 * PAGE + 100)
    kernel.fill(shmid, b"\x01" * PAGE, PAGE)
    kernel.fill(shmid, b"\x02" * 100, 4 * PAGE)
    reader = tap(shmid, evidence)
    window = reader.read(10, 5 * PAGE)
    reader.close()
    assert window.gaps == (
        Gap(10, PAGE - 10, "never written"),
        Gap(2 * PAGE, 2 * PAGE, "never written"),
    )
    ones = b"\x01" * PAGE
    assert window.data == bytes(PAGE - 10) + ones + bytes(2 * PAGE) + b"\x02" * 100


def test_more_pages_than_are_kept_still_read_right(
    make_segment: MakeSegment, evidence: Evidence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(borrowed, "KEPT_PAGES", 2)
    shmid = make_segment(size=6 * PAGE)
    kernel.fill(shmid, bytes(range(1, 7)) * PAGE)
    reader = tap(shmid, evidence)
    expected = bytes(range(1, 7)) * PAGE
    for start, pages in ((0, 2), (1, 3), (3, 1), (2, 3), (0, 6)):
        window = reader.read(start * PAGE, pages * PAGE)
        assert window.data == expected[start * PAGE : (start + pages) * PAGE]
    reader.close()


def test_a_segment_removed_meanwhile_shows_what_was_read_and_then_is_gone(
    make_segment: MakeSegment, evidence: Evidence
) -> None:
    shmid = make_segment(size=2 * PAGE)
    kernel.fill(shmid, b"was here")
    reader = tap(shmid, evidence)
    reader.read(0, 8)
    reader.close()
    kernel.rmid(shmid)
    assert reader.read(0, 8).data == b"was here"
    with pytest.raises(Gone):
        reader.read(PAGE, 8)


def test_a_held_segment_is_not_borrowed(
    make_segment: MakeSegment, attached_child: AttachedChild, evidence: Evidence
) -> None:
    shmid = make_segment()
    attached_child(shmid)
    found = borrowed.choose(segment(shmid), Terms(evidence, Consent.GIVEN, False))
    assert isinstance(found, Refusal)
    assert "may change without a sign" in found.reason


def test_a_setting_that_would_destroy_it_is_asked_again_at_the_very_attach(
    make_segment: MakeSegment, evidence: Evidence, kernel_setting: Setting
) -> None:
    shmid = make_segment()
    reader = tap(shmid, evidence)
    # Setting it destroys orphans of processes that ended; this one's creator lives.
    kernel_setting("kernel/shm_rmid_forced", 1)
    with pytest.raises(Forbidden, match="would destroy it"):
        reader.read(0, 1)
    assert kernel.row(shmid)
