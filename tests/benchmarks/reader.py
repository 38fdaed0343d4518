"""What reading a segment costs, each figure beside what it is compared with, and its bar.

`python -m tests.benchmarks.reader`              all of it; takes about ten minutes
`python -m tests.benchmarks.reader --only goto`  pane, goto, dump, search or law alone
`python -m tests.benchmarks.reader --law 60`     a minute of reading through each tap

Runs in an IPC namespace of its own. As root, else peek cannot work. Needs 4 GiB of memory, and
room for 1 GiB where it dumps to.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable

from tests.benchmarks.dumping import TMPFS, dumping
from tests.benchmarks.going import going
from tests.benchmarks.holder import GIB
from tests.benchmarks.pane_cost import MINUTE_S, pane_cost
from tests.benchmarks.reading_law import reading_law
from tests.benchmarks.searches import searches
from tests.private import enter_private_ipc

APP = (sys.executable, "-m", "shmtui")
PARTS = ("pane", "goto", "dump", "search", "law")


def main() -> None:
    arguments = _arguments()
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
    size = int(arguments.gib * GIB)
    directories = arguments.directory or [tempfile.gettempdir(), TMPFS]
    parts: dict[str, Callable[[], None]] = {
        "pane": lambda: pane_cost(APP, size, arguments.seconds, arguments.settle),
        "goto": lambda: going(APP, arguments.places),
        "dump": lambda: dumping(APP, size, arguments.pairs, directories),
        "search": lambda: searches(size, arguments.times),
        "law": lambda: reading_law(APP, arguments.law),
    }
    for name in arguments.only or PARTS:
        parts[name]()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=PARTS)
    parser.add_argument("--gib", type=float, default=1.0, help="size of the resident segments")
    parser.add_argument("--seconds", type=float, default=30.0, help="for each CPU figure")
    parser.add_argument("--settle", type=float, default=MINUTE_S, help="seconds before that")
    parser.add_argument("--places", type=int, default=40, help="to go to")
    parser.add_argument("--pairs", type=int, default=5, help="dumps of each kind")
    parser.add_argument("--times", type=int, default=3, help="each search")
    parser.add_argument("--law", type=float, default=30.0, metavar="SECONDS", help="for each tap")
    parser.add_argument("--directory", action="append", help="where to dump to")
    return parser.parse_args()


if __name__ == "__main__":
    main()
