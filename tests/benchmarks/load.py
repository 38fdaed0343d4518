"""What a running program costs: CPU seconds and resident memory, from /proc."""

import os
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

from tests.terminal import Terminal

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
READS = 20


def cpu_s(pid: int) -> float:
    """CPU seconds that the process and the children it has waited for have used (proc(5) stat)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS_PER_S


def rss_kib(pid: int) -> int:
    """Resident memory in KiB (proc(5) status, VmRSS)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError(f"process {pid} has no memory: it has ended")


def cpu_share(terminal: Terminal, seconds: float) -> float:
    """CPU seconds a second of the program in the terminal, over so many seconds from now."""
    before, start = cpu_s(terminal.pid), time.monotonic()
    time.sleep(seconds)
    return (cpu_s(terminal.pid) - before) / (time.monotonic() - start)


def once_s(argv: Sequence[str]) -> float:
    """CPU seconds of one run of a command, its output thrown away: the median of some."""
    return statistics.median(_run_s(argv) for _ in range(READS))


def _run_s(argv: Sequence[str]) -> float:
    silent = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)
    pid = os.posix_spawnp(argv[0], list(argv), os.environ, file_actions=[silent])
    usage = os.wait4(pid, 0)[2]
    return usage.ru_utime + usage.ru_stime
