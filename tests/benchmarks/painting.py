"""How long after its start a program has painted a line of its screen."""

import statistics
import time
from collections.abc import Callable, Sequence

import pyte

from tests.terminal import Chunk, Terminal
from tests.waiting import wait_until

COLUMNS, ROWS = 120, 40
QUIET_S = 0.6

Line = tuple[int, str]
"""A line of the screen by its number, and words that stand in it."""


def first_paint_s(argv: Sequence[str], last_line: Callable[[str], Line | None]) -> float:
    """Seconds from the start to the first frame that holds the last line.

    `last_line` finds it on the finished screen (None: not finished). Only then is the output
    played again, so that nothing is looked at while the program starts.
    """
    start = time.monotonic()
    with Terminal(argv, COLUMNS, ROWS) as terminal:
        terminal.wait_for(lambda text: last_line(text) is not None, timeout_s=60.0)
        _wait_for_quiet(terminal)
        line = last_line(terminal.text)
        chunks = terminal.chunks
    if line is None:
        raise AssertionError("the line that was there has gone")
    return _first_shown(chunks, line) - start


def _wait_for_quiet(terminal: Terminal) -> None:
    def quiet() -> bool:
        return time.monotonic() - terminal.chunks[-1].at > QUIET_S

    wait_until(quiet, timeout_s=30.0, what="a quiet terminal")


def _first_shown(chunks: Sequence[Chunk], line: Line) -> float:
    number, words = line
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(screen)
    for chunk in chunks:
        stream.feed(chunk.data)
        if words in screen.display[number]:
            return chunk.at
    raise AssertionError(f"line {number} never showed {words!r}")


def line_with(words: str) -> Callable[[str], Line | None]:
    """The last line of the screen that holds the words."""

    def find(text: str) -> Line | None:
        found = [(i, words) for i, line in enumerate(text.splitlines()) if words in line]
        return found[-1] if found else None

    return find


def last_row_of(shmids: Sequence[int], at_least: int) -> Callable[[str], Line | None]:
    """The last list row on the screen, once there are `at_least` rows."""
    known = {str(shmid) for shmid in shmids}

    def find(text: str) -> Line | None:
        rows = [
            (number, word)
            for number, line in enumerate(text.splitlines())
            for word in line.split()[:4]
            if word in known
        ]
        return rows[-1] if len(rows) >= at_least else None

    return find


def pairs(one: Callable[[], float], other: Callable[[], float], count: int) -> tuple[float, float]:
    """The medians of both, measured in turn, so that a busy machine hits both alike.

    The first of each does not count: Python compiles then.
    """
    both = [(one(), other()) for _ in range(count + 1)][1:]
    return statistics.median(a for a, _ in both), statistics.median(b for _, b in both)
