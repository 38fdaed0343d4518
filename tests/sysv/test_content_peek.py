"""Peek: the content of a held segment, read without a trace."""

import ctypes
import mmap
import os

import pytest

from shmtui.sysv.content import Consent, Gap, Gone, Lost, Tap, choose
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.peek import Peek
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.descriptors import open_segments
from tests.sysv.rows import segment

pytestmark = pytest.mark.usefixtures("privileged")

PAGE = mmap.PAGESIZE
GIB = 1 << 30


def peek(shmid: int, *pids: int) -> Tap:
    """The tap that is chosen where nothing may be attached."""
    choice = choose(segment(shmid), pids, Consent.TRACELESS, Evidence())
    assert choice.tap is not None
    assert (choice.tap.name, choice.why_not) == ("peek", ())
    return choice.tap


def test_reading_shows_what_is_there_and_leaves_the_row_byte_for_byte(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(size=3 * PAGE)
    child = attached_child(shmid, b"forty-two", PAGE - 4)
    before = kernel.row(shmid)
    tap = peek(shmid, child.pid)
    for _ in range(3):
        assert tap.read(PAGE - 4, 9) == (PAGE - 4, b"forty-two", ())
    tap.close()
    assert kernel.row(shmid) == before
    assert open_segments() == []


def test_a_change_by_the_holder_is_in_the_next_read(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    tap = peek(shmid, attached_child(shmid, b"one").pid)
    assert tap.read(0, 3).data == b"one"
    attached_child(shmid, b"two")
    assert tap.read(0, 3).data == b"two"


def test_a_sparse_gigabyte_gains_no_page_and_its_holes_are_gaps(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(size=GIB)
    child = attached_child(shmid, b"x", 5 * PAGE)
    before = kernel.row(shmid)
    tap = peek(shmid, child.pid)
    piece = 128 * 1024
    gaps = [gap for at in range(0, GIB, piece) for gap in tap.read(at, piece).gaps]
    assert sum(gap.length for gap in gaps) == GIB - PAGE
    assert {gap.why for gap in gaps} == {"never written"}
    assert kernel.row(shmid) == before


def test_gaps_are_cut_to_the_window(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(size=4 * PAGE)
    child = attached_child(shmid, b"\x01" * PAGE, PAGE)
    window = peek(shmid, child.pid).read(10, 3 * PAGE)
    assert window.gaps == (
        Gap(10, PAGE - 10, "never written"),
        Gap(2 * PAGE, PAGE + 10, "never written"),
    )
    assert window.data == bytes(PAGE - 10) + b"\x01" * PAGE + bytes(PAGE + 10)


def test_a_gap_is_zeros_even_where_the_last_read_had_bytes_there(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(size=2 * PAGE)
    tap = peek(shmid, attached_child(shmid, b"\xff" * PAGE).pid)
    assert tap.read(0, PAGE).data == b"\xff" * PAGE
    assert tap.read(PAGE, PAGE).data == bytes(PAGE)


@pytest.mark.parametrize(("offset", "length", "got"), [(90, 50, 10), (100, 5, 0), (500, 5, 0)])
def test_a_window_is_cut_at_the_segments_end(
    make_segment: MakeSegment, attached_child: AttachedChild, offset: int, length: int, got: int
) -> None:
    shmid = make_segment(size=100)
    tap = peek(shmid, attached_child(shmid, b"\x07" * 100).pid)
    assert tap.read(offset, length).data == b"\x07" * got


def test_another_holder_takes_over_when_the_first_one_ends(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    first, second = attached_child(shmid, b"still here"), attached_child(shmid)
    tap = peek(shmid, first.pid, second.pid)
    first.kill()
    first.wait()
    assert tap.read(0, 10).data == b"still here"


def test_the_last_holder_gone_asks_for_another_tap(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    child = attached_child(shmid)
    tap = peek(shmid, child.pid)
    child.kill()
    child.wait()
    with pytest.raises(Lost):
        tap.read(0, 1)


def test_a_segment_removed_while_read_is_read_until_its_last_detach_and_then_gone(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    child = attached_child(shmid, b"last words")
    tap = peek(shmid, child.pid)
    kernel.rmid(shmid)
    assert tap.read(0, 10).data == b"last words"
    child.kill()
    child.wait()
    with pytest.raises(Gone, match=f"segment {shmid} .* is gone"):
        tap.read(0, 10)


def test_memory_of_another_size_under_the_same_id_is_not_read(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(size=100)
    child = attached_child(shmid, b"x")
    row = segment(shmid)
    other = row._replace(identity=row.identity._replace(size=99))
    with pytest.raises(Gone):
        Peek(other, [child.pid]).read(0, 1)


def test_a_holder_that_unmapped_the_start_still_gives_the_whole(
    make_segment: MakeSegment,
) -> None:
    shmid = make_segment(size=2 * PAGE)
    kernel.fill(shmid, b"start")
    address = kernel.shmat(shmid)
    libc = ctypes.CDLL(None)
    libc.munmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t)
    assert libc.munmap(address, PAGE) == 0
    try:
        assert Peek(segment(shmid), [os.getpid()]).read(0, 5).data == b"start"
    finally:
        assert libc.munmap(address + PAGE, PAGE) == 0


def test_no_holder_known_is_the_reason_not_to_peek(make_segment: MakeSegment) -> None:
    shmid = make_segment()
    held = segment(shmid)._replace(nattch=1)
    choice = choose(held, [], Consent.TRACELESS, Evidence())
    assert choice.why_not[0][:2] == ("peek", "No process that maps it is known.")


def test_where_nobody_is_attached_no_privilege_is_asked_for(
    make_segment: MakeSegment, privileged: None
) -> None:
    """Its creator and its last operator are not there to be looked into."""
    choice = choose(segment(make_segment()), [1], Consent.TRACELESS, Evidence())
    reasons = [refusal.reason for refusal in choice.why_not[:2]]
    assert reasons == ["Nobody has it attached."] * 2
