"""How long a look through all processes takes beside `grep -l SYSV /proc/*/maps`, in milliseconds.

`python -m tests.benchmarks.holders [PROCESSES]`

500 processes unless a number is given, in IPC and pid namespaces of their own, as root: small ones,
then such as daemons are; each tenth has a segment attached. No look ends early: one attach more is
asked for than there are. Looks and greps alternate, after one of each that does not count; Python's
start is not in it.
"""

import contextlib
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence

from shmtui.monitor.snapshot import Poller
from shmtui.sysv import mapquery
from shmtui.sysv.holders import scan
from shmtui.sysv.listing import segments
from shmtui.sysv.segment import Identity, Segment
from tests import kernel
from tests.benchmarks.population import populate

PAIRS = 21
BAR = 0.40
EVERY = 10
MAPPINGS = (54, 200)
GREP = "grep -l SYSV /proc/[0-9]*/maps"
SEGMENTS = 4096
POLLS = 20
OWN = ("unshare", "--ipc", "--pid", "--fork", "--mount-proc")
INIT = 1


def main(processes: int) -> None:
    if os.getpid() != INIT:
        argv = [*OWN, sys.executable, "-m", "tests.benchmarks.holders", str(processes)]
        sys.exit(subprocess.run(argv, cwd=kernel.ROOT).returncode)
    for wanted in MAPPINGS:
        with crowd(processes, wanted) as mappings:
            print(f"{processes} processes, {mappings} mappings each: wall ms, median of {PAIRS}")
            _side_by_side()
    with crowd(processes, 0):
        _when_nothing_attaches()


def _side_by_side() -> None:
    wanted = {row.identity: row._replace(nattch=row.nattch + 1) for row in segments()}
    pairs = [(_ms(_grep), _ms(lambda: _look(wanted))) for _ in range(PAIRS + 1)][1:]
    grep, ours = (statistics.median(figures) for figures in zip(*pairs, strict=True))
    way = "PROCMAP_QUERY" if mapquery.available() else "text: no PROCMAP_QUERY here"
    print(f"  {GREP:32}{grep:7.1f}")
    print(f"  {f'scan ({way})':32}{ours:7.1f}   {ours / grep:.2f} x (bar {BAR:.2f} x)")


def _look(wanted: dict[Identity, Segment]) -> None:
    found = scan(wanted)
    if not found.complete or found.stuck:
        raise AssertionError("a look that did not reach all is no figure")


def _when_nothing_attaches() -> None:
    """Nobody looks then, however many segments are held."""
    populate(SEGMENTS)
    poller = Poller()
    poller.poll()
    while poller.scan_holders():
        time.sleep(1.0)  # what was attached in the second of a poll is looked at once more
        poller.poll()
    scans = 0
    for _ in range(POLLS):
        poller.poll()
        scans += poller.scan_holders()
    print(f"scans in {POLLS} polls of {SEGMENTS} segments, nothing attaching: {scans}")


def _ms(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000.0


def _grep() -> None:
    subprocess.run(GREP, shell=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextlib.contextmanager
def crowd(count: int, wanted: int) -> Iterator[int]:
    """Meanwhile so many processes are there. Gives the mappings of each."""
    shmid = kernel.shmget(kernel.IPC_PRIVATE, 4096, 0o600)
    with attached([shmid], count, EVERY, wanted) as mappings:
        yield mappings
    kernel.rmid(shmid)


@contextlib.contextmanager
def attached(shmids: Sequence[int], count: int, every: int = 1, wanted: int = 0) -> Iterator[int]:
    """Meanwhile so many processes are there, of which each `every`-th attaches the segments. Gives
    the mappings of each before that."""
    script = str(kernel.ROOT / "tests" / "benchmarks" / "crowd.py")
    numbers = [str(count), ",".join(map(str, shmids)), str(every), str(wanted)]
    with subprocess.Popen(
        [sys.executable, "-I", "-S", script, *numbers],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as crowd:
        if crowd.stdout is None:
            raise AssertionError("the crowd has no output")
        _, mappings = crowd.stdout.readline().split()
        yield int(mappings)
        crowd.communicate()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
