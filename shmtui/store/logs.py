"""Files that only grow: one JSON document a line, readable by their owner alone."""

import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from shmtui.store.paths import StoreError, make_directory

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
"""O_NONBLOCK: a FIFO in the file's place must not hang the program."""


class LogError(StoreError):
    """A line could not be added. `str(error)` names the file and the cause."""


def append(path: Path, record: Mapping[str, object]) -> None:
    """Adds `record` as one line, in one write(2), so that lines of two processes never mix.

    A new file has mode 0600. A symbolic link, and what is not a plain file, is refused.
    Raises LogError, StoreError where the directory cannot be made.
    """
    make_directory(path.parent)
    line = json.dumps(record, ensure_ascii=True).encode() + b"\n"
    try:
        descriptor = os.open(path, _FLAGS, 0o600)
        try:
            _write(descriptor, line)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise LogError(f"not written to {path}: {error.strerror}") from error


def _write(descriptor: int, line: bytes) -> None:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise OSError(None, "not a plain file")
    if os.write(descriptor, line) != len(line):
        raise OSError(None, "the line was cut, the disk may be full")
