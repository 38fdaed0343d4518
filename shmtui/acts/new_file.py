"""A new file that its owner alone may read, and that goes again where it cannot be finished."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shmtui.sysv.arguments import key_words
from shmtui.sysv.attachment import Forbidden
from shmtui.sysv.errors import ShmError
from shmtui.sysv.segment import Segment

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""They wait while the file is made: right after that nobody would know yet that it is to go."""
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class FileError(ShmError):
    """The file cannot be written. `str(error)` names it and the cause."""


class Exists(FileError):
    """There is such a file. Nothing was done."""


def exists(path: Path) -> Exists:
    """The error, in words."""
    return Exists(f"{path} is there already, and stays as it is")


def file_name(segment: Segment, ending: str) -> str:
    """`shm-98306-0x0badcafe-20260102T030405.dump`, local time: ids and keys come back, after a
    reboot the very same ones.
    """
    now = time.strftime("%Y%m%dT%H%M%S")
    return f"shm-{segment.shmid}-{key_words(segment.key)}-{now}.{ending}"


@contextmanager
def new_file(place: Path, name: Path | None = None) -> Iterator[int]:
    """A descriptor of a new file at `place`, open for writing until the end.

    Where the block fails, or is left half way, the file is removed; a ShmError of it says so.
    `name`: what words call the file, if it is to be moved there. Raises Exists, FileError.
    """
    name = name or place
    descriptor, finished = -1, False
    try:
        with _undisturbed():
            descriptor = _opened(place, name)
        yield descriptor
        finished = True
    except Forbidden:  # made of a refusal, which whoever asked puts into words
        raise
    except ShmError as error:
        if descriptor < 0:
            raise
        written = f"The part that was written to {name} is removed"
        left = written if place == name else f"{name} stays as it is"
        raise type(error)(f"{error}. {left}") from error
    finally:
        if descriptor >= 0:
            _end(place, descriptor, finished)


@contextmanager
def in_words(name: Path) -> Iterator[None]:
    """An OSError inside becomes a FileError that names the file."""
    try:
        yield
    except OSError as error:
        raise FileError(f"{name}: {error.strerror}") from error


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Inside, signals that end the program wait."""
    # Asked for first: after one that came just before, already the blocking of others raises.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _opened(place: Path, name: Path) -> int:
    with in_words(name):
        try:
            return os.open(place, _FLAGS, 0o600)
        except FileExistsError as error:
            raise exists(name) from error


def _end(place: Path, descriptor: int, finished: bool) -> None:
    """Removes ours where it is not finished, and not what somebody else put in its place."""
    try:
        with suppress(FileNotFoundError):
            if not finished and os.path.samestat(os.lstat(place), os.fstat(descriptor)):
                os.unlink(place)
    finally:
        os.close(descriptor)
