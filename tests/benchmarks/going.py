"""How long going to a place of a huge sparse segment takes, from the key to the paint."""

import random
import statistics
import struct
import sys
from collections.abc import Sequence

from tests.benchmarks.arrival import QuickTerminal, answer_s, wait_for_quiet
from tests.benchmarks.holder import GIB, held, segment
from tests.benchmarks.say import bar, say
from tests.terminal import Terminal

SIZE = 64 * GIB
ROW = 16
BAR_S = 0.020
QUIET_S = 0.15
EMPTY = (sys.executable, "-m", "tests.benchmarks.answering_app")


def going(app: Sequence[str], count: int) -> None:
    """Random places, every other one written; in turn with the least program that answers."""
    places = [random.randrange(SIZE // ROW) * ROW for _ in range(count)]
    written = [f"{place}:{content(place).hex()}" for place in places[::2]]
    with (
        segment(SIZE) as shmid,
        held(shmid, "--write", *written),
        QuickTerminal(EMPTY, 120, 40) as empty,
        QuickTerminal([*app, "--id", str(shmid)], 120, 40) as terminal,
    ):
        empty.wait_for("ready")
        terminal.wait_for("peek")
        terminal.send("2")
        terminal.wait_for("[2Hex]")
        least, ours = [], []
        for number, place in enumerate(places):
            least.append(answer_s(empty, "\r", f"answer {number + 1}."))
            ours.append(_go(terminal, place, is_written=number % 2 == 0))
        terminal.send("q")
        terminal.wait_exit()
    _tell(least, ours)


def _go(terminal: Terminal, place: int, is_written: bool) -> float:
    """Within the row: only there its own offset stands nowhere else on the screen."""
    terminal.send(":")
    terminal.wait_for("offset:")
    target = f"{place + 7:#x}"
    terminal.send(target)
    terminal.wait_for(f"offset: {target}")
    wait_for_quiet(terminal, QUIET_S)
    return answer_s(terminal, "\r", row_words(place, content(place) if is_written else None))


def content(place: int) -> bytes:
    """What is written at a place: its own offset, twice."""
    return struct.pack(">QQ", place, place)


def row_words(place: int, data: bytes | None) -> str:
    """How the row of that offset begins in the hex view; None: nothing was written there, which is
    said at its end: until the row is read it has dots too."""
    half = ["··"] * 8
    start = f"{f'{place:08x}':10}"
    if data is None:
        return f"{start}{' '.join(half)}  {' '.join(half)}  |never written"
    return start + " ".join(f"{byte:02x}" for byte in data[:8])


def _tell(least: Sequence[float], ours: Sequence[float]) -> None:
    say(f"go to a place of {SIZE / GIB:g} GiB, sparse: Enter to its row, median of {len(ours)}")
    say(f"  least Textual app   {_ms(least)}")
    held = bar(statistics.median(ours) <= BAR_S, "20 ms at most")
    say(f"  shmtui              {_ms(ours)} {held}")
    say(f"    written places    {_ms(ours[::2])}")
    say(f"    never written     {_ms(ours[1::2])}")


def _ms(figures: Sequence[float]) -> str:
    return f"{statistics.median(figures) * 1000:6.1f} ms, at worst {max(figures) * 1000:6.1f} ms"
