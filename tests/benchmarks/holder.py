"""Segments that another process holds: filled, marked in places, and changing while it lives.

`python -m tests.benchmarks.holder SHMID` attaches, does what its options say, says `ready`, and
changes the living bytes once a second until its input ends.
"""

import argparse
import ctypes
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count

from tests import kernel
from tests.benchmarks.stuff import BLOCK_BYTES, STUFF, block

GIB = 1 << 30


@contextmanager
def segment(size: int, mode: int = 0o600) -> Iterator[int]:
    """The id of a new segment without memory of its own; it is removed at the end."""
    flags = kernel.IPC_CREAT | kernel.SHM_NORESERVE | mode
    shmid = kernel.shmget(kernel.IPC_PRIVATE, size, flags)
    try:
        yield shmid
    finally:
        kernel.rmid(shmid)


@contextmanager
def held(shmid: int, *options: str, user: str | None = None) -> Iterator[None]:
    """Meanwhile another process, of that user, has the segment attached; it is ready."""
    argv: Sequence[str] = (sys.executable, "-m", "tests.benchmarks.holder", str(shmid), *options)
    if user is not None:
        argv = kernel.as_user_argv(user, argv)
    with subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=kernel.ROOT
    ) as holder:
        try:
            if holder.stdout is None or holder.stdout.readline() != b"ready\n":
                raise AssertionError("the holder did not start")
            yield
        finally:
            holder.communicate()


@contextmanager
def resident(size: int, name: str, *options: str) -> Iterator[int]:
    """The id of a segment that another process has filled and holds."""
    with segment(size) as shmid, held(shmid, "--fill", name, "--size", str(size), *options):
        yield shmid


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("shmid", type=int)
    parser.add_argument("--fill", choices=STUFF)
    parser.add_argument("--size", type=int, default=0, help="bytes to fill")
    parser.add_argument("--write", nargs="*", default=[], metavar="OFFSET:HEX")
    parser.add_argument("--living", nargs="*", default=[], type=int, metavar="OFFSET")
    arguments = parser.parse_args()
    address = kernel.shmat(arguments.shmid)
    if arguments.fill:
        _fill(address, arguments.size, block(arguments.fill))
    for words in arguments.write:
        offset, _, data = words.partition(":")
        _put(address + int(offset), bytes.fromhex(data))
    print("ready", flush=True)
    _live([address + offset for offset in arguments.living])


def _fill(address: int, size: int, data: bytes) -> None:
    for start in range(0, size, BLOCK_BYTES):
        _put(address + start, data[: size - start])


def _put(address: int, data: bytes) -> None:
    ctypes.memmove(address, data, len(data))


def _live(addresses: Sequence[int]) -> None:
    due = time.monotonic()
    for number in count():
        due += 1.0
        if select.select([sys.stdin], [], [], max(0.0, due - time.monotonic()))[0]:
            return
        for address in addresses:
            _put(address, bytes([number % 256]))


if __name__ == "__main__":
    main()
