"""A file as it is stored: its data and its holes, in pieces, from its start to its end."""

import errno
import os
from collections.abc import Iterator
from typing import NamedTuple

from shmtui.sysv.ranges import Range

_DATA_BYTES = 128 * 1024
_HOLE_BYTES = 64 * 1024 * 1024


class Stroke(NamedTuple):
    """A piece of the file."""

    start: int
    end: int
    """Bytes from the file's start; `end` is the first one after it."""
    is_data: bool
    """False: a hole, which reads as zeros."""


def strokes(descriptor: int, length: int) -> Iterator[Stroke]:
    """The first `length` bytes of the file, each byte once. Raises OSError."""
    at = 0
    for part in written(descriptor, length):
        yield from _cut(at, part.start, False)
        yield from _cut(part.start, part.end, True)
        at = part.end
    yield from _cut(at, length, False)


def written(descriptor: int, length: int) -> Iterator[Range]:
    """Its stretches that are no holes, as far as the file system tells (lseek(2), SEEK_DATA)."""
    at = 0
    while at < length:
        try:
            start = os.lseek(descriptor, at, os.SEEK_DATA)
        except OSError as error:
            if error.errno == errno.ENXIO:  # nothing but a hole up to the end
                return
            raise
        at = min(os.lseek(descriptor, start, os.SEEK_HOLE), length)
        yield Range(start, at)


def _cut(start: int, end: int, is_data: bool) -> Iterator[Stroke]:
    step = _DATA_BYTES if is_data else _HOLE_BYTES
    for at in range(start, end, step):
        yield Stroke(at, min(at + step, end), is_data)
