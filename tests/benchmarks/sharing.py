"""What it costs to know the holders where each of many processes maps thousands of segments.

`python -m tests.benchmarks.sharing`

40 processes that map 4090 segments each, in an IPC namespace of its own, as root. First the looks
alone, then the program at one refresh a second. Takes about five minutes.
"""

import os
import subprocess
import sys
import tempfile
import time
from subprocess import PIPE

from shmtui.monitor.snapshot import Poller
from tests import kernel
from tests.benchmarks.holders import attached
from tests.benchmarks.load import cpu_share
from tests.benchmarks.population import changing, populate
from tests.benchmarks.screen import APP, MINUTE_S, say
from tests.private import enter_private_ipc
from tests.terminal import Terminal

PROCESSES = 40
SEGMENTS = 4090
CHANGES = (0, 1, 40)
SECONDS = 30.0
SECOND_S = 1.1


def main() -> None:
    enter_private_ipc()
    with tempfile.TemporaryDirectory() as home:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ.update(
            XDG_CONFIG_HOME=home, XDG_STATE_HOME=home, PYTHONPYCACHEPREFIX=f"{home}/compiled"
        )
        shmids = populate(SEGMENTS)
        with attached(shmids, PROCESSES):
            say(f"{PROCESSES} processes map {SEGMENTS} segments each")
            looks(shmids)
            program()


def looks(shmids: list[int]) -> None:
    """CPU milliseconds of a look at the holders, after what there was to look at."""
    poller = Poller()

    def look(after: str) -> None:
        poller.poll()
        start = time.process_time()
        poller.scan_holders()
        say(f"  look, {after:22}{(time.process_time() - start) * 1000.0:8.1f} ms of CPU")

    time.sleep(SECOND_S)  # what was attached in the second of a poll is looked at once more
    look("the first")
    look("nothing moved")
    argv = [sys.executable, "-m", "tests.attached", str(shmids[0]), "0", "00"]
    with subprocess.Popen(argv, cwd=kernel.ROOT, stdin=PIPE, stdout=PIPE) as process:
        if process.stdout is None or process.stdout.readline() != b"ready\n":
            raise AssertionError("nobody attached")
        look("one attached")
        process.communicate()
    look("one detached")
    address = kernel.shmat(shmids[-1], kernel.SHM_RDONLY)
    look("one attached, not seen")  # we leave ourselves out: all are looked through
    kernel.shmdt(address)


def program() -> None:
    """The program at one refresh a second: while it looks what all those segments are, and then."""
    for changes in CHANGES:
        with changing(changes), Terminal(APP, 120, 40) as terminal:
            terminal.wait_for("Quit", timeout_s=60.0)
            first, then = cpu_share(terminal, MINUTE_S), cpu_share(terminal, SECONDS)
        words = f"{first * 100:6.2f} % in its first minute, then {then * 100:6.2f} %"
        say(f"  shmtui, {changes:2} change a second  {words}")


if __name__ == "__main__":
    if os.geteuid():
        sys.exit("as root: what others map cannot be seen without")
    main()
