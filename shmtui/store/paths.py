"""Where the program keeps its files, by the XDG base directories."""

from collections.abc import Callable
from pathlib import Path

from platformdirs import PlatformDirs

_DIRS = PlatformDirs("shmtui", appauthor=False)


class StoreError(Exception):
    """A file of the program's own cannot be read or written. `str(error)` says which and why."""


def settings_path() -> Path:
    """`~/.config/shmtui/settings.json`. Raises StoreError where there is no home directory."""
    return _found(lambda: _DIRS.user_config_path) / "settings.json"


def activity_path() -> Path:
    """`~/.local/state/shmtui/activity.jsonl`. Raises StoreError as settings_path does."""
    return _found(lambda: _DIRS.user_state_path) / "activity.jsonl"


def crashes_path() -> Path:
    """`~/.local/state/shmtui/crashes.jsonl`. Raises StoreError as settings_path does."""
    return _found(lambda: _DIRS.user_state_path) / "crashes.jsonl"


def watches_path() -> Path:
    """`~/.local/state/shmtui/watches`, a directory. Raises StoreError as settings_path does."""
    return _found(lambda: _DIRS.user_state_path) / "watches"


def make_directory(directory: Path) -> None:
    """Makes it, for its owner alone, where it is not there. Raises StoreError."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{directory}: {error.strerror}") from error


def _found(directory: Callable[[], Path]) -> Path:
    """A user without a home and without an entry in passwd has no such directory: platformdirs
    either raises or, in older releases, names one below the current directory."""
    try:
        place = directory()
    except RuntimeError as error:
        raise StoreError(str(error)) from error
    if not place.is_absolute():
        raise StoreError(f"could not determine the home directory for {str(place)!r}")
    return place
