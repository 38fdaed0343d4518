"""Which pids live: real children in every state that matters."""

import os
import pwd
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from shmtui.sysv.processes import Absence, Process, ProcessTable
from tests import kernel
from tests.otherproc import with_proc
from tests.waiting import wait_until

Child = subprocess.Popen[bytes]


@pytest.fixture
def child() -> Iterator[Child]:
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield process
        process.kill()


@pytest.fixture
def table() -> ProcessTable:
    return refreshed(ProcessTable())


def refreshed(table: ProcessTable) -> ProcessTable:
    table.refresh()
    return table


def alive(table: ProcessTable, pid: int) -> Process:
    found = table.look(pid)
    assert isinstance(found, Process)
    return found


def stat_letter(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def test_a_living_child_has_its_start_its_user_and_its_name(child: Child) -> None:
    wait_until(lambda: Path(f"/proc/{child.pid}/comm").read_text() == "cat\n")
    found = alive(refreshed(ProcessTable()), child.pid)
    assert (found.pid, found.uid, found.command, found.state) == (
        child.pid,
        os.geteuid(),
        "cat",
        "",
    )
    assert abs(found.start - time.time()) < 5.0


UNTRACEABLE = """
import ctypes, sys
PR_SET_DUMPABLE = 4
ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0)
print(flush=True)
sys.stdin.read()
"""


def test_a_process_that_may_not_be_traced_has_its_own_user_and_not_root() -> None:
    argv = kernel.as_user_argv("nobody", [sys.executable, "-c", UNTRACEABLE])
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        owner = os.stat(f"/proc/{process.pid}/stat").st_uid
        uid = alive(refreshed(ProcessTable()), process.pid).uid
        process.communicate()
    assert (owner, uid) == (0, pwd.getpwnam("nobody").pw_uid)


def test_what_did_not_change_is_the_very_same_object(child: Child) -> None:
    wait_until(lambda: Path(f"/proc/{child.pid}/comm").read_text() == "cat\n")
    table = refreshed(ProcessTable())
    before = alive(table, child.pid)
    assert alive(refreshed(table), child.pid) is before


def test_a_child_that_takes_another_name_is_another_object() -> None:
    script = "import sys; sys.stdin.readline(); open('/proc/self/comm','w').write('other) name (')"
    script += "; print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        table = refreshed(ProcessTable())
        before = alive(table, process.pid)
        process.stdin.write(b"\n")
        process.stdin.flush()
        process.stdout.readline()
        after = alive(refreshed(table), process.pid)
        process.kill()
    assert before.start == after.start
    assert after.command == "other) name ("


def test_a_process_is_looked_up_anew_only_after_a_refresh(child: Child) -> None:
    table = refreshed(ProcessTable())
    before = alive(table, child.pid)
    child.kill()
    child.wait()
    assert table.look(child.pid) is before
    assert refreshed(table).look(child.pid) is Absence.GONE


def test_a_zombie_is_gone(child: Child) -> None:
    child.kill()
    wait_until(lambda: stat_letter(child.pid) == "Z")
    table = refreshed(ProcessTable())
    assert table.look(child.pid) is Absence.ZOMBIE
    assert table.alive(child.pid) is None


def test_a_process_whose_main_thread_ended_lives_while_another_thread_runs() -> None:
    script = """
import ctypes, sys, threading
threading.Thread(target=sys.stdin.read).start()
print(flush=True)
ctypes.CDLL(None).syscall(60 if sys.argv[1] == "x86_64" else 93, 0)  # exit(2): this thread only
"""
    machine = os.uname().machine
    if machine not in ("x86_64", "aarch64", "riscv64"):
        pytest.skip(f"the number of exit(2) on {machine} is not known here")
    with subprocess.Popen(
        [sys.executable, "-c", script, machine], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        wait_until(lambda: stat_letter(process.pid) == "Z")
        found = alive(refreshed(ProcessTable()), process.pid)
        process.kill()
    assert found.state == "Z"


def test_a_stopped_process_says_so(child: Child) -> None:
    child.send_signal(signal.SIGSTOP)
    wait_until(lambda: stat_letter(child.pid) == "T")
    assert alive(refreshed(ProcessTable()), child.pid).state == "T"


def test_the_id_of_a_thread_is_not_a_process() -> None:
    go_on = threading.Event()
    thread = threading.Thread(target=go_on.wait)
    thread.start()
    found = refreshed(ProcessTable()).look(thread.native_id or 0)
    go_on.set()
    thread.join()
    assert found is Absence.GONE


@pytest.mark.parametrize("pid", [0, -1, 2**31 - 1])
def test_a_number_that_is_no_pid_is_gone(table: ProcessTable, pid: int) -> None:
    assert table.look(pid) is Absence.GONE


def test_setting_the_clock_moves_the_starts_and_its_jitter_does_not(
    child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = time.time
    table = refreshed(ProcessTable())
    before = alive(table, child.pid)
    monkeypatch.setattr(time, "time", lambda: real() + 0.05)
    assert alive(refreshed(table), child.pid).start == before.start
    monkeypatch.setattr(time, "time", lambda: real() + 3600.0)
    assert alive(refreshed(table), child.pid).start == pytest.approx(before.start + 3600.0, abs=0.1)


LOOK = """
import sys
from shmtui.sysv.processes import ProcessTable
table = ProcessTable()
table.refresh()
pid = int(sys.argv[1])
print(table.look(pid), table.alive(pid))
print(table.look(2**31 - 1))
"""


@pytest.mark.parametrize("hidepid", [1, 2])
def test_under_hidepid_another_users_process_is_hidden_and_a_missing_one_gone(
    child: Child, hidepid: int
) -> None:
    as_nobody = kernel.as_user_argv("nobody", [sys.executable, "-c", LOOK, str(child.pid)])
    said = subprocess.run(
        with_proc(f"hidepid={hidepid}", as_nobody), cwd=kernel.ROOT, capture_output=True, text=True
    )
    assert said.stdout.splitlines() == ["Absence.HIDDEN None", "Absence.GONE"], said.stderr


OWN_AND_UNTRACEABLE = """
import subprocess, sys
from shmtui.sysv.processes import ProcessTable
PR_SET_DUMPABLE = 4
code = f"import ctypes; ctypes.CDLL(None).prctl({PR_SET_DUMPABLE}, 0); print(flush=True); input()"
pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
child = subprocess.Popen([sys.executable, "-c", code], **pipes)
child.stdout.readline()
table = ProcessTable()
table.refresh()
print(table.look(child.pid))
child.kill()
"""


def test_under_hidepid_a_process_of_our_own_that_may_not_be_traced_is_not_gone() -> None:
    as_nobody = kernel.as_user_argv("nobody", [sys.executable, "-c", OWN_AND_UNTRACEABLE])
    argv = with_proc("hidepid=2", as_nobody)
    said = subprocess.run(argv, cwd=kernel.ROOT, capture_output=True, text=True)
    assert said.stdout.splitlines() == ["Absence.HIDDEN"], said.stderr


LOOK_AT_OURSELVES = """
import os
from shmtui.sysv.processes import ProcessTable
table = ProcessTable()
table.refresh()
print(table.look(os.getpid()), table.look(99999), table.present({1}), table.alive(1) is None)
"""


def test_the_proc_of_another_pid_namespace_says_nothing_of_our_pids() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make a pid namespace")
    argv = ["unshare", "--pid", "--fork", sys.executable, "-c", LOOK_AT_OURSELVES]
    said = subprocess.run(argv, cwd=kernel.ROOT, capture_output=True, text=True)
    assert said.stdout.split() == ["Absence.ELSEWHERE", "Absence.ELSEWHERE", "{1}", "False"], (
        said.stderr
    )


HIDE_AND_BE_INIT = """
mount -t proc -o hidepid=2 proc /proc && { sleep 60 & exec "$@" $!; }
"""


def test_under_hidepid_an_init_of_our_own_does_not_show_that_others_are_gone() -> None:
    as_nobody = kernel.as_user_argv("nobody", [sys.executable, "-c", LOOK])
    argv = ["unshare", "--mount", "--pid", "--fork", "sh", "-c", HIDE_AND_BE_INIT, "sh", *as_nobody]
    said = subprocess.run(argv, cwd=kernel.ROOT, capture_output=True, text=True)
    assert said.stdout.splitlines() == ["Absence.HIDDEN None", "Absence.GONE"], said.stderr
