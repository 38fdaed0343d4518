"""How long `shmtui remove --orphans` takes for what stress-ng left when it was killed, in seconds.

`python -m tests.benchmarks.removal [SEGMENTS]`

2000 segments unless a number is given, in an IPC namespace of its own: stress-ng is killed again
and again until there are so many. The time is that of the whole command, with its start, and with
the activity log written.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time

from tests import kernel, orphans
from tests.private import enter_private_ipc

BAR_S = 2.0
REMOVE = (sys.executable, "-m", "shmtui", "remove", "--orphans", "--older-than", "0s", "--yes")


def main(segments: int) -> None:
    enter_private_ipc()
    while len(kernel.shmids()) < segments:
        orphans.of_stress_ng(workers=64, seconds=2.0)
    there = len(kernel.shmids())
    with tempfile.TemporaryDirectory() as state:
        environment = {**os.environ, "XDG_STATE_HOME": state}
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        done = subprocess.run(REMOVE, stdout=subprocess.PIPE, env=environment, check=True)
        took_s = time.perf_counter() - start
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    removed = len(done.stdout.splitlines())
    print(f"{there} orphans of stress-ng, {removed} removed, {len(kernel.shmids())} left")
    user_s, system_s = spent.ru_utime - before.ru_utime, spent.ru_stime - before.ru_stime
    print(f"  {took_s:.2f} s (bar {BAR_S:.1f} s for 2000), CPU {user_s:.2f} + {system_s:.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
