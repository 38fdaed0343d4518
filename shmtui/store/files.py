"""Small files that are read whole and replaced whole: never half written, never read for ever."""

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from shmtui.store.paths import StoreError

LARGEST_BYTES = 1 << 20
"""A larger file is not one of ours."""

_T = TypeVar("_T")


def read_json(
    path: Path, what: str, understood: Callable[[Any], _T], error: type[StoreError]
) -> _T | None:
    """What `understood` makes of the document in a file; None where there is no such file.

    Raises `error`, a sentence about `what`, where it cannot be read or is not understood;
    `understood` raises ValueError then.
    """
    try:
        return understood(json.loads(read_whole(path)))
    except FileNotFoundError:
        return None
    except OSError as met:
        raise error(f"{what} not read: {path}: {cause(met)}") from met
    except (ValueError, RecursionError) as met:
        raise error(f"{what} not understood: {path}: {cause(met)}") from met


@contextmanager
def saving(path: Path, what: str, error: type[StoreError]) -> Iterator[None]:
    """What goes wrong inside becomes `error`, a sentence about `what`."""
    try:
        yield
    except OSError as met:
        raise error(f"{what} not saved: {path}: {cause(met)}") from met
    except StoreError as met:
        raise error(f"{what} not saved: {met}") from met
    except (TypeError, ValueError) as met:
        raise error(f"{what} not saved: {cause(met)}") from met


def read_whole(path: Path) -> bytes:
    """Its content. Raises OSError, and ValueError where it is larger than LARGEST_BYTES."""
    # Not blocking: a FIFO in the file's place would keep the program from starting.
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    with open(descriptor, "rb") as file:
        raw = file.read(LARGEST_BYTES + 1)
    if len(raw) > LARGEST_BYTES:
        raise ValueError(f"more than {LARGEST_BYTES} bytes")
    return raw


def replace_whole(path: Path, text: str) -> None:
    """A new file beside it (mkstemp: O_EXCL, O_NOFOLLOW, 0600), then rename(2).

    Raises OSError, ValueError; the old file is then as it was.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        os.replace(name, path)
    except (OSError, ValueError):
        os.unlink(name)
        raise


def cause(error: Exception) -> str:
    """What went wrong, in a few words."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__
