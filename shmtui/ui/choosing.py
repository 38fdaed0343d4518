"""The choosers of the list: the sort column, the columns on view, an owner, a place to go to."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from shmtui.present.columns import COLUMNS, SCREEN_ORDER
from shmtui.present.words import visible
from shmtui.sysv.arguments import many, parse_key
from shmtui.sysv.errors import BadArgument
from shmtui.sysv.segment import Identity
from shmtui.ui.dialogs.choose import Choice, ChooseDialog
from shmtui.ui.dialogs.columns import ColumnChoice, ColumnsDialog

if TYPE_CHECKING:
    from shmtui.monitor.snapshot import Snapshot
    from shmtui.ui.list_part import ListPart

ALWAYS = ("id", "verdict")
"""Without these a row cannot be told from another, nor judged."""

ALL_OWNERS = ""


def choose_sort(part: ListPart) -> None:
    """Ask which column to sort by."""

    def chosen(name: str | None) -> None:
        if name is not None and name != part.model.sort_column:
            part.sort_by(name)

    choices = [Choice(name, COLUMNS[name].title, COLUMNS[name].help) for name in SCREEN_ORDER]
    part.app.push_screen(ChooseDialog("Sort by", choices, part.model.sort_column), chosen)


def choose_columns(part: ListPart) -> None:
    """Ask which columns to show."""

    def chosen(names: tuple[str, ...] | None) -> None:
        if names is not None:
            part.show_columns(None if names == SCREEN_ORDER else names)

    choices = [
        ColumnChoice(name, COLUMNS[name].title, COLUMNS[name].help, name in ALWAYS)
        for name in SCREEN_ORDER
    ]
    dialog = ColumnsDialog(choices, part.columns or SCREEN_ORDER, SCREEN_ORDER)
    part.app.push_screen(dialog, chosen)


def choose_owner(part: ListPart) -> None:
    """Ask whose segments to show; the answer is a filter like any other."""
    if part.snapshot is None:
        return
    counts = Counter(facts.owner for facts in part.snapshot.facts.values())
    total = len(part.snapshot.facts)
    choices = [Choice(ALL_OWNERS, "all owners", many(total, "segment"))]
    choices += [
        Choice(owner, visible(owner), many(count, "segment"))
        for owner, count in sorted(counts.items())
    ]

    def chosen(owner: str | None) -> None:
        if owner is not None:
            part.set_filter(f'owner="{owner}"' if owner else "", inverted=False)

    part.app.push_screen(ChooseDialog("Owner", choices), chosen)


def go_to(part: ListPart, text: str) -> str:
    """Put the cursor on the segment with this id or key. Returns what went wrong, in words.

    A bare decimal is an id first, then a key; 0x… is a key.
    """
    try:
        key = parse_key(text)
    except BadArgument as error:
        if not text.isdecimal():
            return str(error)
        key = None  # 0 is an id, and no key
    shmid = int(text) if text.isdecimal() else None
    return go_to_named(part, shmid, key, f"No segment has the id or key {visible(text)}.")


def go_to_named(part: ListPart, shmid: int | None, key: int | None, missing: str) -> str:
    """Put the cursor on the segment with this id, else on the one with this key.

    Returns what went wrong, in words; `missing` where there is none.
    """
    identity = None if part.snapshot is None else _find(part.snapshot, shmid, key)
    if identity is None:
        return missing
    if not part.go_to(identity):
        return f"segment {identity.shmid} is hidden by the filter: Esc clears it."
    return ""


def _find(snapshot: Snapshot, shmid: int | None, key: int | None) -> Identity | None:
    by_id = (identity for identity in snapshot.facts if identity.shmid == shmid)
    by_key = (
        identity
        for identity, facts in snapshot.facts.items()
        if key and facts.segment.key == key and not facts.segment.doomed
    )
    return next(by_id, None) or next(by_key, None)
