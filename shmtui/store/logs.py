"""Files that only grow: one JSON document a line, readable by their owner alone."""

import fcntl
import json
import os
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from shmtui.store.paths import StoreError, make_directory

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
"""O_NONBLOCK: a FIFO in the file's place must not hang the program."""
_READ_BYTES = 4 << 20
"""Of the file's end: older lines are not read."""


class LogError(StoreError):
    """A line could not be added. `str(error)` names the file and the cause."""


def append(path: Path, record: Mapping[str, object]) -> None:
    """Adds `record` as one line, in one write(2), so that lines of two processes never mix.

    A new file has mode 0600. A symbolic link, and what is not a plain file, is refused.
    Raises LogError, StoreError where the directory cannot be made.
    """
    line = json.dumps(record, ensure_ascii=True).encode() + b"\n"
    with _opened(path) as descriptor:
        _take_turn(descriptor)
        if _was_cut(descriptor):
            line = b"\n" + line
        if os.write(descriptor, line) != len(line):
            raise OSError(None, "the line was cut, the disk may be full")


def check(path: Path, size: int) -> None:
    """Raises as `append` does where so many bytes could not be added now. Adds nothing.

    Whether there is room is tried with a nameless file beside it: quotas and reserved blocks let
    no figure tell it.
    """
    with _opened(path), tempfile.TemporaryFile(dir=path.parent, buffering=0) as trial:
        if trial.write(bytes(size)) != size:
            raise OSError(None, "the disk is nearly full")


def last(path: Path, count: int) -> list[dict[str, Any]]:
    """At most `count` of the last records, the oldest first; none where there is no such file.

    Lines that are no record are left out: a full disk may have cut one. Raises LogError.
    """
    try:
        lines = _end_of(path).split(b"\n")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise LogError(f"{path}: {error.strerror}") from error
    records = (record for line in reversed(lines) if (record := _record(line)) is not None)
    return [record for _, record in zip(range(count), records, strict=False)][::-1]


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    """For appending. An OSError inside becomes a LogError that names the file."""
    try:
        descriptor = _open(path)
        try:
            _check_plain(descriptor)
            yield descriptor
        finally:
            os.close(descriptor)
    except OSError as error:
        raise LogError(f"not written to {path}: {error.strerror}") from error


def _open(path: Path) -> int:
    """Its directory is mostly there. Raises OSError, StoreError."""
    try:
        return os.open(path, _FLAGS, 0o600)
    except FileNotFoundError:
        make_directory(path.parent)
        return os.open(path, _FLAGS, 0o600)


def _check_plain(descriptor: int) -> None:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise OSError(None, "not a plain file")


def _take_turn(descriptor: int) -> None:
    """Waits while another one adds a line, which looks cut until all of its pages are there."""
    # Some file systems have no locks. The worst is then an empty line, which no reader minds.
    with suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _was_cut(descriptor: int) -> bool:
    """A full disk left the last line without its end: ours must not become a part of it."""
    size = os.fstat(descriptor).st_size
    return size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"


def _end_of(path: Path) -> bytes:
    """The last bytes of the file; what is before the first whole line is left out."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(descriptor, "rb") as file:
        _check_plain(descriptor)
        start = max(0, os.fstat(descriptor).st_size - _READ_BYTES)
        file.seek(start)
        raw = file.read(_READ_BYTES)
    return raw if not start else raw.partition(b"\n")[2]


def _record(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):  # ValueError: of UnicodeDecodeError and JSONDecodeError
        return None
    return found if isinstance(found, dict) else None
