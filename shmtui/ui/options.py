"""How the screen begins: by what the command line says, and by what is kept of the last time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shmtui.present.columns import COLUMNS, SCREEN_ORDER, find
from shmtui.store.settings import Settings

if TYPE_CHECKING:
    from shmtui.ui.dialogs.write import WriteInput

DEFAULT_SORT = ("size", True)


@dataclass(frozen=True)
class ScreenOptions:
    """What the command line says about the screen."""

    interval_s: float = 1.0
    sort: str | None = None
    """Name of a column, ascending; with `-` before it, descending."""
    filter: str | None = None
    read_only: bool = False
    mouse: bool = True
    color: bool = True
    shmid: int | None = None
    """The pane opens on the segment with this id …"""
    key: int | None = None
    """… or with this key."""
    demo: bool = False
    """Start a writer of the smallest kind, and read it."""


def first_sort(options: ScreenOptions, settings: Settings) -> tuple[str, bool]:
    """Column and direction, as `list --sort` means it: ascending, with `-` before it descending."""
    given = find(options.sort.removeprefix("-")) if options.sort else None
    if given is not None and options.sort is not None:
        return given.name, options.sort.startswith("-")
    if settings.sort in COLUMNS:
        return settings.sort, settings.descending
    return DEFAULT_SORT


def kept_columns(settings: Settings) -> tuple[str, ...] | None:
    """Those of the last time that there are (another version may have others); None: the usual."""
    return tuple(one for one in SCREEN_ORDER if one in settings.columns) or None


def last_input(settings: Settings) -> WriteInput | None:
    """The write dialog's fields of the last time; None where they are not all there."""
    from shmtui.ui.dialogs.write import WriteInput

    given, defaults = settings.write, WriteInput()._asdict()
    fits = {k: v for k, v in given.items() if k in defaults and type(v) is type(defaults[k])}
    return WriteInput(**{**defaults, **fits})
