"""How long `shmtui list --json` takes beside `lsipc -m --json`, in wall milliseconds.

`python -m tests.benchmarks.listing [SEGMENTS]`

4096 segments unless a number is given, in an IPC namespace of its own; their creator lives, as that
of most segments does. The runs alternate, after one of each that does not count. Python keeps its
compiled modules in a directory of the benchmark's: without any it would compile at each start.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence

from tests.benchmarks.population import populate
from tests.private import enter_private_ipc

PAIRS = 10
BAR = 2.5
OURS = (sys.executable, "-m", "shmtui", "list", "--json")
THEIRS = ("lsipc", "-m", "--json")
NOTHING = (sys.executable, "-c", "")


def main(segments: int) -> None:
    enter_private_ipc()
    populate(segments)
    with tempfile.TemporaryDirectory() as compiled:
        rows = [_row(_environment(compiled)) for _ in range(PAIRS + 1)][1:]
    ours, theirs, nothing = (statistics.median(figures) for figures in zip(*rows, strict=True))
    print(f"{segments} segments: wall ms, median of {PAIRS}")
    print(f"  lsipc -m --json     {theirs:7.1f}")
    print(f"  shmtui list --json  {ours:7.1f}   {ours / theirs:.2f} x (bar {BAR:.2f} x)")
    print(f"    of which Python   {nothing:7.1f}")


def _row(environment: Mapping[str, str]) -> list[float]:
    return [_wall_ms(command, environment) for command in (OURS, THEIRS, NOTHING)]


def _wall_ms(command: Sequence[str], environment: Mapping[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, env=environment, check=True)
    return (time.perf_counter() - start) * 1000.0


def _environment(compiled: str) -> dict[str, str]:
    spoiling = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
    kept = {name: value for name, value in os.environ.items() if name not in spoiling}
    return {**kept, "PYTHONPYCACHEPREFIX": compiled}


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 4096)
