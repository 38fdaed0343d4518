"""What verdicts cost a poll, and the program among many processes. Takes about three minutes.

`python -m tests.benchmarks.operations`

4096 segments and 500 processes, in an IPC namespace of its own, as root: shmmni is raised in it.
`tests.benchmarks.holders` and `tests.benchmarks.removal` have the other figures of operations.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable

from shmtui.monitor.diagnosis import Judge
from shmtui.monitor.snapshot import Poller
from shmtui.sysv.listing import Table
from shmtui.sysv.processes import ProcessTable
from tests.benchmarks.holders import crowd
from tests.benchmarks.population import changing, populate
from tests.benchmarks.screen import APP, MINUTE_S, running, say
from tests.private import enter_private_ipc

SEGMENTS = 4096
PROCESSES = 500
CHANGES = 40
ROUNDS = 30
VERDICTS_BAR_MS = 10.0
CPU_BAR = 0.045


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=30.0, help="for each CPU figure")
    seconds = parser.parse_args().seconds
    enter_private_ipc()
    with tempfile.TemporaryDirectory() as home:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ.update(
            XDG_CONFIG_HOME=home, XDG_STATE_HOME=home, PYTHONPYCACHEPREFIX=f"{home}/compiled"
        )
        with crowd(PROCESSES, 0):
            populate(SEGMENTS)
            verdicts()
            among_many(seconds)


def verdicts() -> None:
    """All of them judged anew, and a poll of which some rows changed, in CPU milliseconds."""
    rows = list(Table().read().segments.values())
    processes = ProcessTable()
    processes.refresh()

    def judged() -> None:
        processes.refresh()
        judge = Judge(processes)
        for row in rows:
            judge.verdict(row, judge.creator(row), judge.last_operator(row))

    poller, table = Poller(), Table()
    poller.poll()
    table.read()
    with changing(CHANGES):
        time.sleep(1.5)
        reading, polling = _ms(table.read, 1.0), _ms(poller.poll, 1.0)
    say(f"{SEGMENTS} segments, {PROCESSES} processes: CPU ms, median of {ROUNDS}")
    say(f"  all verdicts anew           {_ms(judged):7.2f}   (bar {VERDICTS_BAR_MS:.0f} ms)")
    say(f"  the table alone             {reading:7.2f}   {CHANGES} rows changed")
    say(f"  a poll, verdicts and all    {polling:7.2f}   {CHANGES} rows changed")


def among_many(seconds: float) -> None:
    """The program at one refresh a second."""
    time.sleep(MINUTE_S)
    for changes in (0, CHANGES):
        with changing(changes):
            share, _ = running(APP, "Quit", seconds)
        say(
            f"  shmtui, {changes:2} change a second  {share * 100:7.2f} %"
            f"   (bar {CPU_BAR * 100:.1f} %), over {seconds:g} s"
        )


def _ms(work: Callable[[], object], every_s: float = 0.0) -> float:
    figures = []
    for _ in range(ROUNDS if not every_s else ROUNDS // 3):
        time.sleep(every_s)
        start = time.thread_time()
        work()
        figures.append((time.thread_time() - start) * 1000.0)
    return statistics.median(figures)


if __name__ == "__main__":
    if os.geteuid():
        sys.exit("as root: shmmni cannot be raised without")
    main()
