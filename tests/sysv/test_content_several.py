"""Several windows with one opening, and what the pages are, counted without a trace."""

import mmap
import os
import threading
import time
from itertools import pairwise

import pytest

from shmtui.sysv.attach import Attach
from shmtui.sysv.attachment import attached
from shmtui.sysv.borrowed import Borrowed
from shmtui.sysv.content import Consent, Forbidden, Gone, Lost
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.gate import Terms
from shmtui.sysv.peek import Peek
from shmtui.sysv.peer import Peer
from shmtui.sysv.wants import Wants
from shmtui.sysv.window import PageCount
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.descriptors import open_segments
from tests.sysv.rows import segment

PAGE = mmap.PAGESIZE
RANGES = [(0, 5), (2 * PAGE - 1, 3), (3 * PAGE + 90, 50)]
SIZE = 3 * PAGE + 100


@pytest.fixture
def evidence() -> Evidence:
    return Evidence()


@pytest.fixture
def terms(evidence: Evidence) -> Terms:
    return Terms(evidence, Consent.GIVEN, False)


@pytest.fixture
def written(make_segment: MakeSegment) -> int:
    """The first and the last of four pages are written; nobody has it attached."""
    shmid = make_segment(size=SIZE)
    kernel.fill(shmid, b"first")
    kernel.fill(shmid, b"last" * 25, 3 * PAGE)
    return shmid


@pytest.mark.usefixtures("privileged")
def test_peek_reads_several_windows_with_one_opening(
    written: int, attached_child: AttachedChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    tap = Peek(segment(written), [attached_child(written).pid])
    before = kernel.row(written)
    tap.read(0, 1)
    opened: list[object] = []
    really = os.open

    def count(*args: object) -> int:
        opened.append(args)
        return really(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", count)
    windows = tap.read_all(RANGES)
    assert [window.data for window in windows] == [b"first", bytes(3), b"stlastlast"]
    assert windows == tuple(tap.read(*part) for part in RANGES)
    assert len(opened) == 1 + len(RANGES)
    assert tap.read_all([]) == ()
    assert kernel.row(written) == before
    assert open_segments() == []


def test_peer_reads_several_windows_as_one_by_one(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(size=SIZE)
    pids = [attached_child(shmid, b"first").pid, attached_child(shmid, b"last", 3 * PAGE + 90).pid]
    tap = Peer(segment(shmid), pids)
    before = kernel.row(shmid)
    windows = tap.read_all(RANGES)
    assert [window.data for window in windows] == [b"first", bytes(3), b"last" + bytes(6)]
    assert windows == tuple(tap.read(*part) for part in RANGES)
    assert kernel.row(shmid) == before


def test_attach_reads_several_windows_with_one_attach(
    written: int, evidence: Evidence, terms: Terms
) -> None:
    tap = Attach(segment(written), terms)
    for _ in range(3):
        windows = tap.read_all(RANGES)
    assert [window.data for window in windows] == [b"first", bytes(3), b"stlastlast"]
    assert evidence.attaches(segment(written).identity) == 1


def test_windows_of_nothing_cost_no_attach(written: int, evidence: Evidence, terms: Terms) -> None:
    windows = Attach(segment(written), terms).read_all([(SIZE, 5), (0, 0)])
    assert windows == ((SIZE, b"", ()), (0, b"", ()))
    assert evidence.attaches(segment(written).identity) == 0


@pytest.mark.usefixtures("privileged")
def test_borrowed_reads_several_windows_with_one_attach(
    written: int, evidence: Evidence, terms: Terms
) -> None:
    tap = Borrowed(segment(written), terms)
    assert [window.data for window in tap.read_all(RANGES)] == [b"first", bytes(3), b"stlastlast"]
    tap.close()
    assert evidence.attaches(segment(written).identity) == 1


@pytest.mark.usefixtures("privileged")
def test_peek_counts_pages_without_a_trace_and_nothing_where_nobody_holds_it(
    written: int, attached_child: AttachedChild
) -> None:
    child = attached_child(written)
    tap = Peek(segment(written), [child.pid])
    before = kernel.row(written)
    assert tap.count(0, SIZE) == PageCount(2, 0, 2, 0)
    assert tap.count(PAGE, 3 * PAGE) == PageCount(0, 0, 2, 0)
    assert kernel.row(written) == before
    assert open_segments() == []
    child.kill()
    child.wait()
    assert tap.count(0, SIZE) is None


def test_peer_counts_what_its_holders_touched_and_knows_nothing_of_the_rest(
    written: int, attached_child: AttachedChild
) -> None:
    child = attached_child(written, b"x", PAGE)
    tap = Peer(segment(written), [child.pid])
    before = kernel.row(written)
    assert tap.count(0, SIZE) == PageCount(1, 0, 0, 3)
    assert kernel.row(written) == before
    child.kill()
    child.wait()
    assert tap.count(0, SIZE) is None


@pytest.mark.usefixtures("privileged")
def test_borrowed_counts_while_it_is_open_and_attaches_for_no_count(
    written: int, evidence: Evidence, terms: Terms
) -> None:
    tap = Borrowed(segment(written), terms)
    assert tap.count(0, SIZE) is None
    tap.read(0, 1)
    assert tap.count(0, SIZE) == PageCount(2, 0, 2, 0)
    tap.close()
    assert tap.count(0, SIZE) is None
    assert evidence.attaches(segment(written).identity) == 1


def test_attach_counts_at_the_next_attach_that_a_read_makes_anyway(
    written: int, evidence: Evidence, terms: Terms
) -> None:
    tap = Attach(segment(written), terms, swap_total=lambda: 0)
    assert tap.count(0, SIZE) is None
    assert evidence.attaches(segment(written).identity) == 0
    tap.read(0, 1)
    assert tap.count(0, SIZE) == PageCount(2, 0, 2, 0)
    assert evidence.attaches(segment(written).identity) == 1


def test_what_was_never_looked_at_is_looked_at_first_then_what_is_longest_ago() -> None:
    wants, half_gib = Wants(), 512 << 20
    looked: list[int] = []

    def count(start: int, end: int) -> PageCount:
        looked.append(start // half_gib)
        return PageCount(end - start, 0, 0, 0)

    for at in (0, half_gib):
        wants.ask(at, at + half_gib)
    wants.look(count)
    wants.ask(2 * half_gib, 3 * half_gib)
    for _ in range(4):
        wants.look(count)
    assert looked == [0, 1, 2, 0, 1]


@pytest.mark.usefixtures("privileged")
def test_a_borrowed_job_has_a_descriptor_of_its_own_that_ends_with_it(
    written: int, evidence: Evidence, terms: Terms
) -> None:
    tap = Borrowed(segment(written), terms)
    room = bytearray(5)
    for _ in range(2):
        with tap.opened() as content:
            tap.close()
            content.read_into(memoryview(room), 0)
            assert len(open_segments()) == 1
        assert open_segments() == []
    assert room == b"first"
    assert evidence.attaches(segment(written).identity) == 2


@pytest.mark.usefixtures("privileged")
def test_nobody_left_to_open_it_through_asks_for_another_tap_or_says_that_it_is_gone(
    written: int, attached_child: AttachedChild
) -> None:
    child = attached_child(written)
    row = segment(written)
    child.kill()
    child.wait()
    for tap in (Peek(row, [child.pid]), Peer(row, [child.pid])):
        with pytest.raises(Lost), tap.opened():
            pass
    kernel.rmid(written)
    for tap in (Peek(row, [child.pid]), Peer(row, [child.pid])):
        with pytest.raises(Gone), tap.opened():
            pass


def test_a_page_that_no_holder_has_is_never_read_through_it(
    written: int, attached_child: AttachedChild
) -> None:
    tap = Peer(segment(written), [attached_child(written, b"x", PAGE).pid])
    rss = segment(written).rss
    with tap.opened() as content, pytest.raises(Lost, match="let go of a page"):
        content.read_into(memoryview(bytearray(2 * PAGE)), PAGE)
    assert segment(written).rss == rss


def test_threads_of_ours_attach_once_a_second_together_and_no_poll_waits_for_them(
    written: int, evidence: Evidence, terms: Terms
) -> None:
    row = segment(written)
    attaches: list[float] = []

    def attach() -> None:
        with attached(row, "attach", terms):
            attaches.append(time.monotonic())

    threads = [threading.Thread(target=attach) for _ in range(3)]
    for thread in threads:
        thread.start()
    longest = 0.0
    while any(thread.is_alive() for thread in threads):
        began = time.monotonic()
        with evidence.lock:
            longest = max(longest, time.monotonic() - began)
        threads[0].join(0.01)
    attaches.sort()
    assert min(other - one for one, other in pairwise(attaches)) > 0.99
    assert longest < 0.5


def test_attach_refuses_a_job_as_it_refuses_a_window(written: int, evidence: Evidence) -> None:
    before = kernel.row(written)
    tap = Attach(segment(written), Terms(evidence, Consent.ASK, False))
    with pytest.raises(Forbidden), tap.opened():
        pass
    assert kernel.row(written) == before
