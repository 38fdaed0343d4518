"""What a removal would do is told before anything is done."""

import os

import pytest

from shmtui.acts.policy import Policy
from shmtui.acts.removal_plan import Options, orphans, plan
from shmtui.monitor.recognition import Owner
from shmtui.sysv.errors import Refused
from tests import kernel
from tests.acts.removals import identity, look, planned
from tests.conftest import AttachedChild, MakeSegment
from tests.monitor.conftest import Creator

POSTGRES = Owner(
    "PostgreSQL", "PostgreSQL data directory /var/lib/pg", "header by peek", (1234, 1240), True
)


def test_an_orphan_is_freed_at_once(creator: Creator) -> None:
    child = creator()
    child.end()
    (item,) = planned([child.shmid]).items
    assert (item.consequence, item.refused, item.needs_typed_id) == ("freed at once", "", False)
    assert item.verdict == "orphan"


def test_who_may_come_back_to_an_idle_one_is_named(creator: Creator) -> None:
    child = creator()
    (item,) = planned([child.shmid]).items
    assert item.consequence.startswith(f"freed at once, though creator {child.pid} (")
    assert item.consequence.endswith("is still there")


def test_who_keeps_a_held_one_is_counted_in_processes(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(key=0xCAFE0010)
    attached_child(shmid)
    (item,) = planned([shmid]).items
    assert item.consequence == "1 process keeps it; key free at once"
    attached_child(shmid)
    (item,) = planned([shmid]).items
    assert item.consequence == "2 processes keep it; key free at once"
    assert item.needs_typed_id
    assert not item.refused


def test_attaches_that_no_process_explains_are_counted_too(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    attached_child(shmid)
    ours = kernel.shmat(shmid)
    (item,) = planned([shmid]).items
    assert item.consequence == "1 process and 1 more that we do not see keep it"
    (item,) = planned([shmid], snapshot=look()._replace(holders=None)).items
    assert item.consequence == "2 attaches keep it"
    kernel.shmdt(ours)


def test_a_held_one_is_refused_where_nobody_insists(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid, other = make_segment(), make_segment(size=2048)
    attached_child(shmid)
    made = planned([shmid, other], Options(held=False))
    assert "attached: --force and its id, typed" in made.items[0].refused
    assert [item.segment.shmid for item in made.going] == [other]
    assert made.title == "Remove 1 segment, 2.0K"


def test_what_a_program_needs_for_its_safety_is_refused_with_what_to_stop_first(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    attached_child(shmid)
    (item,) = planned([shmid], owner=POSTGRES).items
    words = "stop 1234 1240 first: removing this defeats PostgreSQL's last interlock"
    assert item.refused == words
    assert item.lines[1:] == (f"  {POSTGRES.words}", f"  refused: {words}")
    (item,) = planned([shmid], Options(force=True), POSTGRES).items
    assert (item.refused, item.needs_typed_id) == ("", True)


def test_it_needs_its_id_typed_also_before_anybody_attached(make_segment: MakeSegment) -> None:
    (item,) = planned([make_segment()], Options(force=True), POSTGRES).items
    assert item.needs_typed_id


def test_what_was_recognised_and_needs_no_protection_is_only_named(
    make_segment: MakeSegment,
) -> None:
    shmid = make_segment(56, key=0xCAFE0011)
    (item,) = planned([shmid], owner=Owner("PHP", "PHP variables", "magic")).items
    assert (item.refused, item.remark) == ("", "PHP variables")
    head, remark = item.lines
    assert head.startswith(f"0xcafe0011 {shmid:>10}    56 ")
    assert remark == "  PHP variables"


def test_a_doomed_one_is_not_removed_twice(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    attached_child(shmid)
    kernel.rmid(shmid)
    (item,) = planned([shmid]).items
    assert item.refused == "it was removed already, and goes with its last detach"
    assert item.consequence == "1 process keeps it"


def test_anothers_segment_is_refused_before_it_is_tried(
    make_segment: MakeSegment, monkeypatch: pytest.MonkeyPatch
) -> None:
    shmid = make_segment()
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    monkeypatch.setattr("shmtui.sysv.permissions._is_admin", lambda: False)
    (item,) = planned([shmid]).items
    assert "you are 12345. Only its owner, its creator or root may" in item.refused


def test_read_only_plans_nothing() -> None:
    with pytest.raises(Refused, match="--read-only: shmtui will not remove a segment"):
        plan([], Policy(read_only=True))


def test_only_orphans_of_an_age_are_orphans_to_remove(
    creator: Creator, make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    gone, idle, held = creator(), creator(), make_segment()
    gone.end()
    attached_child(held)
    snapshot = look()
    orphan = identity(snapshot, gone.shmid)
    assert orphans(snapshot, 0) == [orphan]
    assert orphans(snapshot, 3600) == []
    later = snapshot._replace(time=snapshot.time + 3600)
    assert orphans(later, 3600) == [orphan]
    assert identity(snapshot, idle.shmid)
