"""An error of our own: a sentence on the terminal, and the traceback in a file to report."""

import time
import traceback

from shmtui import __version__
from shmtui.present.words import visible
from shmtui.store import logs
from shmtui.store.paths import StoreError, crashes_path


def crash_words(error: BaseException) -> str:
    """Keeps the traceback, and says in words what happened and where it stands."""
    what = visible(f"{type(error).__name__}: {error}")
    sentence = f"shmtui met an error of its own and ended: {what}"
    try:
        path = crashes_path()
        logs.append(path, _record(error))
    except StoreError as unwritable:
        return f"{sentence}\n{_place(error)} ({unwritable})"
    return f"{sentence}\nPlease report it with the last line of {path}"


def _record(error: BaseException) -> dict[str, object]:
    return {
        "time": time.time(),
        "version": __version__,
        "traceback": "".join(traceback.format_exception(error)),
    }


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return (
        f"in {frames[-1].filename}, line {frames[-1].lineno}" if frames else "in an unknown place"
    )
