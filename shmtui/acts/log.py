"""The activity log: everything that the program changed, or tried to, in lines of JSON."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from shmtui.store import logs
from shmtui.store.paths import StoreError, activity_path
from shmtui.sysv.users import user_name

_LINE_BYTES = 1024
"""No line of ours is longer, unless a person's path in it is."""


class Activity(NamedTuple):
    """One act."""

    when: str
    """ISO 8601 with zone."""
    what: str
    """`create`, `write`, …"""
    segment: str
    """As messages name it: `segment 5 (0x00000cea)`."""
    user: str
    """The login name of the real user id."""
    pid: int
    result: str


class ActivityLog:
    """Adds one line an act. A log that cannot be written is said once, and stops nothing: whoever
    must not act without a record asks `check` before."""

    def __init__(self, say: Callable[[str], None], path: Path | None = None) -> None:
        self._say = say
        self._path = path
        self._said = False

    def record(self, what: str, segment: str, result: str) -> bool:
        """Writes what was done to `segment`, now, by this process; False: it could not.

        Looks up the user's name, which can wait for a directory server: not on a UI thread."""
        now = datetime.now().astimezone().isoformat(timespec="milliseconds")
        activity = Activity(now, what, segment, user_name(os.getuid()), os.getpid(), result)
        try:
            logs.append(self._place(), activity._asdict())
        except StoreError as error:
            self._complain(f"the activity log is not kept: {error}")
            return False
        return True

    def check(self, acts: int = 1) -> str:
        """Why so many acts could not be recorded now, in words; empty: they can be."""
        try:
            logs.check(self._place(), acts * _LINE_BYTES)
        except StoreError as error:
            return f"the activity log cannot be kept: {error}"
        return ""

    def last(self, count: int = 1000) -> list[Activity]:
        """The last acts on record, the oldest first. All of their texts are foreign. Raises
        StoreError."""
        found = logs.last(self._place(), count)
        return [activity for record in found if (activity := _activity(record))]

    def _place(self) -> Path:
        """Raises StoreError."""
        if self._path is None:
            self._path = activity_path()
        return self._path

    def _complain(self, words: str) -> None:
        if not self._said:
            self._said = True
            self._say(words)


def _activity(record: dict[str, object]) -> Activity | None:
    """None: it is none of ours."""
    values = [record.get(name) for name in Activity._fields]
    expected = Activity.__annotations__.values()
    if [type(value) for value in values] != list(expected):
        return None
    return Activity._make(values)
