"""How a window is read: through which process, borrowed or refused, and what stays open."""

import os

import pytest

from shmtui.monitor.reader import Reader
from shmtui.monitor.reading import WindowRequest
from shmtui.sysv.content import Consent
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.monitor.refreshes import Pane, data, needs_peek
from tests.sysv.descriptors import open_segments
from tests.sysv.rows import segment


def test_without_known_holders_all_processes_are_asked(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    pane = Pane(make_segment())
    holder = attached_child(pane.identity.shmid, b"found")
    passer_by = attached_child(pane.identity.shmid)
    passer_by.kill()
    passer_by.wait()
    row = pane.row()
    assert row is not None
    assert holder.pid not in (row.lpid, row.cpid)
    assert data(pane.read(0, 5)) == b"found"


def test_another_holder_takes_over_when_one_ends(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    pane = Pane(make_segment())
    first = attached_child(pane.identity.shmid, b"one")
    assert data(pane.read(0, 3, first.pid)) == b"one"
    attached_child(pane.identity.shmid, b"two")
    first.kill()
    first.wait()
    assert data(pane.read(0, 3, first.pid)) == b"two"


def test_a_holder_that_came_after_the_last_poll_is_found_when_the_others_went(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    pane = Pane(make_segment())
    first = attached_child(pane.identity.shmid, b"here")
    second = attached_child(pane.identity.shmid)
    second.kill()
    second.wait()
    old_row = pane.row()
    assert data(pane.read(0, 4)) == b"here"
    attached_child(pane.identity.shmid)
    first.kill()
    first.wait()
    request = WindowRequest(pane.identity, 0, 4, Consent.TRACELESS, 1)
    late = pane.reader.read(request, old_row)
    assert late.refusal is None
    assert late.tap in ("peek", "peer")


def test_nobody_holds_it_and_nothing_is_agreed_to_a_refusal_says_what_enter_does(
    make_segment: MakeSegment,
) -> None:
    pane = Pane(make_segment())
    before = kernel.row(pane.identity.shmid)
    read = pane.read()
    assert (read.window, read.ages, read.tap) == (None, b"", "")
    assert read.refusal is not None
    assert read.refusal.reason.startswith("Only an attach of an instant")
    assert (read.refusal.overridable, read.refusal) == (True, read.why_not[-1])
    assert kernel.row(pane.identity.shmid) == before


def test_a_refusal_keeps_the_picture_to_compare_with_later(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    pane = Pane(make_segment())
    child = attached_child(pane.identity.shmid, b"a")
    pane.read(0, 1)
    child.kill()
    child.wait()
    assert pane.read(0, 1).refusal is not None
    attached_child(pane.identity.shmid, b"b")
    read = pane.read(0, 1)
    assert (data(read), read.ages, read.changed) == (b"b", bytes([0]), 1)


def test_a_read_only_reader_attaches_to_nothing(make_segment: MakeSegment) -> None:
    pane = Pane(make_segment())
    reader = Reader(pane.evidence, read_only=True)
    request = WindowRequest(pane.identity, 0, 1, Consent.GIVEN, 1)
    read = reader.read(request, pane.row())
    assert read.refusal is not None
    assert "--read-only" in read.refusal.reason


@needs_peek
def test_a_borrowed_segment_is_attached_once_and_not_polled(make_segment: MakeSegment) -> None:
    pane = Pane(make_segment(), Consent.GIVEN)
    kernel.fill(pane.identity.shmid, b"left behind")
    reads = [pane.read(0, 11) for _ in range(5)]
    assert {(data(read), read.tap, read.attaches) for read in reads} == {
        (b"left behind", "borrowed", 1)
    }
    pane.reader.close()


@needs_peek
def test_a_borrowed_segment_is_looked_at_again_when_another_hand_moved_its_row(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    pane = Pane(make_segment(), Consent.GIVEN)
    assert data(pane.read(0, 3)) == bytes(3)
    other = attached_child(pane.identity.shmid, b"new")
    other.kill()
    other.wait()
    read = pane.read(0, 3)
    assert (data(read), read.tap, read.attaches, read.changed) == (b"new", "borrowed", 2, 3)
    assert pane.read(0, 3).attaches == 2
    pane.reader.close()


@needs_peek
def test_a_segment_that_somebody_takes_up_is_peeked_and_no_longer_attached(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    pane = Pane(make_segment(), Consent.GIVEN)
    assert pane.read().tap == "borrowed"
    attached_child(pane.identity.shmid, b"!")
    read = pane.read()
    assert (read.tap, data(read)[:1], read.attaches) == ("peek", b"!", 1)
    assert open_segments() == []


@needs_peek
def test_two_monitors_of_one_segment_do_not_wake_each_other_for_ever(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    pane = Pane(make_segment(), Consent.GIVEN)
    for _ in range(8):
        read = pane.read()
        other = attached_child(pane.identity.shmid)  # touches it, and writes nothing
        other.kill()
        other.wait()
    assert 2 <= read.attaches <= 5
    assert open_segments() == []  # nor does it keep open what the other may remove
    pane.reader.close()


@needs_peek
@pytest.mark.parametrize("leave", ["close", "gone", "other segment", "refused"])
def test_no_descriptor_stays_open_when_the_reader_leaves_a_borrowed_segment(
    make_segment: MakeSegment, leave: str
) -> None:
    pane = Pane(make_segment(), Consent.GIVEN)
    other = make_segment()
    pane.read()
    assert len(open_segments()) == 1
    if leave == "close":
        pane.reader.close()
    elif leave == "gone":
        kernel.rmid(pane.identity.shmid)
        assert pane.read().gone_at == pane.clock.now
    elif leave == "other segment":
        pane.consent, pane.identity = Consent.ASK, segment(other).identity
        assert pane.read().refusal is not None
    else:
        pane.consent = Consent.TRACELESS
        assert pane.read().refusal is not None
    assert open_segments() == []


@needs_peek
def test_new_memory_under_the_same_id_is_not_taken_for_the_old(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    if not os.access("/proc/sys/kernel/shm_next_id", os.W_OK):
        pytest.skip("only root can ask the kernel for a given shmid")
    shmid = make_segment()
    kernel.fill(shmid, b"old")
    pane = Pane(shmid, Consent.GIVEN)
    assert data(pane.read(0, 3)) == b"old"
    kernel.rmid(shmid)
    with open("/proc/sys/kernel/shm_next_id", "w") as file:
        file.write(str(shmid))
    assert make_segment() == shmid
    writer = attached_child(shmid, b"new")
    writer.kill()
    writer.wait()
    assert segment(shmid).identity == pane.identity
    assert data(pane.read(0, 3)) == b"new"
    pane.reader.close()


@needs_peek
def test_a_sparse_gigabyte_read_for_a_while_keeps_its_row_byte_for_byte(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    pane = Pane(make_segment(size=1 << 30))
    attached_child(pane.identity.shmid, b"x", 12345)
    before = kernel.row(pane.identity.shmid)
    for offset in range(0, 1 << 30, 1 << 26):
        pane.read(offset, 4096)
    assert kernel.row(pane.identity.shmid) == before
