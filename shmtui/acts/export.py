"""Writing the pictures of a window to a new file: one JSON document a line."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from shmtui.sysv.errors import ShmError

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class ExportError(ShmError):
    """The file cannot be written. `str(error)` names it and the cause."""


def export(records: Iterable[Mapping[str, object]], path: Path) -> None:
    """Writes each record as a line of a new file, which its owner alone may read.

    A file that is there is left alone; one that cannot be finished is removed. Raises ExportError.
    """
    try:
        descriptor = os.open(path, _FLAGS, 0o600)
    except FileExistsError as error:
        raise ExportError(f"{path} is there already: choose another name") from error
    except OSError as error:
        raise ExportError(f"{path}: {error.strerror}") from error
    try:
        with open(descriptor, "w", encoding="ascii") as file:
            for record in records:
                file.write(json.dumps(record) + "\n")
    except OSError as error:
        path.unlink(missing_ok=True)
        raise ExportError(f"{path}: {error.strerror}. It is removed") from error
