"""A segment for a job: through the best tap, chosen anew when it must be, refused in words."""

import ctypes
import threading

import pytest

from shmtui.monitor.pieces import pieces
from shmtui.monitor.source import Source
from shmtui.sysv.content import Consent, Forbidden, Gone, can_peek
from shmtui.sysv.errors import NotAllowed
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.status import look
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.private import CAPABILITY_VERSION_3
from tests.sysv.descriptors import open_segments
from tests.sysv.rows import segment

CAP_IPC_OWNER = 1 << 15

needs_peek = pytest.mark.skipif(not can_peek(), reason="needs root in the initial user namespace")

_libc = ctypes.CDLL(None, use_errno=True)


def drop_the_right_to_look() -> None:
    """This thread's CAP_IPC_OWNER (capset(2) is of a thread)."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; then their upper halves
    assert _libc.capget(header, sets) == 0
    sets[0] &= ~CAP_IPC_OWNER
    assert _libc.capset(header, sets) == 0


@needs_peek
def test_it_names_the_tap_once_it_was_chosen(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    source = Source(segment(shmid), [attached_child(shmid).pid], Consent.TRACELESS, Evidence())
    assert source.tap == ""
    with source.spell():
        assert (source.tap, source.why_not) == ("peek", ())
    assert open_segments() == []


@needs_peek
def test_holders_that_nobody_knew_of_are_found(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    first, _ = attached_child(shmid, b"here"), attached_child(shmid)
    source = Source(segment(shmid), [], Consent.TRACELESS, Evidence())
    assert bytes(next(pieces(source, 0, 4)).data) == b"here"
    first.kill()
    first.wait()
    assert bytes(next(pieces(source, 0, 4)).data) == b"here"
    assert source.tap == "peek"


@needs_peek
def test_who_may_not_look_at_the_row_may_still_peek(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(mode=0)
    row, child = segment(shmid), attached_child(shmid, b"closed")
    seen: list[object] = []

    def read() -> None:
        drop_the_right_to_look()
        try:
            look(row)
        except NotAllowed:
            source = Source(segment(shmid), [child.pid], Consent.TRACELESS, Evidence())
            seen.extend(bytes(piece.data) for piece in pieces(source, 0, 6))

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    assert seen == [b"closed"]


def test_the_decisive_refusal_is_raised_with_its_words(make_segment: MakeSegment) -> None:
    source = Source(segment(make_segment()), [], Consent.GIVEN, Evidence(), read_only=True)
    with pytest.raises(Forbidden, match="--read-only") as error, source.spell():
        pass
    assert error.value.refusal == source.why_not[-1]
    assert (source.tap, len(source.why_not)) == ("", 4)


def test_a_segment_that_went_and_one_under_its_id_are_gone(make_segment: MakeSegment) -> None:
    row = segment(make_segment())
    other = row._replace(identity=row.identity._replace(cpid=row.cpid + 1))
    with pytest.raises(Gone), Source(other, [], Consent.GIVEN, Evidence()).spell():
        pass
    kernel.rmid(row.shmid)
    with pytest.raises(Gone), Source(row, [], Consent.GIVEN, Evidence()).spell():
        pass


@needs_peek
def test_a_job_that_is_over_keeps_nothing_open(make_segment: MakeSegment) -> None:
    source = Source(segment(make_segment()), [], Consent.GIVEN, Evidence())
    with source.spell():
        assert source.tap == "borrowed"
    assert len(open_segments()) == 1  # for the next spell, for five seconds at most
    source.close()
    assert open_segments() == []
