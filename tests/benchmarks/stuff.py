"""What segments are filled with: blocks of bytes that are laid one after the other."""

import random
from collections.abc import Callable, Mapping
from itertools import count, islice

BLOCK_BYTES = 1 << 20


def block(name: str) -> bytes:
    """A mebibyte of it: the same bytes each time. Raises KeyError; the names are in STUFF."""
    return STUFF[name]()


def _random() -> bytes:
    return random.Random(BLOCK_BYTES).randbytes(BLOCK_BYTES)


def _log() -> bytes:
    """Lines as programs write them."""
    lines = (f"2026-01-31 06:24:51 server[{n % 977}]: request {n} took 12 ms\n" for n in count())
    return "".join(islice(lines, BLOCK_BYTES // 48)).encode()[:BLOCK_BYTES]


def _repeated(unit: bytes) -> Callable[[], bytes]:
    return lambda: (unit * -(-BLOCK_BYTES // len(unit)))[:BLOCK_BYTES]


STUFF: Mapping[str, Callable[[], bytes]] = {
    "random": _random,
    "log": _log,
    "zeros": _repeated(b"\0"),
    "a": _repeated(b"a"),
    "ab": _repeated(b"ab"),
    "aaab": _repeated(b"a" * 63 + b"b"),
}
"""By name: random bytes, the lines of a log, and what makes searching slow."""
