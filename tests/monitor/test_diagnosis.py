"""Verdicts, of real segments and real processes where there can be any."""

import os
import threading
import time
from pathlib import Path

import pytest

from shmtui.monitor.diagnosis import Judge, Verdict, Word
from shmtui.sysv.listing import segments
from shmtui.sysv.processes import Process, ProcessTable
from shmtui.sysv.segment import SHM_DEST, Identity, Segment
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.monitor.conftest import Creator
from tests.monitor.fakes import FakeProcessTable
from tests.waiting import wait_until

NOW = 1_700_000_000
CPID, LPID = 501, 502
ROOT, OPS = 0, 1000
ROW = Segment(
    Identity(1, 7, CPID, OPS, 4096), 0xCEA, 0o600, LPID, 0, OPS, 0, 0, NOW, NOW, NOW, 0, 0
)


def process(pid: int, start: float, uid: int = OPS) -> Process:
    return Process(pid, start, uid, "daemon", "")


def real_row(shmid: int) -> Segment:
    (row,) = (row for row in segments() if row.shmid == shmid)
    return row


def of(shmid: int) -> Verdict:
    """The verdict of a real segment now."""
    return of_row(real_row(shmid))


def of_row(row: Segment) -> Verdict:
    processes = ProcessTable()
    processes.refresh()
    return diagnose(row, processes)


def diagnose(row: Segment, processes: ProcessTable) -> Verdict:
    judge = Judge(processes)
    return judge.verdict(row, judge.creator(row), judge.last_operator(row))


def comm(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text().rstrip("\n")


def local(stamp: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(stamp))


def test_a_segment_whose_creator_lives_is_idle(creator: Creator) -> None:
    child = creator()
    word, reasons = of(child.shmid)
    assert word is Word.IDLE
    assert reasons == (f"creator {child.pid} ({comm(child.pid)}) is still there", "never attached")


def test_a_segment_whose_last_user_lives_is_idle(creator: Creator) -> None:
    made, user = creator(), creator()
    user.use(made.shmid)
    made.end()
    word, reasons = of(made.shmid)
    assert word is Word.IDLE
    assert reasons == (
        f"last operator {user.pid} ({comm(user.pid)}) is still there",
        f"creator {made.pid} is gone",
    )


def test_a_segment_whose_creator_and_last_user_are_gone_is_an_orphan(creator: Creator) -> None:
    made, user = creator(), creator()
    user.use(made.shmid)
    made.end()
    user.end()
    row = real_row(made.shmid)
    assert of(made.shmid) == (
        Word.ORPHAN,
        (
            f"creator {made.pid} is gone",
            f"last operator {user.pid} is gone",
            f"nothing touched it since {local(row.dtime)}",
            "no proof that it is garbage: a program may have kept its id",
        ),
    )


def test_a_program_may_come_back_to_the_key_of_an_orphan(creator: Creator) -> None:
    child = creator()
    child.end()
    row = real_row(child.shmid)._replace(key=3306)
    assert (
        of_row(row).reasons[-1] == "no proof that it is garbage: a program may come back to its key"
    )


def test_one_process_that_was_both_is_named_once(creator: Creator) -> None:
    child = creator()
    child.use(child.shmid)
    child.end()
    assert of(child.shmid).reasons[0] == f"creator and last operator {child.pid} is gone"


def test_a_zombie_keeps_no_segment_from_being_an_orphan(creator: Creator) -> None:
    child = creator()
    child.kill()
    stat = Path(f"/proc/{child.pid}/stat")
    wait_until(lambda: ") Z " in stat.read_text())
    word, reasons = of(child.shmid)
    assert word is Word.ORPHAN
    assert reasons[0] == f"creator {child.pid} has ended (a zombie)"


def test_a_pid_that_is_now_a_threads_id_is_gone(make_segment: MakeSegment) -> None:
    go_on = threading.Event()
    thread = threading.Thread(target=go_on.wait)
    thread.start()
    row = real_row(make_segment())
    identity = row.identity._replace(cpid=thread.native_id or 0)
    verdict = of_row(row._replace(identity=identity))
    go_on.set()
    thread.join()
    assert verdict.word is Word.ORPHAN
    assert verdict.reasons[0] == f"creator {thread.native_id} is gone"


def test_that_we_live_is_no_evidence(make_segment: MakeSegment) -> None:
    shmid = make_segment()
    kernel.fill(shmid, b"something")
    word, reasons = of(shmid)
    assert word is Word.ORPHAN
    assert reasons[0] == (
        f"creator and last operator {os.getpid()} is this very program, which proves nothing"
    )


def test_an_attached_segment_is_in_use_whoever_made_it(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    attached_child(shmid)
    assert of(shmid) == (Word.IN_USE, ("1 attach",))
    attached_child(shmid)
    assert of(shmid) == (Word.IN_USE, ("2 attaches",))


def test_a_segment_marked_for_destruction_is_doomed_although_in_use(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    attached_child(shmid)
    kernel.rmid(shmid)
    assert of(shmid) == (
        Word.DOOMED,
        ("marked for destruction: it goes with the last of 1 attach",),
    )


def test_doubt_about_processes_matters_only_where_nobody_is_attached() -> None:
    doubtful = FakeProcessTable(hidden=CPID)
    assert diagnose(ROW, doubtful).word is Word.UNKNOWN
    assert diagnose(ROW._replace(nattch=3), doubtful).word is Word.IN_USE
    assert diagnose(ROW._replace(perms=SHM_DEST), doubtful).word is Word.DOOMED


def test_a_creator_outside_our_pid_namespace_leaves_it_unknown() -> None:
    row = ROW._replace(identity=ROW.identity._replace(cpid=0))
    alive = FakeProcessTable(process(LPID, NOW - 10))
    assert diagnose(row, alive) == (
        Word.UNKNOWN,
        ("creator: outside our pid namespace", f"last operator {LPID} (daemon) is still there"),
    )


def test_an_operator_outside_our_pid_namespace_leaves_it_unknown() -> None:
    alive = FakeProcessTable(process(CPID, NOW - 10))
    assert diagnose(ROW._replace(lpid=0), alive) == (
        Word.UNKNOWN,
        ("last operator: outside our pid namespace", f"creator {CPID} (daemon) is still there"),
    )


@pytest.mark.parametrize("pid", [CPID, LPID])
def test_a_process_whose_start_cannot_be_read_leaves_it_unknown(pid: int) -> None:
    word, reasons = diagnose(ROW, FakeProcessTable(hidden=pid))
    assert word is Word.UNKNOWN
    assert reasons[0].endswith(f"{pid}: that pid lives, but we may not see since when")


def test_a_pid_that_another_users_later_process_has_is_gone() -> None:
    late = FakeProcessTable(process(CPID, NOW + 2.5, uid=ROOT))
    word, reasons = diagnose(ROW, late)
    assert word is Word.ORPHAN
    assert reasons[0] == (
        f"creator {CPID} is gone: since {local(NOW + 2)} that pid is another process, daemon"
    )


def test_a_pid_that_a_later_process_of_the_same_user_has_leaves_it_unknown() -> None:
    late = FakeProcessTable(process(CPID, NOW + 2.5))
    word, reasons = diagnose(ROW, late)
    assert word is Word.UNKNOWN
    assert reasons[0] == (
        f"creator {CPID} may be gone: daemon has that pid since {local(NOW + 2)}, later than the "
        "segment says; or the clock was set"
    )


@pytest.mark.parametrize("uid", [ROOT, OPS])
def test_a_start_within_the_grain_of_the_stamp_is_the_creator_itself(uid: int) -> None:
    assert diagnose(ROW, FakeProcessTable(process(CPID, NOW + 2.0, uid))).word is Word.IDLE


def test_the_creators_stamp_is_ctime_and_the_operators_the_later_of_atime_and_dtime() -> None:
    row = ROW._replace(ctime=NOW, atime=NOW + 100, dtime=NOW + 50)
    started = NOW + 101
    assert diagnose(row, FakeProcessTable(process(CPID, started, ROOT))).word is Word.ORPHAN
    assert diagnose(row, FakeProcessTable(process(LPID, started, ROOT))).word is Word.IDLE
    detached = row._replace(atime=NOW + 50, dtime=NOW + 100)
    assert diagnose(detached, FakeProcessTable(process(LPID, started, ROOT))).word is Word.IDLE


def test_one_process_may_be_the_creator_of_one_segment_and_too_late_for_another() -> None:
    judge = Judge(FakeProcessTable(process(CPID, NOW + 60, ROOT)))
    assert judge.creator(ROW).itself is None
    assert judge.creator(ROW._replace(ctime=NOW + 60)).itself is not None
    assert judge.creator(ROW).alive is False


def test_doubt_about_one_outweighs_the_life_of_the_other() -> None:
    found = FakeProcessTable(process(CPID, NOW - 10), process(LPID, NOW + 60))
    assert diagnose(ROW, found).word is Word.UNKNOWN


@pytest.mark.parametrize("stamp", ["ctime", "atime", "dtime"])
def test_an_orphan_was_last_touched_at_the_latest_of_its_times(stamp: str) -> None:
    row = Segment(**(ROW._asdict() | {stamp: NOW + 9}))
    assert f"nothing touched it since {local(NOW + 9)}" in diagnose(row, FakeProcessTable()).reasons


def test_a_time_that_is_no_date_is_shown_as_it_is() -> None:
    row = ROW._replace(ctime=2**62)
    assert (
        "nothing touched it since @4611686018427387904" in diagnose(row, FakeProcessTable()).reasons
    )
