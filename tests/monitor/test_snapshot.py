"""Polls of real segments: true, cheap, and the same objects while nothing changed."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from shmtui.monitor.diagnosis import Word
from shmtui.monitor.facts import Facts
from shmtui.monitor.snapshot import Poller, Snapshot
from shmtui.sysv.errors import ShmError
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.limits import read_limits
from shmtui.sysv.listing import Table, namespace
from shmtui.sysv.users import group_name, user_name
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.monitor.conftest import Creator
from tests.otherproc import with_proc
from tests.waiting import wait_until


def of(snapshot: Snapshot, shmid: int) -> Facts:
    (facts,) = (it for it in snapshot.facts.values() if it.segment.shmid == shmid)
    return facts


def holder_pids(snapshot: Snapshot, shmid: int) -> list[int]:
    assert snapshot.holders is not None
    identity = of(snapshot, shmid).segment.identity
    return [holder.pid for holder in snapshot.holders.holders.get(identity, ())]


def test_a_poll_knows_everything_of_a_segment(creator: Creator) -> None:
    child = creator()
    facts = of(Poller().poll(), child.shmid)
    assert facts.segment is facts.evidence
    assert facts.segment.cpid == child.pid
    assert facts.verdict.word is Word.IDLE
    assert facts.creator is not None
    assert (facts.creator.pid, facts.creator_alive) == (child.pid, True)
    assert (facts.last, facts.last_alive) == (None, None)
    assert facts.owner == facts.creator_user == user_name(os.geteuid())
    assert facts.group == facts.creator_group == group_name(os.getegid())


def test_a_snapshot_says_when_where_and_how_full(make_segment: MakeSegment) -> None:
    poller = Poller(clock=iter([100.0, 101.0]).__next__)
    first, second = poller.poll(), poller.poll()
    assert (first.number, first.time, second.number, second.time) == (1, 100.0, 2, 101.0)
    assert first.namespace == namespace()
    assert first.limits == read_limits()
    assert (first.caveat, first.garbage) == ("", ())


def test_facts_stand_in_the_tables_order_as_segments_come_and_go(
    make_segment: MakeSegment,
) -> None:
    first = make_segment()
    make_segment()
    poller = Poller()
    poller.poll()
    make_segment()
    kernel.rmid(first)
    assert [it.segment.shmid for it in poller.poll().facts.values()] == kernel.shmids()


def test_where_nothing_changed_the_facts_are_the_very_same(creator: Creator) -> None:
    creator()
    poller = Poller()
    poller.poll()
    assert poller.poll().facts is poller.poll().facts


def test_only_a_segment_that_was_attached_gets_new_facts(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    quiet, busy = make_segment(), make_segment()
    poller = Poller()
    before = poller.poll()
    child = attached_child(busy)
    after = poller.poll()
    assert of(after, quiet) is of(before, quiet)
    assert of(before, busy).verdict.word is Word.ORPHAN
    assert of(after, busy).verdict.word is Word.IN_USE
    last = of(after, busy).last
    assert last is not None
    assert last.pid == child.pid


def test_the_end_of_a_process_changes_the_verdict_although_the_row_stays(
    creator: Creator,
) -> None:
    staying, ending = creator(), creator()
    poller = Poller()
    before = poller.poll()
    ending.end()
    after = poller.poll()
    assert of(after, ending.shmid).segment is of(before, ending.shmid).segment
    assert of(after, ending.shmid).verdict.word is Word.ORPHAN
    assert (of(after, ending.shmid).creator, of(after, ending.shmid).creator_alive) == (None, False)
    assert of(after, staying.shmid) is of(before, staying.shmid)


def test_the_last_operators_end_changes_the_verdict_too(creator: Creator) -> None:
    made, user = creator(), creator()
    user.use(made.shmid)
    made.end()
    poller = Poller()
    assert of(poller.poll(), made.shmid).verdict.word is Word.IDLE
    user.end()
    facts = of(poller.poll(), made.shmid)
    assert facts.verdict.word is Word.ORPHAN
    assert (facts.last, facts.last_alive) == (None, False)


def test_a_change_of_the_last_operator_is_followed(creator: Creator) -> None:
    made, first, second = creator(), creator(), creator()
    made_shmid = made.shmid
    made.end()
    first.use(made_shmid)
    poller = Poller()
    poller.poll()
    second.use(made_shmid)
    poller.poll()
    first.end()
    assert of(poller.poll(), made_shmid).verdict.word is Word.IDLE
    second.end()
    assert of(poller.poll(), made_shmid).verdict.word is Word.ORPHAN


def test_a_creator_that_turns_zombie_changes_the_verdict(creator: Creator) -> None:
    child = creator()
    poller = Poller()
    poller.poll()
    child.kill()
    stat = Path(f"/proc/{child.pid}/stat")
    wait_until(lambda: ") Z " in stat.read_text())
    assert of(poller.poll(), child.shmid).verdict.word is Word.ORPHAN


def test_a_process_that_may_have_got_the_pid_later_is_not_named(
    creator: Creator, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = creator()
    poller = Poller()
    assert of(poller.poll(), child.shmid).creator is not None
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 3600.0)  # starts move with the clock
    facts = of(poller.poll(), child.shmid)
    assert facts.verdict.word is Word.UNKNOWN
    assert (facts.creator, facts.creator_alive) == (None, None)


def test_what_our_own_attach_overwrote_stays_the_evidence(creator: Creator) -> None:
    child = creator()
    child.use(child.shmid)
    evidence = Evidence()
    poller = Poller(evidence)
    before = of(poller.poll(), child.shmid)
    with evidence.attaching(before.segment):
        kernel.shmdt(kernel.shmat(child.shmid, kernel.SHM_RDONLY))
    after = of(poller.poll(), child.shmid)
    assert after.segment.lpid == os.getpid()
    assert after.evidence == before.segment
    assert (after.verdict, after.last) == (before.verdict, before.last)
    child.end()
    assert of(poller.poll(), child.shmid).verdict.word is Word.ORPHAN


def test_a_poll_waits_until_our_own_attach_is_over(make_segment: MakeSegment) -> None:
    shmid = make_segment()
    evidence = Evidence()
    poller = Poller(evidence)
    seen: list[int] = []
    thread = threading.Thread(target=lambda: seen.append(of(poller.poll(), shmid).segment.nattch))
    with evidence.lock:
        address = kernel.shmat(shmid)
        thread.start()
        thread.join(0.2)
        assert seen == []
        kernel.shmdt(address)
    thread.join()
    assert seen == [0]


def test_polls_leave_every_row_as_it_was(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    attached_child(make_segment())
    before = kernel.TABLE.read_text()
    poller = Poller()
    for _ in range(3):
        poller.poll()
        poller.scan_holders()
    assert kernel.TABLE.read_text() == before


def test_a_failed_poll_says_why_and_the_next_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "shm"
    path.write_text("key perms\n")
    poller = Poller(table=Table(str(path)))
    with pytest.raises(ShmError, match="no column shmid"):
        poller.poll()
    path.write_bytes(kernel.TABLE.read_bytes() + b"garbage\n")
    snapshot = poller.poll()
    assert snapshot.number == 1
    assert len(snapshot.garbage) == 1


def test_without_the_table_the_caveat_is_passed_on(make_segment: MakeSegment) -> None:
    shmid = make_segment()
    snapshot = Poller(table=Table("/proc/no/such/table")).poll()
    assert "rss and swap unknown" in snapshot.caveat
    assert of(snapshot, shmid).segment.rss is None


POLL = """
from shmtui.monitor.snapshot import Poller
snapshot = Poller().poll()
for facts in snapshot.facts.values():
    print(facts.segment.shmid, facts.verdict.word)
"""


def test_where_proc_has_only_processes_a_poll_still_works(creator: Creator) -> None:
    child = creator()
    said = subprocess.run(
        with_proc("subset=pid", [sys.executable, "-c", POLL]),
        cwd=kernel.ROOT,
        capture_output=True,
        text=True,
    )
    assert f"{child.shmid} idle" in said.stdout.splitlines(), said.stderr


def test_under_hidepid_another_users_segment_is_unknown_and_no_orphan(creator: Creator) -> None:
    child = creator()
    as_nobody = kernel.as_user_argv("nobody", [sys.executable, "-c", POLL])
    said = subprocess.run(
        with_proc("hidepid=2", as_nobody), cwd=kernel.ROOT, capture_output=True, text=True
    )
    assert f"{child.shmid} unknown" in said.stdout.splitlines(), said.stderr


def test_a_poll_imports_nothing_slow() -> None:
    script = "import sys\nfrom shmtui.monitor.snapshot import Poller\nPoller().poll()\n"
    script += "print(*({'textual', 'rich', 'psutil', 'sysv_ipc', 'ctypes'} & sys.modules.keys()))"
    said = subprocess.run(
        [sys.executable, "-c", script], cwd=kernel.ROOT, capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == []


def test_holders_come_with_the_poll_after_a_scan(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    child = attached_child(shmid)
    poller = Poller()
    assert not poller.scan_holders()
    assert poller.poll().holders is None
    assert poller.scan_holders()
    assert holder_pids(poller.poll(), shmid) == [child.pid]


def test_holders_are_looked_for_only_after_an_attach_or_detach(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    poller = Poller(clock=lambda: time.time() + 60.0)  # as if it were long ago at each poll
    poller.poll()
    assert not poller.scan_holders()
    child = attached_child(shmid)
    poller.poll()
    assert poller.scan_holders()
    poller.poll()
    assert not poller.scan_holders()
    child.kill()
    child.wait()
    poller.poll()
    assert poller.scan_holders()
    assert holder_pids(poller.poll(), shmid) == []


def test_we_are_no_holder(make_segment: MakeSegment) -> None:
    shmid = make_segment()
    address = kernel.shmat(shmid)
    poller = Poller()
    poller.poll()
    poller.scan_holders()
    assert holder_pids(poller.poll(), shmid) == []
    kernel.shmdt(address)


def test_our_own_attach_calls_for_no_look_at_the_holders(creator: Creator) -> None:
    child = creator()
    evidence = Evidence()
    poller = Poller(evidence, clock=lambda: time.time() + 60.0)
    facts = of(poller.poll(), child.shmid)
    poller.scan_holders()
    with evidence.attaching(facts.segment):
        kernel.shmdt(kernel.shmat(child.shmid, kernel.SHM_RDONLY))
    poller.poll()
    assert not poller.scan_holders()


def test_the_newest_id_is_remembered_when_its_segment_is_gone(make_segment: MakeSegment) -> None:
    make_segment()
    newest = make_segment()
    poller = Poller()
    assert poller.poll().newest == newest
    kernel.rmid(newest)
    assert poller.poll().newest == newest
