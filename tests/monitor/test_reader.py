"""One window through time: real writers, who changes what, who leaves, what is said."""

import pytest

from shmtui.monitor.reading import WindowRequest
from shmtui.sysv.content import Consent
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.monitor.refreshes import Pane, data
from tests.sysv.rows import segment


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
