"""What the pane costs while it shows living bytes: CPU, and bytes to the terminal."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.benchmarks.arrival import QuickTerminal
from tests.benchmarks.holder import GIB, resident
from tests.benchmarks.load import cpu_s
from tests.benchmarks.say import bar, say
from tests.terminal import Terminal

MINUTE_S = 61.0
CPU_BAR = 0.01
BYTES_BAR = 10 * 1024
TOGETHER = range(0x20, 0x26)
APART = range(0x20, 0x20 + 6 * 0x20, 0x20)


def pane_cost(app: Sequence[str], size: int, seconds: float, settle_s: float) -> None:
    """The hex pane beside the same program with its pane closed, both over the same seconds."""
    for places, words in ((TOGETHER, "side by side"), (APART, "on six rows")):
        say(f"hex pane, {size / GIB:g} GiB, 6 bytes change each second, {words}: {seconds:g} s")
        with resident(size, "random", "--living", *map(str, places)) as shmid:
            _compare(app, shmid, seconds, settle_s)


def _compare(app: Sequence[str], shmid: int, seconds: float, settle_s: float) -> None:
    with _screen(app, "Quit") as closed, _screen([*app, "--id", str(shmid)], "peek") as opened:
        opened.send("2")
        opened.wait_for("[2Hex]")
        # In their first minute the ages of the list's rows change each second: later they rest.
        time.sleep(settle_s)
        (idle, idle_bytes), (share, sent) = _measure((closed, opened), seconds)
    say(f"  pane closed         {idle * 100:6.2f} % of a core   {idle_bytes / 1024:6.2f} KiB/s")
    say(f"  hex pane            {share * 100:6.2f} %             {sent / 1024:6.2f} KiB/s")
    more = share - idle
    say(f"  the pane's CPU      {more * 100:6.2f} % {bar(more <= CPU_BAR, '1 % at most')}")
    words = bar(sent <= BYTES_BAR, "10 KiB/s at most")
    say(f"  to the terminal     {sent / 1024:6.2f} KiB/s {words}")


@contextmanager
def _screen(argv: Sequence[str], words: str) -> Iterator[QuickTerminal]:
    with QuickTerminal(argv, 120, 40) as terminal:
        terminal.wait_for(words, timeout_s=60.0)
        yield terminal
        terminal.send("q")
        terminal.wait_exit()


def _measure(terminals: Sequence[Terminal], seconds: float) -> list[tuple[float, float]]:
    """CPU seconds and bytes a second of each, from now on."""
    start, before = time.monotonic(), [_so_far(terminal) for terminal in terminals]
    time.sleep(seconds)
    after, took_s = [_so_far(terminal) for terminal in terminals], time.monotonic() - start
    return [
        ((cpu - cpu_before) / took_s, (sent - sent_before) / took_s)
        for (cpu_before, sent_before), (cpu, sent) in zip(before, after, strict=True)
    ]


def _so_far(terminal: Terminal) -> tuple[float, int]:
    return cpu_s(terminal.pid), sum(len(chunk.data) for chunk in terminal.chunks)
