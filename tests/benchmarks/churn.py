"""The screen's memory while other programs make and remove segments as fast as they can."""

import subprocess
import time
from collections.abc import Sequence

from tests.benchmarks.load import cpu_share, rss_kib
from tests.terminal import Terminal

SAMPLE_S = 30.0
STRESS = "stress-ng --quiet --shm-sysv 2 --shm-sysv-bytes 4M --shm-sysv-segs 16 --timeout"


def churn(app: Sequence[str], seconds: float) -> None:
    """Prints memory and CPU share each half minute, at the interval of 0.2 s."""
    stress = subprocess.Popen([*STRESS.split(), f"{seconds + SAMPLE_S:.0f}s"])
    start = time.monotonic()
    with Terminal([*app, "--interval", "0.2"], 120, 40) as terminal:
        terminal.wait_for("Quit")
        first = rss_kib(terminal.pid)
        while time.monotonic() - start < seconds:
            share = cpu_share(terminal, SAMPLE_S)
            at, rss = time.monotonic() - start, rss_kib(terminal.pid)
            print(f"{at:6.0f} s  rss {rss / 1024:6.1f} MiB  cpu {share * 100:5.1f} %", flush=True)
        print(f"memory grew by {(rss_kib(terminal.pid) - first) / 1024:.1f} MiB")
        terminal.send("q")
        terminal.wait_exit()
    stress.terminate()
    stress.wait()
