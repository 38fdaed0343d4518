"""How fast a resident segment is searched: for rare words, and for the worst that there is."""

import statistics
import time
from collections.abc import Iterator
from typing import NamedTuple

from shmtui.decode.needle import parse_needle
from shmtui.monitor import search
from tests.benchmarks.dumping import source
from tests.benchmarks.holder import GIB, resident
from tests.benchmarks.say import bar, say

RARE_BAR = 1e9
WORST_BAR = 0.3e9


class Sought(NamedTuple):
    """What is searched for, and in what."""

    needle: str
    stuff: str
    """A name of stuff.STUFF."""


RARE = (
    Sought("text:connection refused", "log"),
    Sought("text:connection refused", "random"),
    Sought("text:conn", "random"),
    Sought("text:request took", "log"),
)
NASTY = (
    Sought("x:61", "a"),
    Sought("text:aaaab", "a"),
    Sought("text:baaaa", "a"),
    Sought("text:aaaa", "a"),
    Sought("text:abab", "ab"),
    Sought("text:ababb", "ab"),
    Sought("text:" + "a" * 64, "aaab"),
    Sought("text:" + "a" * 32 + "b" + "a" * 32, "aaab"),
    Sought("x:" + "00" * 4, "zeros"),
    Sought("x:" + "00" * 64, "zeros"),
    Sought("x:" + "00" * 63 + "01", "zeros"),
    Sought("x:00", "random"),
    Sought("text:e", "log"),
    Sought("text:request", "log"),
)


def searches(size: int, times: int) -> None:
    """Every way to search, over each stuff; the slowest of all counts."""
    say(f"search over {size / GIB:g} GiB resident, GB/s: median of {times}")
    rare = _slowest(RARE, size, times)
    worst = _slowest(NASTY, size, times)
    say(f"  rare text, the slowest    {rare / 1e9:6.2f} {bar(rare >= RARE_BAR, '1 at least')}")
    say(f"  of the nasty, the slowest {worst / 1e9:6.2f} {bar(worst >= WORST_BAR, '0.3 at least')}")


def _slowest(all_sought: tuple[Sought, ...], size: int, times: int) -> float:
    rates: list[float] = []
    for stuff in dict.fromkeys(sought.stuff for sought in all_sought):
        with resident(size, stuff) as shmid:
            for sought in all_sought:
                if sought.stuff == stuff:
                    rates += _rates(shmid, sought, size, times)
    return min(rates)


def _rates(shmid: int, sought: Sought, size: int, times: int) -> Iterator[float]:
    """Bytes a second of each way that goes through the whole segment."""
    needle = parse_needle(sought.needle).data
    row = [("count", statistics.median(_count_s(shmid, needle) for _ in range(times)))]
    if not _finds(shmid, needle, forwards=True):
        for forwards, name in ((True, "find"), (False, "find back")):
            took = statistics.median(_find_s(shmid, needle, forwards) for _ in range(times))
            row.append((name, took))
    figures = "  ".join(f"{name} {size / took / 1e9:5.2f}" for name, took in row)
    say(f"  {_short(sought.needle):26} in {sought.stuff:7} {figures}")
    for _, took in row:
        yield size / took


def _short(words: str) -> str:
    return words if len(words) <= 26 else f"{words[:16]}… ({len(words)})"


def _count_s(shmid: int, needle: bytes) -> float:
    start = time.perf_counter()
    for _ in search.count(source(shmid), needle, 0):
        pass
    return time.perf_counter() - start


def _find_s(shmid: int, needle: bytes, forwards: bool) -> float:
    start = time.perf_counter()
    _finds(shmid, needle, forwards)
    return time.perf_counter() - start


def _finds(shmid: int, needle: bytes, forwards: bool) -> bool:
    steps = search.find(source(shmid), needle, 0, forwards)
    return any(isinstance(step, search.Hit) for step in steps)
