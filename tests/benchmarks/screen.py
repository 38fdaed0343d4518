"""What the screen costs, each figure beside what it is compared with. Takes about eight minutes.

`python -m tests.benchmarks.screen`            first paint, CPU, memory
`python -m tests.benchmarks.screen --churn 10` memory under ten minutes of stress-ng
`python -m tests.benchmarks.screen --law`      a minute of looking, and what it changed

Runs in an IPC namespace of its own. As root, else shmmni cannot be raised and peek cannot work.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence

from tests.benchmarks.churn import churn
from tests.benchmarks.law import law
from tests.benchmarks.load import cpu_share, once_s, rss_kib
from tests.benchmarks.painting import first_paint_s, last_row_of, line_with, pairs
from tests.benchmarks.population import changing, populate
from tests.private import enter_private_ipc
from tests.terminal import Terminal

APP = (sys.executable, "-m", "shmtui")
EMPTY = (sys.executable, "-m", "tests.benchmarks.empty_app")
WATCH = ("watch", "-n1", "ipcs", "-m")
CAT = ("cat", "/proc/sysvipc/shm")
SETTLE_S = 3.0
MINUTE_S = 61.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--churn", type=float, metavar="MINUTES")
    parser.add_argument("--law", action="store_true")
    parser.add_argument("--seconds", type=float, default=30.0, help="for each CPU figure")
    parser.add_argument("--pairs", type=int, default=10, help="starts of each program")
    arguments = parser.parse_args()
    enter_private_ipc()
    with tempfile.TemporaryDirectory() as home:
        # Compiled modules are kept, as those of an installed program are.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ.update(
            XDG_CONFIG_HOME=home, XDG_STATE_HOME=home, PYTHONPYCACHEPREFIX=f"{home}/compiled"
        )
        measure(arguments)


def measure(arguments: argparse.Namespace) -> None:
    """What was asked for, with the settings of somebody who never started the program."""
    if arguments.churn is not None:
        churn(APP, arguments.churn * 60.0)
    elif arguments.law:
        law(APP)
    else:
        paint(arguments.pairs)
        cost(4096, 40, arguments.seconds)
        cost(32768, 300, arguments.seconds)


def paint(count: int) -> None:
    """First full paint with 4096 segments, and that of an empty Textual application."""
    shmids = populate(4096)
    ours, empty = pairs(
        lambda: first_paint_s(APP, last_row_of(shmids, at_least=30)),
        lambda: first_paint_s(EMPTY, line_with("palette")),
        count,
    )
    say(f"first paint, 4096 segments, median of {count} pairs")
    say(f"  empty Textual app   {empty * 1000:7.0f} ms")
    say(f"  shmtui              {ours * 1000:7.0f} ms   {ours / empty:.2f} x (bar 1.50 x)")


def cost(segments: int, changes: int, seconds: float) -> None:
    """CPU at one refresh a second and memory, while so many segments change each second."""
    populate(segments)
    # In their first minute the ages of all rows on view change each second: later they rest.
    time.sleep(MINUTE_S)
    with changing(changes):
        say(f"{segments} segments, {changes} change each second, over {seconds:g} s")
        cat = once_s(CAT)
        say(f"  cat of the table    {cat * 100:7.2f} % of a core, once a second")
        if shutil.which(WATCH[0]):
            say(f"  watch -n1 ipcs -m   {running(WATCH, 'shmid', seconds)[0] * 100:7.2f} %")
        share, rss = running(APP, "Quit", seconds)
        bar = 2 * cat + 0.01
        say(f"  shmtui              {share * 100:7.2f} %   (bar {bar * 100:.2f} %)")
        say(f"  shmtui's memory     {rss / 1024:7.1f} MiB (bar 60 MiB with 4096)")


def running(argv: Sequence[str], words: str, seconds: float) -> tuple[float, int]:
    """The CPU share of a program once its screen shows the words; its memory in KiB at the end."""
    with Terminal(argv, 120, 40) as terminal:
        terminal.wait_for(words, timeout_s=60.0)
        cpu_share(terminal, SETTLE_S)
        return cpu_share(terminal, seconds), rss_kib(terminal.pid)


def say(line: str) -> None:
    """Figures take minutes: show each as soon as it is there."""
    print(line, flush=True)


if __name__ == "__main__":
    main()
