"""Attach: the last resort, which reads only pages that are in memory."""

import mmap
import os
import time
from pathlib import Path

import pytest

from shmtui.sysv import attach
from shmtui.sysv.attach import Attach
from shmtui.sysv.content import Consent, Forbidden, Gap, Gone, Refusal
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.gate import Terms
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.asplain import as_plain_user
from tests.sysv.rows import segment

PAGE = mmap.PAGESIZE
GIB = 1 << 30


@pytest.fixture
def evidence() -> Evidence:
    return Evidence()


def tap(shmid: int, evidence: Evidence, swap_total: int = 0) -> Attach:
    terms = Terms(evidence, Consent.GIVEN, False)
    return Attach(segment(shmid), terms, swap_total=lambda: swap_total)


def mappings_of_segments() -> list[str]:
    return [line for line in Path("/proc/self/maps").read_text().split("\n") if "SYSV" in line]


def test_reading_is_over_in_one_call_and_its_trace_is_known(
    make_segment: MakeSegment, attached_child: AttachedChild, evidence: Evidence
) -> None:
    shmid = make_segment(size=2 * PAGE)
    attached_child(shmid, b"forty-two", PAGE - 4)
    before = segment(shmid)
    assert tap(shmid, evidence).read(PAGE - 4, 9) == (PAGE - 4, b"forty-two", ())
    row = segment(shmid)
    assert (row.nattch, row.lpid) == (1, os.getpid())
    assert evidence.original(row) == before
    assert mappings_of_segments() == []


def test_a_sparse_gigabyte_gains_no_page_and_its_holes_are_gaps(
    make_segment: MakeSegment, evidence: Evidence
) -> None:
    shmid = make_segment(size=GIB)
    kernel.fill(shmid, b"x" * PAGE, 5 * PAGE)
    window = tap(shmid, evidence).read(0, 256 << 20)
    assert window.gaps == (
        Gap(0, 5 * PAGE, "never written"),
        Gap(6 * PAGE, (256 << 20) - 6 * PAGE, "never written"),
    )
    assert window.data[5 * PAGE : 6 * PAGE] == b"x" * PAGE
    assert segment(shmid).rss == PAGE


def test_where_there_is_swap_a_page_that_is_not_in_memory_may_be_anything(
    make_segment: MakeSegment, evidence: Evidence
) -> None:
    shmid = make_segment(size=2 * PAGE)
    assert tap(shmid, evidence, swap_total=1).read(1, PAGE).gaps == (Gap(1, PAGE, "not resident"),)


def test_the_same_window_costs_at_most_one_attach_a_second(
    make_segment: MakeSegment, evidence: Evidence
) -> None:
    shmid = make_segment()
    reader = tap(shmid, evidence)
    for _ in range(5):
        reader.read(0, 16)
    assert evidence.attaches(segment(shmid).identity) == 1


def test_another_window_waits_for_its_second(make_segment: MakeSegment, evidence: Evidence) -> None:
    shmid = make_segment()
    kernel.fill(shmid, b"0123456789")
    began = time.monotonic()
    assert tap(shmid, evidence).read(0, 4).data == b"0123"
    # Also with a new tap: the second counts for the segment.
    assert tap(shmid, evidence).read(4, 4).data == b"4567"
    assert 0.9 < time.monotonic() - began < 5
    assert evidence.attaches(segment(shmid).identity) == 2


def test_a_window_is_cut_at_the_segments_end(make_segment: MakeSegment, evidence: Evidence) -> None:
    shmid = make_segment(size=100)
    kernel.fill(shmid, b"\x07" * 100)
    reader = tap(shmid, evidence)
    assert reader.read(90, 50).data == b"\x07" * 10
    before = kernel.row(shmid)
    assert reader.read(500, 5) == (100, b"", ())
    assert kernel.row(shmid) == before


def test_a_segment_that_went_is_gone_and_one_under_its_id_is_not_read(
    make_segment: MakeSegment, evidence: Evidence
) -> None:
    shmid = make_segment()
    row = segment(shmid)
    terms = Terms(evidence, Consent.GIVEN, False)
    other = row._replace(identity=row.identity._replace(cpid=row.cpid + 1))
    before = kernel.row(shmid)
    with pytest.raises(Gone):
        Attach(other, terms).read(0, 1)
    assert kernel.row(shmid) == before
    kernel.rmid(shmid)
    with pytest.raises(Gone, match=f"segment {shmid} .* is gone"):
        Attach(row, terms).read(0, 1)


def test_a_segment_doomed_meanwhile_is_not_kept_alive(
    make_segment: MakeSegment, attached_child: AttachedChild, evidence: Evidence
) -> None:
    shmid = make_segment()
    attached_child(shmid)
    reader = tap(shmid, evidence)
    kernel.rmid(shmid)
    before = kernel.row(shmid)
    with pytest.raises(Forbidden, match="Marked for destruction"):
        reader.read(0, 1)
    assert kernel.row(shmid) == before


def test_what_the_table_shows_to_be_huge_pages_is_refused_without_an_attach(
    make_segment: MakeSegment, evidence: Evidence
) -> None:
    row = segment(make_segment())._replace(rss=512 * PAGE)
    found = attach.choose(row, Terms(evidence, Consent.FORCED, False))
    assert isinstance(found, Refusal)
    assert "needs peek" in found.reason
    assert not found.overridable


def test_a_plain_user_who_may_only_read_allocates_nothing(
    make_segment: MakeSegment,
) -> None:
    shmid = make_segment(size=4 * PAGE, mode=0o644)
    kernel.fill(shmid, b"\x05" * PAGE, PAGE)
    seen = as_plain_user("attach_other", shmid, os.getpid())
    assert seen["tap"] == "attach"
    assert bytes.fromhex(seen["data"]) == bytes(PAGE) + b"\x05" * PAGE + bytes(2 * PAGE)
    assert [gap[:2] for gap in seen["gaps"]] == [[0, PAGE], [2 * PAGE, 2 * PAGE]]
    assert seen["rss"] == PAGE


def test_a_plain_user_without_the_right_to_read_is_told_mode_owner_and_name(
    make_segment: MakeSegment,
) -> None:
    seen = as_plain_user("attach_other", make_segment(mode=0o600))
    assert seen["tap"] is None
    assert seen["why_not"]["attach"] == "Mode 0600, owner root; you are nobody. Run as root."
    assert seen["untouched"]
