"""Removing real segments: the very ones that were seen, each with its outcome, on record."""

import mmap
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shmtui.acts.log import ActivityLog
from shmtui.acts.policy import Policy
from shmtui.acts.removal import Consents, Outcome, Unlogged, execute
from shmtui.acts.removal_plan import Options
from shmtui.monitor.pace import Progress
from shmtui.monitor.recognition import Owner
from shmtui.sysv.errors import Refused
from shmtui.sysv.evidence import Evidence
from tests import kernel
from tests.acts.conftest import Records
from tests.acts.removals import look, planned, removed
from tests.conftest import AttachedChild, MakeSegment

PAGE = mmap.PAGESIZE


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "place").mkdir()
    return tmp_path / "place"


def test_what_nobody_holds_is_gone_and_on_record(
    make_segment: MakeSegment, log: ActivityLog, records: Records
) -> None:
    shmid = make_segment(key=0xCAFE0020)
    (outcome,) = removed(planned([shmid]), log)
    assert kernel.row(shmid) == ""
    assert outcome.done
    assert outcome.words.startswith(f"segment {shmid} (0xcafe0020): removed, freed at once")
    (record,) = records()
    assert (record["what"], record["segment"]) == ("remove", f"segment {shmid} (0xcafe0020)")
    assert str(record["result"]).startswith("done: freed at once")
    assert str(record["result"]).endswith("; compared while attached")


def test_one_that_fails_does_not_stop_the_others(
    make_segment: MakeSegment, log: ActivityLog, records: Records
) -> None:
    shmids = [make_segment() for _ in range(3)]
    plan = planned(shmids)
    kernel.rmid(shmids[1])
    outcomes = removed(plan, log)
    assert [outcome.done for outcome in outcomes] == [True, False, True]
    assert outcomes[1].words.endswith(f"segment {shmids[1]} is gone")
    assert kernel.shmids() == []
    assert str(records()[1]["result"]) == f"failed: segment {shmids[1]} is gone"


def test_another_segment_that_got_the_id_stays(make_segment: MakeSegment, log: ActivityLog) -> None:
    if not os.access(kernel.NEXT_ID, os.W_OK):
        pytest.skip("only root can ask the kernel for a given shmid")
    shmid = make_segment(key=0xCAFE0021)
    plan = planned([shmid])
    kernel.rmid(shmid)
    kernel.NEXT_ID.write_text(str(shmid))
    assert make_segment(key=0xCAFE0022) == shmid
    before = kernel.row(shmid)
    (outcome,) = removed(plan, log)
    assert not outcome.done
    assert "was changed since you looked" in outcome.words
    assert kernel.row(shmid) == before


def test_one_attached_since_it_was_seen_stays(
    make_segment: MakeSegment, attached_child: AttachedChild, log: ActivityLog
) -> None:
    shmid = make_segment()
    plan = planned([shmid])
    attached_child(shmid)
    before = kernel.row(shmid)
    (outcome,) = removed(plan, log)
    assert "somebody attached to it since you looked" in outcome.words
    assert kernel.row(shmid) == before


def test_one_used_and_left_since_it_was_seen_stays(
    make_segment: MakeSegment, log: ActivityLog
) -> None:
    shmid = make_segment()
    plan = planned([shmid])
    kernel.fill(shmid, b"back again")
    (outcome,) = removed(plan, log)
    assert "somebody attached to it since you looked" in outcome.words
    assert kernel.row(shmid)


def test_what_we_ourselves_attached_meanwhile_is_no_use_of_it(
    make_segment: MakeSegment, log: ActivityLog, place: Path
) -> None:
    shmid, evidence = make_segment(), Evidence()
    plan = planned([shmid], snapshot=look(evidence))
    with evidence.attaching(plan.items[0].segment):
        kernel.content(shmid, 1)
    (*_, outcome) = execute(plan, Policy(), log, dump_to=place, evidence=evidence)
    assert isinstance(outcome, Outcome)
    assert outcome.done, outcome.words


def test_a_held_one_goes_only_when_its_id_was_typed(
    make_segment: MakeSegment, attached_child: AttachedChild, log: ActivityLog
) -> None:
    shmid = make_segment(key=0xCAFE0023)
    attached_child(shmid)
    plan = planned([shmid])
    (outcome,) = removed(plan, log)
    assert outcome.words == f"segment {shmid} (0xcafe0023): not removed: its id was not typed"
    assert "1000 " not in kernel.row(shmid)
    (outcome,) = removed(plan, log, Consents(typed=(shmid,)))
    assert outcome.done
    assert outcome.words.endswith("removed, 1 process keeps it; key free at once")
    assert kernel.row(shmid).split()[:3] == ["0", str(shmid), "1600"]


def test_a_protected_one_goes_neither_by_its_id_alone(
    make_segment: MakeSegment, attached_child: AttachedChild, log: ActivityLog
) -> None:
    shmid, owner = make_segment(), Owner("PostgreSQL", "PostgreSQL", "header", (1,), True)
    attached_child(shmid)
    typed = Consents(typed=(shmid,))
    (outcome,) = removed(planned([shmid], owner=owner), log, typed)
    assert "stop 1 first" in outcome.words
    (outcome,) = removed(planned([shmid], Options(force=True), owner), log)
    assert "its id was not typed" in outcome.words
    assert kernel.row(shmid).split()[2] == "600"
    (outcome,) = removed(planned([shmid], Options(force=True), owner), log, typed)
    assert outcome.done


def test_where_our_detach_would_destroy_it_it_is_compared_just_before(
    make_segment: MakeSegment, log: ActivityLog, records: Records
) -> None:
    path = Path("/proc/sys/kernel/shm_rmid_forced")
    if not os.access(path, os.W_OK):
        pytest.skip("only root can set kernel.shm_rmid_forced")
    path.write_text("1")
    try:
        shmid = make_segment()
        (outcome,) = removed(planned([shmid]), log)
    finally:
        path.write_text("0")
    assert outcome.done
    assert str(records()[0]["result"]).endswith("; compared just before")


def test_read_only_removes_nothing(make_segment: MakeSegment, log: ActivityLog) -> None:
    shmid = make_segment()
    plan = planned([shmid])
    with pytest.raises(Refused, match="--read-only"):
        next(execute(plan, Policy(read_only=True), log))
    assert kernel.row(shmid)


# Dumps before


def test_each_is_dumped_before_it_goes(
    make_segment: MakeSegment, log: ActivityLog, place: Path, records: Records
) -> None:
    shmids = [make_segment(3 * PAGE, key=0xCAFE0024), make_segment(10)]
    for shmid in shmids:
        kernel.fill(shmid, b"precious")
    outcomes = list(execute(planned(shmids), Policy(), log, dump_to=place))
    assert all(isinstance(step, Progress) or step.done for step in outcomes)
    assert [kernel.row(shmid) for shmid in shmids] == ["", ""]
    one, two = sorted(place.iterdir(), key=lambda path: -path.stat().st_size)
    assert one.name.startswith(f"shm-{shmids[0]}-0xcafe0024-")
    assert two.name.startswith(f"shm-{shmids[1]}-private-")
    assert one.read_bytes() == b"precious" + bytes(3 * PAGE - 8)
    assert f"dumped to {one}; compared while attached" in str(records()[0]["result"])


def test_what_cannot_be_dumped_stays(
    make_segment: MakeSegment, log: ActivityLog, place: Path
) -> None:
    shmid = make_segment()
    (outcome,) = execute(planned([shmid]), Policy(), log, dump_to=place / "nowhere")
    assert isinstance(outcome, Outcome)
    assert not outcome.done
    assert "No such file or directory" in outcome.words
    assert kernel.row(shmid)


def test_what_was_not_dumped_completely_stays(
    make_segment: MakeSegment, log: ActivityLog, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from shmtui.acts import removal
    from shmtui.acts.dump import Dumped

    lacking = Dumped(place / "file", 4096, 0, 0, {"not mapped by that process": 4096})
    monkeypatch.setattr(removal, "dump", lambda *_, **__: (step for step in [lacking]))
    shmid = make_segment()
    (outcome,) = execute(planned([shmid]), Policy(), log, dump_to=place)
    assert isinstance(outcome, Outcome)
    assert "is not complete (4.0K not mapped by that process)" in outcome.words
    assert kernel.row(shmid)


def test_a_cancel_while_it_is_dumped_removes_nothing_and_leaves_no_file(
    make_segment: MakeSegment,
    log: ActivityLog,
    place: Path,
    records: Records,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shmtui.monitor.pace._EACH_S", 0.0)
    shmid = make_segment(32 << 20)
    kernel.fill(shmid, bytes(32 << 20))
    steps = execute(planned([shmid]), Policy(), log, dump_to=place)
    assert isinstance(next(steps), Progress)
    steps.close()
    assert kernel.row(shmid)
    assert list(place.iterdir()) == []
    assert records()[0]["result"] == "interrupted"


# The record


def test_nothing_goes_unlogged_without_a_word(
    make_segment: MakeSegment, said: list[str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    log = ActivityLog(said.append, tmp_path / "file" / "activity.jsonl")
    shmid = make_segment()
    plan = planned([shmid])
    with pytest.raises(Unlogged, match=r"the activity log cannot be kept: .*Not a directory"):
        next(execute(plan, Policy(), log))
    assert kernel.row(shmid)
    (outcome,) = removed(plan, log, Consents(unlogged=True))
    assert outcome.done
    assert len(said) == 1


FULL = """
import os, pathlib, sys
from shmtui.acts.log import ActivityLog
from shmtui.acts.removal import Unlogged
from tests import kernel
from tests.acts.removals import planned, removed
place = pathlib.Path(sys.argv[1])
log = ActivityLog(print, place / "activity.jsonl")
shmids = [kernel.shmget(0, 4096, 0o1600) for _ in range(3)]
plan = planned(shmids)
log.check = lambda acts: ""  # it gets full on the way
room = os.statvfs(place)
fill = (place / "fill").open("wb", buffering=0)
log.record("begin", "", "x" * 3950)
fill.write(bytes(room.f_bavail * room.f_bsize))
for outcome in removed(plan, log):
    print(outcome.done, outcome.words)
print(len(kernel.shmids()))
del log.check
try: removed(plan, log)
except Unlogged as error: print(error)
for shmid in kernel.shmids(): kernel.rmid(shmid)
"""


def test_where_the_disk_gets_full_on_the_way_the_rest_stays(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    mount = 'mount -t tmpfs -o size=32k tmpfs "$0" && exec "$@"'
    argv = [sys.executable, "-c", FULL, str(tmp_path)]
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", mount, str(tmp_path), *argv],
        cwd=kernel.ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    said, first, second, third, left, refused = done.stdout.splitlines()
    assert said.startswith("the activity log is not kept: not written to"), done.stderr
    assert first.startswith("True")
    assert second.startswith("False")
    assert "the activity log cannot be kept any more" in second
    assert third.startswith("False")
    assert left == "2"
    assert "the activity log cannot be kept: " in refused
