"""What happened between two polls of real segments."""

import os
from pathlib import Path

import pytest

from shmtui.monitor.changes import Changes, compare
from shmtui.monitor.snapshot import Poller, Snapshot
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.listing import Table
from shmtui.sysv.segment import Identity
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.monitor.conftest import Creator

HEADER = "key shmid perms size cpid lpid nattch uid gid cuid cgid atime dtime ctime rss swap\n"
NOTHING = Changes((), (), (), attached_or_detached=False, came_and_went=None)


def identity_of(snapshot: Snapshot, shmid: int) -> Identity:
    (identity,) = (it for it in snapshot.facts if it.shmid == shmid)
    return identity


def cycle(times: int) -> None:
    """Makes and removes a segment again and again, unseen."""
    for _ in range(times):
        kernel.rmid(kernel.shmget(kernel.IPC_PRIVATE, 4096, 0o600))


def test_at_first_everything_appears(make_segment: MakeSegment) -> None:
    make_segment()
    make_segment()
    snapshot = Poller().poll()
    assert compare(None, snapshot) == NOTHING._replace(appeared=tuple(sorted(snapshot.facts)))


def test_where_nothing_happened_there_are_no_changes(make_segment: MakeSegment) -> None:
    make_segment()
    poller = Poller()
    assert compare(poller.poll(), poller.poll()) == NOTHING


def test_a_new_segment_appears_and_a_removed_one_goes(make_segment: MakeSegment) -> None:
    goes = make_segment()
    make_segment()
    poller = Poller()
    old = poller.poll()
    comes = make_segment()
    kernel.rmid(goes)
    new = poller.poll()
    changes = compare(old, new)
    assert changes.appeared == (identity_of(new, comes),)
    assert changes.gone == (identity_of(old, goes),)
    assert changes.changed == ()
    assert not changes.attached_or_detached


def test_an_attach_is_a_change_and_a_reason_to_look_at_the_holders(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    make_segment()
    shmid = make_segment()
    poller = Poller()
    old = poller.poll()
    attached_child(shmid)
    new = poller.poll()
    assert compare(old, new) == NOTHING._replace(
        changed=(identity_of(new, shmid),), attached_or_detached=True
    )


def test_changes_are_seen_while_others_come_and_go(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    poller = Poller()
    old = poller.poll()
    attached_child(shmid)
    make_segment()
    new = poller.poll()
    assert compare(old, new).changed == (identity_of(new, shmid),)


def test_an_attached_segment_that_appears_or_goes_is_a_reason_to_look_at_the_holders(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    empty = Poller().poll()
    attached_child(make_segment())
    full = Poller().poll()
    assert compare(empty, full).attached_or_detached
    assert compare(full, empty).attached_or_detached


def test_the_end_of_a_creator_is_a_change_but_nothing_was_attached(creator: Creator) -> None:
    child = creator()
    poller = Poller()
    old = poller.poll()
    child.end()
    new = poller.poll()
    assert compare(old, new) == NOTHING._replace(changed=(identity_of(new, child.shmid),))


def test_our_own_attach_shows_as_a_change_but_is_no_reason_to_look_at_the_holders(
    creator: Creator,
) -> None:
    child = creator()
    evidence = Evidence()
    poller = Poller(evidence)
    old = poller.poll()
    identity = identity_of(old, child.shmid)
    with evidence.attaching(old.facts[identity].segment):
        kernel.shmdt(kernel.shmat(child.shmid, kernel.SHM_RDONLY))
    assert compare(old, poller.poll()) == NOTHING._replace(changed=(identity,))


def test_an_id_that_comes_back_as_another_segment_went_and_appeared(tmp_path: Path) -> None:
    path = tmp_path / "shm"
    poller = Poller(table=Table(str(path)))
    path.write_text(f"{HEADER}7 5 600 56 999999 0 0 0 0 0 0 0 0 1 0 0\n")
    old = poller.poll()
    path.write_text(f"{HEADER}7 5 600 57 999999 0 0 0 0 0 0 0 0 1 0 0\n")
    new = poller.poll()
    changes = compare(old, new)
    assert (changes.gone, changes.appeared) == (tuple(old.facts), tuple(new.facts))
    assert changes.changed == ()


@pytest.mark.parametrize("unseen", [0, 1, 500])
def test_segments_that_came_and_went_unseen_are_counted(
    make_segment: MakeSegment, unseen: int
) -> None:
    make_segment()
    poller = Poller()
    old = poller.poll()
    cycle(unseen)
    make_segment()
    make_segment()
    assert compare(old, poller.poll()).came_and_went == unseen


def test_what_came_and_went_cannot_be_told_where_no_new_one_stayed(
    make_segment: MakeSegment,
) -> None:
    make_segment()
    poller = Poller()
    old = poller.poll()
    cycle(10)
    between = poller.poll()
    assert compare(old, between).came_and_went is None
    make_segment()
    assert compare(between, poller.poll()).came_and_went == 10


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may choose the next id")
def test_what_came_and_went_cannot_be_told_where_somebody_chose_the_next_id(
    make_segment: MakeSegment,
) -> None:
    make_segment()
    poller = Poller()
    old = poller.poll()
    make_segment()
    Path("/proc/sys/kernel/shm_next_id").write_text("77")
    assert compare(old, poller.poll()).came_and_went is None
    make_segment()  # takes that id


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may choose the next id")
def test_what_came_and_went_cannot_be_told_after_an_id_that_was_chosen_far_ahead(
    make_segment: MakeSegment,
) -> None:
    Path("/proc/sys/kernel/shm_next_id").write_text(str(1 << 29))
    make_segment()
    poller = Poller()
    old = poller.poll()
    make_segment()
    assert compare(old, poller.poll()).came_and_went is None


def test_what_came_and_went_cannot_be_told_where_ids_are_made_in_another_way(
    make_segment: MakeSegment,
) -> None:
    make_segment()
    poller = Poller()
    old = poller.poll()
    make_segment()
    new = poller.poll()
    extended = new._replace(limits=new.limits._replace(shmmni=2**24))
    assert compare(old, new).came_and_went == 0
    assert compare(old, extended).came_and_went is None


def test_another_namespace_tells_nothing_of_what_came_and_went(make_segment: MakeSegment) -> None:
    make_segment()
    poller = Poller()
    old = poller.poll()
    make_segment()
    elsewhere = poller.poll()._replace(namespace=1)
    assert compare(old, elsewhere).came_and_went is None
