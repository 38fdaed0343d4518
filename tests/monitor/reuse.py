"""Gives the pids of two creators to other processes: `python -m tests.monitor.reuse`.

Run it as the first process of a pid namespace of its own, and in an IPC namespace of its own. Two
segments are made by users' processes that end; then a process of root gets the first one's pid, and
one of the same user the other's. Prints as JSON the verdict and the reasons of both, and what
`remove --orphans` would take.
"""

import json
import os
import pwd
import signal
import time
from pathlib import Path

from shmtui.monitor.diagnosis import GRAIN_S
from shmtui.monitor.snapshot import Poller
from tests import kernel
from tests.cli.program import printed
from tests.waiting import wait_until

_LAST_PID = Path("/proc/sys/kernel/ns_last_pid")
_ROOT, _NOBODY = 0, pwd.getpwnam("nobody").pw_uid


def main() -> None:
    """The whole of it."""
    segments = [_made_by(_NOBODY), _made_by(_NOBODY)]
    stamp = time.time()
    wait_until(lambda: time.time() > stamp + GRAIN_S + 1.2)
    late = [_with_pid(segments[0][1], _ROOT), _with_pid(segments[1][1], _NOBODY)]
    verdicts = {it.shmid: facts.verdict for it, facts in Poller().poll().facts.items()}
    orphans = printed("remove", "--orphans", "--older-than", "0s", "--dry-run")
    print(json.dumps({"verdicts": [verdicts[it] for it, _ in segments], "orphans": orphans}))
    for pid in late:
        os.kill(pid, signal.SIGKILL)


def _made_by(uid: int) -> tuple[int, int]:
    """The shmid, and the pid of the process that made it and is gone."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.setuid(uid)
        os.write(writing, str(kernel.shmget(kernel.IPC_PRIVATE, 4096, 0o1600)).encode())
        os._exit(0)
    os.waitpid(pid, 0)
    return int(os.read(reading, 32)), pid


def _with_pid(pid: int, uid: int) -> int:
    """A living process of this user, that has this very pid."""
    _LAST_PID.write_text(str(pid - 1))
    reading, writing = os.pipe()
    if not (found := os.fork()):
        os.setuid(uid)
        os.write(writing, b"!")
        signal.pause()
    os.read(reading, 1)
    assert found == pid, "another process came between"
    return found


if __name__ == "__main__":
    main()
