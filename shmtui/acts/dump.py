"""Saving a segment's content to a file: holes stay holes, nothing half done is left behind."""

import os
import secrets
import stat
from collections.abc import Generator
from pathlib import Path
from typing import NamedTuple

from shmtui.acts.new_file import FileError, exists, in_words, new_file
from shmtui.monitor.pace import Pace, Progress
from shmtui.monitor.pieces import Piece, pieces
from shmtui.monitor.source import Source
from shmtui.sysv.window import Why

_PIECE_BYTES = 4 * 1024 * 1024
"""What cannot be sent is written: the fewer writes, the quicker."""


class Dumped(NamedTuple):
    """The file is there."""

    path: Path
    size: int
    """Bytes of the file: the segment's."""
    data: int
    """Bytes that were read and written."""
    holes: int
    """Bytes that nobody ever wrote: holes of the file."""
    unread: dict[Why, int]
    """Bytes that could not be read: holes of the file too, though they may hold something."""

    @property
    def complete(self) -> bool:
        """The file reads as the segment did."""
        return not self.unread


def dump(
    source: Source, path: Path, *, overwrite: bool = False, swapped: bool = False
) -> Generator[Progress | Dumped, None, None]:
    """Writes the segment to a new file, which its owner alone may read; ends with a Dumped.

    A file that is there is replaced only if `overwrite`, in one step at the end. `swapped`: pages
    that are swapped out are read in. Closing the generator cancels: what was written is removed,
    as it is after an error. Nothing is forced to disk; the source stays its maker's to close.

    Raises Exists, FileError, and what `pieces` raises: Gone, Forbidden, ShmError. Not for a UI
    thread.
    """
    _check(path, overwrite)
    place = path.with_name(f".shmtui-{secrets.token_hex(4)}") if overwrite else path
    with new_file(place, path) as descriptor:
        size = source.segment.size
        with in_words(path):
            os.ftruncate(descriptor, size)
        copy = _Copy(descriptor, path, Pace(size))
        walk = pieces(source, 0, size, swapped=swapped, piece_bytes=_PIECE_BYTES, into=descriptor)
        for piece in walk:
            copy.take(piece)
            if copy.pace.is_due():
                yield copy.pace.at(copy.done)
        if place != path:
            with in_words(path):
                os.replace(place, path)
    yield Dumped(path, size, copy.data, copy.gaps.pop("never written", 0), copy.gaps)


class _Copy:
    """Counts the pieces, and puts those into the file that were not sent there."""

    def __init__(self, descriptor: int, path: Path, pace: Pace) -> None:
        self._descriptor = descriptor
        self._path = path
        self.pace = pace
        self.data = 0
        self.gaps: dict[Why, int] = {}

    @property
    def done(self) -> int:
        return self.data + sum(self.gaps.values())

    def take(self, piece: Piece) -> None:
        if piece.why:
            self.gaps[piece.why] = self.gaps.get(piece.why, 0) + piece.length
            return
        with in_words(self._path):
            _write(self._descriptor, piece.data, piece.offset)
        self.data += piece.length


def _check(path: Path, overwrite: bool) -> None:
    """Before anything is opened. Whoever makes the file meanwhile wins: O_EXCL."""
    with in_words(path):
        try:
            mode = path.lstat().st_mode
        except FileNotFoundError:
            return
    if not stat.S_ISREG(mode):
        raise FileError(f"{path} is not a plain file: not overwritten")
    if not overwrite:
        raise exists(path)


def _write(descriptor: int, data: memoryview, offset: int) -> None:
    done = 0
    while done < len(data):
        done += os.pwrite(descriptor, data[done:], offset + done)
