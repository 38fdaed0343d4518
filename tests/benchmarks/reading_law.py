"""Reading, scrolling, searching and dumping for a while, and what that did to the segment's row."""

import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import pytest

from shmtui.sysv.peek import can_peek
from tests import kernel
from tests.benchmarks.holder import GIB, held, segment
from tests.benchmarks.say import bar, say
from tests.terminal import Terminal

STEP_S = 1.5
MARK = "something"
OTHER = "nobody"
MOVES = ("g", "\x1b[6~", "G", "\x1b[5~", "2", "1", "3", "4", "2")


def reading_law(app: Sequence[str], seconds: float) -> None:
    """Through peek and through peer, each as far as this machine lets us."""
    if can_peek():
        _law(app, seconds, "peek", None)
        _law(app, seconds, "peer", OTHER)
    else:
        say("law, peek: not measured: only root may open /proc/PID/map_files here")
        _law(app, seconds, "peer", None)


def _law(app: Sequence[str], seconds: float, tap: str, user: str | None) -> None:
    try:
        _watch_row(app, seconds, tap, user)
    except pytest.skip.Exception as why:
        say(f"law, {tap}: not measured: {why}")


def _watch_row(app: Sequence[str], seconds: float, tap: str, user: str | None) -> None:
    with segment(GIB, 0o666) as shmid:
        mark = f"{GIB // 2}:{MARK.encode().hex()}"
        with held(shmid, "--write", mark, user=user), tempfile.TemporaryDirectory() as place:
            before = kernel.row(shmid)
            home = Path("~" if user else place)
            with Terminal([*app, "--id", str(shmid)], 120, 40, user=user) as terminal:
                done = _read(terminal, tap, home, seconds)
                terminal.send("q")
                terminal.wait_exit()
            after = kernel.row(shmid)
    say(f"law, {tap}{f' as {user}' if user else ''}: {seconds:g} s, {done} searches and dumps")
    if before != after:
        say(f"  - {before}\n  + {after}")
    words = bar(before == after, "the row stays as it was")
    say(f"  1 GiB sparse: rss {_rss(before)} bytes before, {_rss(after)} after {words}")


def _read(terminal: Terminal, tap: str, home: Path, seconds: float) -> int:
    """How many searches and dumps went well in that time."""
    terminal.wait_for(f"{tap} (0 attaches)", timeout_s=60.0)
    until, done = time.monotonic() + seconds, 0
    for step in _steps(terminal, home):
        done += step
        if time.monotonic() > until:
            break
        time.sleep(STEP_S)
    terminal.wait_for(f"{tap} (0 attaches)")
    return done


def _steps(terminal: Terminal, home: Path) -> Iterator[int]:
    """One after the other, without end: 1 for a search or a dump, 0 for a move."""
    for number in count():
        for move in MOVES:
            terminal.send(move)
            yield 0
        _answer(terminal, "/", "search:", MARK, "match 1 of 1")
        yield 1
        _answer(terminal, ":", "offset:", "25%", f"{GIB // 4:#x}")
        yield 0
        _answer(terminal, "s", "dump to:", f"\x15{home}/{number}.bin", "Dumped")
        yield 1


def _answer(terminal: Terminal, key: str, question: str, text: str, words: str) -> None:
    """The prompt may stand with something in it: Ctrl+U, as `text` may begin, empties it."""
    terminal.send(key)
    terminal.wait_for(question)
    terminal.send(f"{text}\r")
    terminal.wait_for(words, timeout_s=60.0)


def _rss(row: str) -> int:
    return int(row.split()[14])
