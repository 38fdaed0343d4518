"""Identities kept in the order of one column, without sorting everything again at each poll."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import Any

from shmtui.present.column import Column
from shmtui.present.row import Row
from shmtui.sysv.segment import Identity

SortKey = tuple[bool, Any, int, Identity]
"""Known or unknown, the value, the shmid that breaks a tie; turned round where it is reversed."""


class SortedIndex:
    """The lines of a list. Numbers sort as numbers, unknown values last, ties by shmid."""

    def __init__(self, column: Column, reverse: bool) -> None:
        self.column = column
        self.reverse = reverse
        self.shown: list[Identity] = []
        """In the order of the lines; a new list whenever it changes."""
        self._keys: list[SortKey] = []
        self._of: dict[Identity, SortKey] = {}

    def __contains__(self, identity: Identity) -> bool:
        return identity in self._of

    def line(self, identity: Identity) -> int | None:
        """The line of an identity; None: it is not shown."""
        key = self._of.get(identity)
        return None if key is None else self.place(key)

    def key(self, identity: Identity) -> SortKey | None:
        """What `place` finds the neighbours with, after the identity itself has gone."""
        return self._of.get(identity)

    def key_for(self, identity: Identity, row: Row) -> SortKey:
        """Where this row belongs, shown or not."""
        value = self.column.get(row)
        shmid = identity.shmid
        if isinstance(value, str):
            value = value.casefold()
        if self.reverse:
            return (value is not None, value, -shmid, identity)
        return (value is None, value, shmid, identity)

    def place(self, key: SortKey) -> int:
        """The line where this key stands, or would."""
        if self.reverse:
            return len(self._keys) - bisect_right(self._keys, key)
        return bisect_left(self._keys, key)

    def update(self, removed: Iterable[Identity], rows: Iterable[tuple[Identity, Row]]) -> bool:
        """Takes identities out, puts rows in or where they belong now. True: lines moved."""
        of = self._of
        stale = [of.pop(identity) for identity in removed if identity in of]
        fresh = []
        for identity, row in rows:
            key, old = self.key_for(identity, row), of.get(identity)
            if key == old:
                continue
            if old is not None:
                stale.append(old)
            of[identity] = key
            fresh.append(key)
        if not stale and not fresh:
            return False
        self._keys = _with(_without(self._keys, stale), fresh)
        self.shown = [key[3] for key in self._keys]
        if self.reverse:
            self.shown.reverse()
        return True


def _without(keys: list[SortKey], stale: list[SortKey]) -> list[SortKey]:
    if not stale:
        return keys
    kept: list[SortKey] = []
    start = 0
    for place in sorted(bisect_left(keys, key) for key in stale):
        kept += keys[start:place]
        start = place + 1
    return kept + keys[start:]


def _with(keys: list[SortKey], fresh: list[SortKey]) -> list[SortKey]:
    """Merged. Of few, each is looked up and the stretches between are copied whole."""
    if len(fresh) > len(keys) // 8:
        return sorted(keys + fresh)
    merged: list[SortKey] = []
    start = 0
    for key in sorted(fresh):
        place = bisect_left(keys, key, start)
        merged += keys[start:place]
        merged.append(key)
        start = place
    return merged + keys[start:]
