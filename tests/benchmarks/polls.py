"""What a poll costs beside reading the table, in CPU milliseconds.

`python -m tests.benchmarks.polls`

Runs in an IPC namespace of its own, as root: shmmni is raised in it. Takes about a minute.
"""

import os
import random
import resource
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence

from shmtui.monitor.changes import compare
from shmtui.monitor.snapshot import Poller, Snapshot
from shmtui.sysv.listing import TABLE, Table
from tests import kernel
from tests.benchmarks.population import populate
from tests.private import enter_private_ipc

ROUNDS = 20
READ_SIZE = 1 << 20


def main() -> None:
    enter_private_ipc()
    for segments, changing in ((4096, 40), (32768, 300)):
        shmids = populate(segments)
        print(f"{segments} segments, {changing} of them changing: CPU ms, median of {ROUNDS}")
        for title, ms in _figures(shmids, changing):
            print(f"  {title:34}{ms:8.2f}", flush=True)


def _figures(shmids: Sequence[int], changing: int) -> list[tuple[str, float]]:
    def change() -> None:
        for shmid in random.sample(shmids, changing):
            kernel.shmdt(kernel.shmat(shmid, kernel.SHM_RDONLY))

    poller, table = Poller(), Table()
    compared = _Compared(poller.poll())
    return [
        ("cat (user + system of the child)", _median_ms(_cat, change, _children_s)),
        ("read() of the table alone", _median_ms(_raw, change)),
        ("Table().read(), cold", _median_ms(lambda: Table().read(), change)),
        ("Table.read(), warm", _median_ms(table.read, change)),
        ("Poller().poll(), cold", _median_ms(lambda: Poller().poll(), change)),
        ("Poller.poll(), warm", _median_ms(poller.poll, change)),
        ("  and changes.compare", _median_ms(lambda: compared(poller.poll()), change)),
        ("Poller.poll(), one comes, one goes", _median_ms(poller.poll, _turnover)),
    ]


class _Compared:
    """Compares each snapshot with the one before."""

    def __init__(self, first: Snapshot) -> None:
        self._last = first

    def __call__(self, new: Snapshot) -> None:
        compare(self._last, new)
        self._last = new


def _median_ms(
    work: Callable[[], object],
    change: Callable[[], None],
    clock: Callable[[], float] = time.process_time,
) -> float:
    work()
    figures = []
    for _ in range(ROUNDS):
        change()
        before = clock()
        work()
        figures.append(clock() - before)
    return statistics.median(figures) * 1000.0


def _children_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _cat() -> None:
    subprocess.run(["cat", TABLE], stdout=subprocess.DEVNULL, check=True)


def _raw() -> None:
    descriptor = os.open(TABLE, os.O_RDONLY)
    while os.read(descriptor, READ_SIZE):
        pass
    os.close(descriptor)


def _turnover() -> None:
    shmids = kernel.shmids()
    kernel.rmid(random.choice(shmids))
    kernel.shmget(kernel.IPC_PRIVATE, 4096, 0o600)


if __name__ == "__main__":
    main()
