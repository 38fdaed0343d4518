"""Orphans as they come about: programs that made segments and were killed."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import kernel
from tests.waiting import wait_until

_STRESS = "stress-ng --quiet --shm-sysv {} --shm-sysv-bytes 1M --shm-sysv-segs 128 --timeout 60"

_KILLED = """
import os, signal, sys
from tests import kernel
for number in range(int(sys.argv[1])):
    kernel.fill(kernel.shmget(kernel.IPC_PRIVATE, 4096, 0o1600), b"left behind")
os.kill(os.getpid(), signal.SIGKILL)
"""


def of_a_killed_program(count: int) -> None:
    """Made by one process that is gone when this returns, each of one page, written to."""
    subprocess.run([sys.executable, "-c", _KILLED, str(count)], cwd=kernel.ROOT)


def of_stress_ng(workers: int = 16, seconds: float = 1.0) -> None:
    """What stress-ng leaves, much of it locked in memory, when all of it gets SIGKILL after so
    long: some for each worker, not known how many. Skips where it is not installed."""
    if shutil.which("stress-ng") is None:
        pytest.skip("no stress-ng on this machine")
    before = len(kernel.shmids())
    with subprocess.Popen(_STRESS.format(workers).split(), start_new_session=True) as stress:
        started = time.monotonic()
        wait_until(
            lambda: len(kernel.shmids()) > before and time.monotonic() > started + seconds, 30.0
        )
        # Stopped first: those that outlive the others by an instant would clean up after them.
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in list(_of_session(stress.pid)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
    wait_until(lambda: not list(_of_session(stress.pid)), 30.0, "stress-ng to end")


def _of_session(session: int) -> Iterator[int]:
    """Its living processes."""
    for name in filter(str.isdecimal, os.listdir("/proc")):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            fields = Path(f"/proc/{name}/stat").read_bytes().rpartition(b")")[2].split()
            if int(fields[3]) == session and fields[0] != b"Z":
                yield int(name)
