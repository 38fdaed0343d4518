"""The program in a terminal: how it is started, and what tests of it look at."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests import kernel
from tests.conftest import Peer
from tests.terminal import Terminal

APP = [sys.executable, "-m", "shmtui"]
DEMO = [*APP, "--demo", "--interval", "0.2"]
"""With a writer at work; looked at often, so that what it writes is seen soon."""
KEY = 3306
EMPTY = "No shared memory segments in this IPC namespace"
ESC, ENTER, TAB, CTRL_C, CTRL_Z = "\x1b", "\r", "\t", "\x03", "\x1a"


def children_of(pid: int) -> set[int]:
    """The pids of its living children (proc(5) task/TID/children)."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        found |= set(map(int, (task / "children").read_text().split()))
    return found


def nothing_left() -> bool:
    return not kernel.shmids()


def run_reader(peer: Peer) -> str:
    """What a C program finds in the segment."""
    argv = [str(peer("reader")), str(KEY), "1024", "1", "0"]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()


def gone(pids: set[int]) -> Callable[[], bool]:
    return lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids)


def assert_restored(terminal: Terminal) -> None:
    """The shell gets back the terminal that it lent."""
    assert terminal.modes_on == set()
    assert terminal.echoes
    assert "Traceback" not in terminal.text


def number_in_pane(text: str) -> int | None:
    """The counter, which stands alone in a line of the text view; the inspector may be beside."""
    found = re.search(r"^ ?(\d+)\s*(?:▏|$)", text, re.MULTILINE)
    return int(found[1]) if found else None


def wait_for_number(terminal: Terminal) -> int:
    """The writer is at work, and the pane shows what it has written."""
    first = number_in_pane(terminal.wait_for(lambda text: number_in_pane(text) is not None))
    assert first is not None
    return first


def wait_for_counting(terminal: Terminal) -> None:
    """The number in the pane is there, and then grows."""
    first = wait_for_number(terminal)
    terminal.wait_for(lambda text: (number_in_pane(text) or 0) > first + 1)
