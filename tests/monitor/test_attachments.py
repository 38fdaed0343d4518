"""Which segments are looked at again, also within the grain of a second."""

from shmtui.monitor.attachments import Attachments, marks
from shmtui.sysv.segment import Identity, Segment

A, B = Identity(1, 0, 1, 0, 4096), Identity(1, 1, 1, 0, 4096)


def row(identity: Identity, touched: int) -> Segment:
    return Segment(identity, 0, 0o600, 1, 1, 0, 0, 0, touched, 0, 1, 4096, 0)


def test_what_moved_and_what_went_is_handed_out_once() -> None:
    attachments = Attachments()
    attachments.note([row(A, 50)], [B], polled=100.5)
    assert attachments.take() == {A, B}
    assert attachments.take() == set()


def test_polls_without_a_scan_in_between_add_up() -> None:
    attachments = Attachments()
    attachments.note([row(A, 50)], [], polled=100.0)
    attachments.note([row(B, 50)], [], polled=101.0)
    assert attachments.take() == {A, B}


def test_what_was_touched_in_the_second_of_the_poll_is_looked_at_once_more() -> None:
    attachments = Attachments()
    attachments.note([row(A, 100), row(B, 99)], [], polled=100.9)
    assert attachments.take() == {A, B}
    attachments.note([], [], polled=101.9)
    assert attachments.take() == {A}
    attachments.note([], [], polled=102.9)
    assert attachments.take() == set()


def test_a_look_that_did_not_end_is_repeated() -> None:
    attachments = Attachments()
    attachments.again([A])
    assert attachments.take() == {A}


def test_rss_and_mode_are_no_marks_of_an_attach() -> None:
    before = row(A, 50)
    assert marks(before._replace(rss=0, perms=0o644)) == marks(before)
    assert marks(before._replace(nattch=2)) != marks(before)
    assert marks(before._replace(lpid=9)) != marks(before)
    assert marks(before._replace(atime=51)) != marks(before)
    assert marks(before._replace(dtime=51)) != marks(before)
