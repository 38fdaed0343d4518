"""A minute of listing and reading, and what it changed in the kernel's table: nothing."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests import kernel
from tests.benchmarks.population import populate
from tests.terminal import Terminal

SPARSE_BYTES = 1 << 30
SEGMENTS = 300
ROUNDS = 12
ROUND_S = 5.0


def law(app: Sequence[str]) -> None:
    """Reads a 1 GiB sparse segment in the pane, through all its views, and compares the table."""
    populate(SEGMENTS)
    flags = kernel.IPC_CREAT | kernel.SHM_NORESERVE | 0o600
    sparse = kernel.shmget(0x0BADCAFE, SPARSE_BYTES, flags)
    with _held(sparse):
        before = _rows()
        with Terminal([*app, "--id", str(sparse)], 120, 40) as terminal:
            terminal.wait_for("peek")
            for number in range(ROUNDS):
                terminal.send(("1", "2", "g", "G", "\x1b[5~", "\x1b[6~", "7", "2")[number % 8])
                time.sleep(ROUND_S)
            attaches = "peek (0 attaches)" in terminal.text
            terminal.send("q")
            terminal.wait_exit()
        after = _rows()
    changed = [shmid for shmid in before | after if before.get(shmid) != after.get(shmid)]
    print(f"{ROUNDS * ROUND_S:g} s, {len(before)} rows: {len(changed)} changed")
    for shmid in changed:
        print(f"  - {before.get(shmid)}\n  + {after.get(shmid)}")
    print(f"the pane said 0 attaches: {attaches}")
    print(f"1 GiB sparse, rss: {_rss(before[sparse])} before, {_rss(after[sparse])} bytes after")


@contextmanager
def _held(shmid: int) -> Iterator[None]:
    """Another process has the segment attached, and has written one page of it."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.attached", str(shmid), "8192", b"something".hex()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=kernel.ROOT,
    ) as holder:
        if holder.stdout is None or holder.stdout.readline() != b"ready\n":
            raise AssertionError("the holder did not start")
        yield
        holder.communicate()


def _rows() -> dict[int, str]:
    """The raw line of each segment."""
    lines = kernel.TABLE.read_text().splitlines()[1:]
    return {int(line.split(maxsplit=2)[1]): line for line in lines}


def _rss(line: str) -> int:
    return int(line.split()[14])
