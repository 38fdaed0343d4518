"""Many segments, some of which change each second, for the benchmarks.

`python -m tests.benchmarks.population N` changes N of all each second until its input ends.
"""

import contextlib
import random
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests import kernel

SHMMNI = Path("/proc/sys/kernel/shmmni")
SMALLEST = 1024


def populate(count: int) -> list[int]:
    """Makes segments until there are `count`, none of them of the same size; all ids.

    Raises the namespace's shmmni where that is needed (32768 is the kernel's most).
    """
    if count > int(SHMMNI.read_text()):
        SHMMNI.write_text(str(count))
    for number in range(len(kernel.shmids()), count):
        kernel.shmget(kernel.IPC_PRIVATE, SMALLEST + number, 0o600)
    return kernel.shmids()


@contextlib.contextmanager
def changing(count: int) -> Iterator[None]:
    """Meanwhile another process attaches to and detaches from `count` segments each second."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.population", str(count)],
        stdin=subprocess.PIPE,
        cwd=kernel.ROOT,
    ) as child:
        yield
        child.communicate()


def _change(count: int) -> None:
    shmids = kernel.shmids()
    due = time.monotonic()
    while not select.select([sys.stdin], [], [], max(0.0, due - time.monotonic()))[0]:
        due += 1.0
        for shmid in random.sample(shmids, count):
            kernel.shmdt(kernel.shmat(shmid, kernel.SHM_RDONLY))


if __name__ == "__main__":
    _change(int(sys.argv[1]))
