"""Small files that are read whole and replaced whole: never half written, never read for ever."""

import os
import tempfile
from pathlib import Path

LARGEST_BYTES = 1 << 20
"""A larger file is not one of ours."""


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
