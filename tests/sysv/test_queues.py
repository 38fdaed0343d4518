"""Semaphore sets and message queues, counted against their limits."""

import subprocess
import sys

import pytest
import sysv_ipc

from shmtui.sysv.limits import Bound
from shmtui.sysv.queues import queue_bounds
from tests.kernel import as_user
from tests.sysv.conftest import Setting


def bound(name: str) -> Bound:
    (found,) = (one for one in queue_bounds() if one.name == name)
    return found


def test_a_semaphore_set_and_a_queue_are_counted_as_soon_as_they_are_there() -> None:
    before = {one.name: one.used for one in queue_bounds()}
    semaphore = sysv_ipc.Semaphore(None, sysv_ipc.IPC_CREX)
    queue = sysv_ipc.MessageQueue(None, sysv_ipc.IPC_CREX)
    try:
        after = {one.name: one.used for one in queue_bounds()}
    finally:
        semaphore.remove()
        queue.remove()
    assert after == {name: used + 1 for name, used in before.items()}
    assert {one.name: one.used for one in queue_bounds()} == before


def test_all_semaphores_of_a_set_are_counted() -> None:
    before = bound("semmns").used
    made = subprocess.run(["ipcmk", "-S", "3"], capture_output=True, text=True, check=True)
    after = bound("semmns").used
    subprocess.run(["ipcrm", "-s", made.stdout.split()[-1]], check=True)
    assert after == before + 3


def test_a_limit_that_semget_meets_is_shown_as_reached(kernel_setting: Setting) -> None:
    kernel_setting("kernel/sem", f"32000 1024000000 500 {bound('semmni').used}")
    assert bound("semmni").share == 1.0
    with pytest.raises(OSError, match="No space left"):
        sysv_ipc.Semaphore(None, sysv_ipc.IPC_CREX)


def test_the_limit_of_queues_is_that_of_this_moment(kernel_setting: Setting) -> None:
    kernel_setting("kernel/msgmni", 7)
    assert bound("msgmni").limit == 7


def test_a_plain_user_may_count_them_too() -> None:
    script = "from shmtui.sysv.queues import queue_bounds; print(len(queue_bounds()))"
    done = as_user("nobody", [sys.executable, "-c", script])
    assert (done.stdout, done.stderr) == ("3\n", "")
