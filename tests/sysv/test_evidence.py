"""What our attaches overwrite is remembered, and given back as long as the row shows ours."""

import os
import threading
import time

import pytest

from shmtui.sysv.errors import NotThere
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.segment import Segment
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.rows import segment
from tests.waiting import wait_until


def touch(row: Segment, evidence: Evidence) -> None:
    """An attach and detach of ours."""
    with evidence.attaching(row):
        kernel.shmdt(kernel.shmat(row.shmid, kernel.SHM_RDONLY))


def used(shmid: int, attached_child: AttachedChild) -> Segment:
    """The row after another process attached and detached, a second that is over by now."""
    child = attached_child(shmid)
    child.kill()
    child.wait()
    row = segment(shmid)
    # The kernel stamps with a clock that is behind by up to a tick, 10 ms at most.
    wait_until(lambda: time.time() >= row.dtime + 1.02, what="the next second")
    return row


def test_the_row_is_given_back_as_it_was_before_our_attach(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    before = used(make_segment(), attached_child)
    evidence = Evidence()
    touch(before, evidence)
    now = segment(before.shmid)
    assert (now.lpid, now.dtime > before.dtime) == (os.getpid(), True)
    assert evidence.original(now) == before
    assert evidence.attaches(before.identity) == 1


def test_after_many_attaches_of_ours_it_is_still_the_first_row(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    before = used(make_segment(), attached_child)
    evidence = Evidence()
    for _ in range(3):
        touch(segment(before.shmid), evidence)
    assert evidence.original(segment(before.shmid)) == before
    assert evidence.attaches(before.identity) == 3


def test_another_hand_after_ours_is_evidence_again(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    evidence = Evidence()
    touch(segment(shmid), evidence)
    child = attached_child(shmid)
    now = segment(shmid)
    assert now.lpid == child.pid
    assert evidence.original(now) is now


def test_what_the_other_hand_left_is_what_our_next_attach_gives_back(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    evidence = Evidence()
    touch(segment(shmid), evidence)
    between = used(shmid, attached_child)
    touch(between, evidence)
    assert evidence.original(segment(shmid)) == between


def test_a_row_we_never_touched_is_the_very_same_object(make_segment: MakeSegment) -> None:
    row = segment(make_segment())
    assert Evidence().original(row) is row


def test_whoever_reads_the_table_under_the_lock_never_sees_us_attached(
    make_segment: MakeSegment,
) -> None:
    row = segment(make_segment())
    evidence = Evidence()
    inside, leave = threading.Event(), threading.Event()
    seen: list[int] = []

    def attach() -> None:
        with evidence.attaching(row):
            address = kernel.shmat(row.shmid, kernel.SHM_RDONLY)
            inside.set()
            leave.wait(10)
            kernel.shmdt(address)

    def poll() -> None:
        with evidence.lock:
            seen.append(segment(row.shmid).nattch)

    threads = [threading.Thread(target=attach), threading.Thread(target=poll)]
    threads[0].start()
    assert inside.wait(10)
    assert segment(row.shmid).nattch == 1
    threads[1].start()
    threads[1].join(0.1)
    assert seen == []
    leave.set()
    for thread in threads:
        thread.join(10)
    assert seen == [0]


def test_a_failed_attach_changes_nothing(make_segment: MakeSegment) -> None:
    row = segment(make_segment())
    evidence = Evidence()
    with pytest.raises(OSError, match="shmat"), evidence.attaching(row):
        kernel.shmat(row.shmid + 1)
    assert evidence.attaches(row.identity) == 0
    assert evidence.original(segment(row.shmid)) == row


def test_a_segment_that_went_or_another_with_its_id_is_not_attached(
    make_segment: MakeSegment,
) -> None:
    row = segment(make_segment())
    other = row._replace(identity=row.identity._replace(size=row.size + 1))
    for gone in (other, row._replace(identity=row.identity._replace(shmid=row.shmid + 1))):
        with pytest.raises(NotThere, match="is gone"), Evidence().attaching(gone):
            pytest.fail("the block was entered")


def test_a_segment_removed_under_our_attach_is_forgotten(make_segment: MakeSegment) -> None:
    row = segment(make_segment())
    evidence = Evidence()
    with evidence.attaching(row):
        kernel.rmid(row.shmid)
    assert evidence.original(row) is row
