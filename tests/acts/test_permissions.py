"""Permissions of real segments: what follows from a change is told first, then it is on record."""

import os

import pytest

from shmtui.acts.log import ActivityLog
from shmtui.acts.permissions import Change, execute, plan
from shmtui.acts.policy import Policy
from shmtui.sysv.errors import BadArgument, NotAllowed, Refused
from shmtui.sysv.users import group_name, user_name
from tests import kernel
from tests.acts.conftest import Records
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.rows import segment

FREE = Policy()
ME, MINE = user_name(os.geteuid()), group_name(os.getegid())


def test_it_is_set_and_on_record(make_segment: MakeSegment, log: ActivityLog) -> None:
    shmid = make_segment(mode=0o600)
    now = execute(plan(segment(shmid), Change(mode=0o640), FREE), FREE, log)
    assert segment(shmid).mode == now.mode == 0o640
    (activity,) = log.last()
    assert (activity.what, activity.segment) == ("set", f"segment {shmid} (private)")
    who = f"owner {ME}, group {MINE}"
    assert activity.result == f"done: mode 0600, {who} → mode 0640, {who}"


def test_who_may_what_from_then_on_is_told(make_segment: MakeSegment) -> None:
    told = plan(segment(make_segment(mode=0o640)), Change(mode=0o406), FREE).lines
    assert told[0].endswith(f"become mode 0406, owner {ME}, group {MINE}")
    assert told[1:] == (
        "the owner may not write it any more",
        "the group may not read it any more",
        "others may read it from now on: whoever is in this IPC namespace",
        "others may write it from now on: whoever is in this IPC namespace",
        "its change time becomes now; the activity log keeps this",
    )


def test_who_has_it_attached_keeps_it(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    attached_child(shmid)
    told = plan(segment(shmid), Change(mode=0), FREE).lines
    assert any(line.startswith("who has it attached keeps it as it is") for line in told)


def test_what_was_removed_is_refused_before_anything_is_asked(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    attached_child(shmid)
    kernel.rmid(shmid)
    with pytest.raises(Refused, match="removed already, and goes with its last detach"):
        plan(segment(shmid), Change(mode=0o640), FREE)


def test_giving_it_away_says_who_may_what(
    make_segment: MakeSegment, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = segment(make_segment())
    told = plan(row, Change(uid=4711), FREE).lines
    assert "4711 may then remove it and set its permissions" in told
    assert f"{ME} made it, and keeps these rights" in told
    assert "you cannot take that back" not in told
    monkeypatch.setattr("shmtui.sysv.permissions._is_admin", lambda: False)
    anothers = row._replace(identity=row.identity._replace(cuid=4712))
    told = plan(anothers, Change(uid=4711), FREE).lines
    assert f"{ME} may not any more" in told
    assert "4712 made it, and keeps these rights" in told
    assert "you cannot take that back" in told


def test_what_is_so_already_is_said(make_segment: MakeSegment) -> None:
    with pytest.raises(BadArgument, match="has these permissions already: mode 0600, owner"):
        plan(segment(make_segment(mode=0o600)), Change(mode=0o600), FREE)


def test_anothers_is_refused_before_anything_is_asked(
    make_segment: MakeSegment, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = segment(make_segment())
    monkeypatch.setattr("shmtui.sysv.permissions._is_admin", lambda: False)
    anothers = row._replace(uid=4711, identity=row.identity._replace(cuid=4712))
    with pytest.raises(NotAllowed, match="owner 4711, creator 4712; you are"):
        plan(anothers, Change(mode=0), FREE)


def test_a_failure_is_on_record(
    make_segment: MakeSegment, log: ActivityLog, records: Records
) -> None:
    shmid = make_segment()
    planned = plan(segment(shmid)._replace(ctime=1), Change(mode=0o666), FREE)
    with pytest.raises(Refused, match="was changed since you looked"):
        execute(planned, FREE, log)
    (record,) = records()
    assert str(record["result"]).startswith("failed: segment")


def test_read_only_sets_nothing(make_segment: MakeSegment, log: ActivityLog) -> None:
    shmid = make_segment()
    before = kernel.row(shmid)
    made = plan(segment(shmid), Change(mode=0o666), FREE)
    with pytest.raises(Refused, match="--read-only: shmtui will not set permissions"):
        plan(segment(shmid), Change(mode=0o666), Policy(True))
    with pytest.raises(Refused, match="--read-only"):
        execute(made, Policy(True), log)
    assert kernel.row(shmid) == before
