"""What the program remembers from one time to the next: one JSON file, never half written."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from shmtui.store.files import read_json, replace_whole, saving
from shmtui.store.paths import StoreError, make_directory, settings_path

Json = Mapping[str, object]


class SettingsError(StoreError):
    """The settings cannot be kept. `str(error)` is a sentence for the person."""


@dataclass(frozen=True, slots=True)
class Settings:
    """None and empty: nothing was chosen, the program's own default holds."""

    write: Json = field(default_factory=dict)
    """The fields of the write dialog as they were last typed, by name."""
    columns: tuple[str, ...] = ()
    sort: str | None = None
    """The sort column's name."""
    descending: bool = False
    theme: str | None = None
    unknown: Json = field(default_factory=dict, repr=False)
    """What a newer version wrote: it is saved again as it was."""


class Loaded(NamedTuple):
    settings: Settings
    caveat: str
    """Why all or some of them are the defaults, as a sentence; empty where nothing went wrong."""


def load(path: Path | None = None) -> Loaded:
    """The settings of the last time, or the defaults and a sentence why. Never fails."""
    try:
        where = path or settings_path()
        found = read_json(where, "settings", _members, SettingsError)
    except StoreError as error:
        return Loaded(Settings(), str(error))
    return Loaded(Settings(), "") if found is None else _understood(found, where)


def save(settings: Settings, path: Path | None = None) -> None:
    """Replaces the file in one step, mode 0600; a symbolic link stays one. Raises SettingsError."""
    try:
        where = Path(os.path.realpath(path or settings_path()))
    except StoreError as error:
        raise SettingsError(f"settings not saved: {error}") from error
    with saving(where, "settings", SettingsError):
        make_directory(where.parent)
        replace_whole(where, json.dumps(_document(settings), indent=2) + "\n")


def _members(found: object) -> dict[str, Any]:
    """Raises ValueError."""
    if not isinstance(found, dict):
        raise ValueError("not a JSON object")
    return found


def _understood(found: dict[str, Any], where: Path) -> Loaded:
    known = {name: found.pop(name) for name in _FIELDS if name in found}
    fitting = {name: value for name, value in known.items() if _FIELDS[name](value)}
    if isinstance(columns := fitting.get("columns"), list):
        fitting["columns"] = tuple(columns)
    wrong = ", ".join(sorted(known.keys() - fitting.keys()))
    caveat = f"settings not understood: {where}: {wrong}" if wrong else ""
    return Loaded(replace(Settings(unknown=found), **fitting), caveat)


def _document(settings: Settings) -> dict[str, object]:
    return {
        **settings.unknown,
        "write": dict(settings.write),
        "columns": list(settings.columns),
        "sort": settings.sort,
        "descending": settings.descending,
        "theme": settings.theme,
    }


def _text_or_none(value: object) -> bool:
    return value is None or isinstance(value, str)


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


_FIELDS: dict[str, Callable[[object], bool]] = {
    "write": lambda value: isinstance(value, dict),
    "columns": _texts,
    "sort": _text_or_none,
    "descending": lambda value: isinstance(value, bool),
    "theme": _text_or_none,
}
