"""What a writer can put into a segment: each pattern's values, and the room that they need."""

import itertools
import math
import os
import struct
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

RANDOM_BYTES = 256
SINE_STEPS = 60

Values = Callable[[int], Iterator[bytes]]
"""From the segment's size in bytes to the values, each written at offset 0."""


class Pattern(NamedTuple):
    """One kind of content."""

    name: str
    help: str
    room: Callable[[int | None], int]
    """Bytes that the segment must have, for so many values (None: no end)."""
    values: Values | None
    """None: the values are lines of the standard input."""


def _counter(_size: int) -> Iterator[bytes]:
    return (b"%d\0" % number for number in itertools.count())


def _counter_room(count: int | None) -> int:
    """The longest of `count` numbers and its NUL; without an end, at least the first must fit."""
    return len(str((count or 1) - 1)) + 1


def _clock(_size: int) -> Iterator[bytes]:
    while True:
        yield _moment()


def _moment() -> bytes:
    """Local time with its zone, always 29 characters, so that a reader never sees two mixed."""
    return datetime.now().astimezone().isoformat(timespec="milliseconds").encode() + b"\0"


def _sine(_size: int) -> Iterator[bytes]:
    for step in itertools.count():
        yield struct.pack("=d", math.sin(math.tau * step / SINE_STEPS))


def _random(size: int) -> Iterator[bytes]:
    while True:
        yield os.urandom(min(size, RANDOM_BYTES))


PATTERNS: dict[str, Pattern] = {
    pattern.name: pattern
    for pattern in (
        Pattern("counter", "0, 1, 2 … in decimal, ended by NUL", _counter_room, _counter),
        Pattern("clock", "the local time as text, ended by NUL", lambda _: 30, _clock),
        Pattern("sine", f"a float64 sine of {SINE_STEPS} steps", lambda _: 8, _sine),
        Pattern("random", f"up to {RANDOM_BYTES} random bytes", lambda _: 1, _random),
        Pattern("stdin", "each line of the standard input, ended by NUL", lambda _: 1, None),
    )
}
