"""How fast a segment becomes a file, beside cat of the same bytes to the same place."""

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from shmtui.acts.dump import dump
from shmtui.monitor.source import Source
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.listing import segments
from shmtui.sysv.window import Consent
from tests.benchmarks.holder import GIB, resident
from tests.benchmarks.say import bar, say
from tests.benchmarks.stuff import BLOCK_BYTES, block

BAR = 0.7
TMPFS = "/dev/shm"


def dumping(app: Sequence[str], size: int, pairs: int, directories: Sequence[str]) -> None:
    """To each directory, in turn with cat from a file in memory."""
    with resident(size, "random") as shmid, tempfile.TemporaryDirectory(dir=TMPFS) as memory:
        same = Path(memory) / "same"
        _write(same, size)
        for directory in directories:
            with tempfile.TemporaryDirectory(dir=directory) as place:
                _compare(app, shmid, same, Path(place) / "dump", pairs)


def _write(path: Path, size: int) -> None:
    with path.open("xb") as file:
        for start in range(0, size, BLOCK_BYTES):
            file.write(block("random")[: size - start])


def _compare(app: Sequence[str], shmid: int, same: Path, target: Path, pairs: int) -> None:
    ways: tuple[Callable[[], object], ...] = (
        lambda: _cat(same, target),
        lambda: _by_library(shmid, target),
        lambda: _by_command(app, shmid, target),
    )
    rows = [[_took_s(way, target) for way in ways] for _ in range(pairs + 1)][1:]
    size = same.stat().st_size
    say(f"dump of {size / GIB:g} GiB to {target.parent.parent}, median of {pairs}")
    for name, figures in zip(
        ("cat", "dump()", "shmtui dump"), zip(*rows, strict=True), strict=True
    ):
        ratio = statistics.median(row[0] / took for row, took in zip(rows, figures, strict=True))
        words = "" if name == "cat" else f" {ratio:.2f} x {bar(ratio >= BAR, '0.7 x at least')}"
        took = statistics.median(figures)
        say(f"  {name:12}  {took * 1000:7.0f} ms  {size / took / 1e9:5.2f} GB/s{words}")


def _took_s(way: Callable[[], object], target: Path) -> float:
    """To a new file, with no older work left for the disk."""
    target.unlink(missing_ok=True)
    os.sync()
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


def _cat(same: Path, target: Path) -> None:
    with target.open("xb") as file:
        subprocess.run(["cat", str(same)], stdout=file, check=True)


def _by_command(app: Sequence[str], shmid: int, target: Path) -> None:
    argv = [*app, "dump", "--id", str(shmid), "-o", str(target)]
    subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


def _by_library(shmid: int, target: Path) -> None:
    for _ in dump(source(shmid), target):
        pass


def source(shmid: int) -> Source:
    """All of a segment, through the best tap that attaches nothing."""
    row = next(one for one in segments() if one.shmid == shmid)
    return Source(row, (), Consent.TRACELESS, Evidence(), True)
