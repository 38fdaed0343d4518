"""The watches of each key, one small JSON file a key: what a person follows is there again."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from shmtui.store.files import read_json, replace_whole, saving
from shmtui.store.paths import StoreError, make_directory, watches_path

MOST_WATCHES = 64
"""That are kept of one key."""
MOST_LENGTH = 256
"""Characters of one."""
MOST_KEYS = 512
"""Those whose watches were saved longest ago are forgotten."""


class WatchesError(StoreError):
    """Watches cannot be read or kept. `str(error)` is a sentence for the person."""


def load_watches(key: int | None) -> tuple[str, ...]:
    """The texts that were saved for this key; none of a private segment (None, 0).

    Raises WatchesError, also where the file is not one of ours.
    """
    if not key:
        return ()
    return read_json(_file(key), "watches", _texts, WatchesError) or ()


def save_watches(key: int | None, texts: Sequence[str]) -> None:
    """Keeps these, and no others, for this key; nothing for a private segment (None, 0): who
    comes after it under the same id is another. Raises WatchesError.
    """
    if not key:
        return
    where = _file(key)
    with saving(where, "watches", WatchesError):
        _keep(where, _texts(list(texts)))


def _file(key: int) -> Path:
    """Raises WatchesError."""
    try:
        return watches_path() / f"0x{key:08x}.json"
    except StoreError as error:
        raise WatchesError(f"watches have no place: {error}") from error


def _keep(where: Path, texts: Sequence[str]) -> None:
    if texts:
        make_directory(where.parent)
        replace_whole(where, json.dumps(list(texts)) + "\n")
        _forget_old(where.parent)
    else:
        where.unlink(missing_ok=True)


def _texts(found: object) -> tuple[str, ...]:
    """Raises ValueError where it is not a list of a few short texts."""
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise ValueError("not a list of texts")
    if len(found) > MOST_WATCHES or any(len(text) > MOST_LENGTH for text in found):
        raise ValueError(f"more than {MOST_WATCHES}, or one longer than {MOST_LENGTH} characters")
    return tuple(found)


def _forget_old(directory: Path) -> None:
    with os.scandir(directory) as entries:
        files = [entry for entry in entries if entry.name.endswith(".json")]
    if len(files) > MOST_KEYS:
        files.sort(key=lambda entry: entry.stat(follow_symlinks=False).st_mtime_ns)
        for entry in files[:-MOST_KEYS]:
            Path(entry.path).unlink(missing_ok=True)
