"""One window through time: real writers, who changes what, who leaves, what is said."""

import mmap
import os

import pytest

from shmtui.monitor.reader import Reader
from shmtui.monitor.reading import WindowRead, WindowRequest
from shmtui.sysv.content import Consent, can_peek
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.listing import Table
from shmtui.sysv.segment import Segment
from shmtui.sysv.window import PageCount
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.descriptors import open_segments
from tests.sysv.rows import segment
from tests.waiting import wait_until

PAGE = mmap.PAGESIZE

needs_peek = pytest.mark.skipif(not can_peek(), reason="needs root in the initial user namespace")


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Pane:
    """A reader, and what the application does around it: each refresh with the row of a poll."""

    def __init__(self, shmid: int, consent: Consent = Consent.TRACELESS) -> None:
        self.clock = Clock()
        self.evidence = Evidence()
        self.reader = Reader(self.evidence, clock=self.clock)
        self.identity = segment(shmid).identity
        self.consent = consent

    def row(self) -> Segment | None:
        with self.evidence.lock:
            return Table().read().segments.get(self.identity)

    def read(self, offset: int = 0, length: int = 16, *pids: int) -> WindowRead:
        """One refresh, a second after the one before."""
        self.clock.now += 1
        request = WindowRequest(self.identity, offset, length, self.consent, generation=7)
        return self.reader.read(request, self.row(), pids)

    def watch(self, *watched: tuple[int, int], offset: int = 0, length: int = 16) -> WindowRead:
        """A refresh that also reads these bytes (offset, length)."""
        self.clock.now += 1
        request = WindowRequest(self.identity, offset, length, self.consent, 7, watched)
        return self.reader.read(request, self.row())


def data(read: WindowRead) -> bytes:
    assert read.refusal is None, read.refusal
    assert read.window is not None
    return read.window.data


def test_a_window_shows_what_the_holder_writes_and_which_bytes_are_new(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    pane = Pane(make_segment())
    attached_child(pane.identity.shmid, b"41\0")
    first = pane.read()
    assert (data(first)[:3], first.changed, first.last_change) == (b"41\0", 0, None)
    assert set(first.ages) == {255}
    attached_child(pane.identity.shmid, b"42\0")
    before = kernel.row(pane.identity.shmid)
    second = pane.read()
    assert data(second)[:3] == b"42\0"
    assert (second.ages[:3], second.changed) == (bytes([255, 0, 255]), 1)
    assert second.last_change == pane.clock.now
    third = pane.read()
    assert (third.ages[:3], third.changed, third.last_changed) == (bytes([255, 1, 255]), 0, 1)
    assert (third.tap in ("peek", "peer"), third.attaches) == (True, 0)
    assert third.request.generation == 7
    assert third.segment == segment(pane.identity.shmid)
    assert kernel.row(pane.identity.shmid) == before


def test_the_rate_is_of_refreshes_that_saw_a_change(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    pane = Pane(make_segment())
    attached_child(pane.identity.shmid, b"0")
    pane.read()
    for number in range(1, 6):
        kernel.fill(pane.identity.shmid, bytes([number]))
        read = pane.read()
    assert read.changes_per_s == pytest.approx(1.0)
    for _ in range(5):
        read = pane.read()
    assert read.changes_per_s == pytest.approx(0.5)
    for _ in range(10):
        read = pane.read()
    assert read.changes_per_s == 0.0


def test_scrolling_keeps_ages_and_another_segment_starts_anew(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    one, two = make_segment(), make_segment()
    attached_child(one, b"aaaa")
    attached_child(two, b"bbbb")
    pane = Pane(one)
    pane.read(0, 4)
    attached_child(one, b"aXaa")
    pane.read(0, 4)
    assert pane.read(1, 4).ages == bytes([1, 255, 255, 255])
    pane.identity = segment(two).identity
    other = pane.read(0, 4)
    assert (data(other), other.ages, other.last_change) == (b"bbbb", bytes([255] * 4), None)


def test_the_last_picture_stays_when_the_segment_goes(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    pane = Pane(make_segment())
    child = attached_child(pane.identity.shmid, b"last words")
    pane.read(0, 10)
    kernel.rmid(pane.identity.shmid)
    child.kill()
    child.wait()
    gone = pane.read(0, 10)
    went = pane.clock.now
    assert (gone.segment, gone.gone_at, gone.tap, gone.refusal) == (None, went, "", None)
    assert data(gone) == b"last words"
    assert pane.read(0, 10).gone_at == went


def test_a_segment_that_goes_between_the_poll_and_the_read_is_gone(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    pane = Pane(make_segment())
    child = attached_child(pane.identity.shmid, b"x")
    pane.read(0, 1)
    stale = pane.row()
    kernel.rmid(pane.identity.shmid)
    child.kill()
    child.wait()
    request = WindowRequest(pane.identity, 0, 1, Consent.TRACELESS, 1)
    gone = pane.reader.read(request, stale)
    assert (gone.segment, gone.gone_at, data(gone)) == (None, pane.clock.now, b"x")


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


def test_a_window_beyond_the_end_is_empty(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    pane = Pane(make_segment(size=100))
    attached_child(pane.identity.shmid)
    read = pane.read(100, 50)
    assert (data(read), read.ages) == (b"", b"")


def test_watched_bytes_come_with_the_window_wherever_they_lie(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    pane = Pane(make_segment(size=1 << 20))
    attached_child(pane.identity.shmid, b"far away", 1 << 19)
    before = kernel.row(pane.identity.shmid)
    read = pane.watch((1 << 19, 3), ((1 << 19) + 4, 4), (0, 1))
    assert [window.data for window in read.watched] == [b"far", b"away", b"\0"]
    assert [window.offset for window in read.watched] == [1 << 19, (1 << 19) + 4, 0]
    assert kernel.row(pane.identity.shmid) == before


def test_watched_bytes_cost_no_attach_of_their_own(make_segment: MakeSegment) -> None:
    pane = Pane(make_segment(size=1 << 20), Consent.GIVEN)
    kernel.fill(pane.identity.shmid, b"there", 1 << 19)
    read = pane.watch((1 << 19, 5), (1 << 18, 1))
    assert [window.data for window in read.watched] == [b"there", b"\0"]
    assert read.attaches == 1
    pane.reader.close()


def test_no_watched_bytes_come_where_nothing_was_read(
    make_segment: MakeSegment,
) -> None:
    pane = Pane(make_segment())
    assert pane.watch((0, 4)).watched == ()
    kernel.rmid(pane.identity.shmid)
    assert pane.watch((0, 4)).watched == ()


@needs_peek
def test_the_map_shows_the_whole_segment_without_reading_it(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    pane = Pane(make_segment(size=256 * PAGE))
    attached_child(pane.identity.shmid, b"x" * (3 * PAGE), 8 * PAGE)
    before = kernel.row(pane.identity.shmid)
    wait_until(lambda: None not in whole(pane), what="a look at every slot")
    slots = whole(pane)
    assert [at for at, slot in enumerate(slots) if slot and slot.resident] == [8, 9, 10]
    assert sum(slot.hole for slot in slots if slot) == 253
    assert kernel.row(pane.identity.shmid) == before


def whole(pane: Pane) -> tuple[PageCount | None, ...]:
    """The slots of the map after another refresh."""
    read = pane.read()
    assert read.map is not None
    return read.map.slots


@needs_peek
def test_the_map_of_a_segment_that_went_stays_and_another_segment_starts_anew(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    one, two = make_segment(size=2 * PAGE), make_segment(size=5 * PAGE)
    child = attached_child(one, b"x")
    pane = Pane(one)
    assert len(whole(pane)) == 2
    kernel.rmid(one)
    child.kill()
    child.wait()
    gone = pane.read()
    assert gone.segment is None
    assert gone.map is not None
    pane.identity = segment(two).identity
    assert pane.read().map is None  # refused: nobody has it attached
    attached_child(two)
    assert len(whole(pane)) == 5


@needs_peek
def test_the_map_causes_no_attach(make_segment: MakeSegment) -> None:
    pane = Pane(make_segment(size=64 * PAGE), Consent.GIVEN)
    for _ in range(5):
        read = pane.read()
    assert (read.tap, read.attaches) == ("borrowed", 1)
    pane.reader.close()
