"""The activity log: everything that the program changed, or tried to, in lines of JSON."""

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from shmtui.store import logs
from shmtui.store.paths import StoreError, activity_path
from shmtui.sysv.users import user_name


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
    """Adds one line an act. A log that cannot be written is said once, and stops nothing."""

    def __init__(self, say: Callable[[str], None], path: Path | None = None) -> None:
        self._say = say
        self._path = path
        self._said = False

    def record(self, what: str, segment: str, result: str) -> None:
        """Writes what was done to `segment`, now, by this process. Looks up the user's name, which
        can wait for a directory server: not on a UI thread."""
        now = datetime.now().astimezone().isoformat(timespec="milliseconds")
        activity = Activity(now, what, segment, user_name(os.getuid()), os.getpid(), result)
        try:
            logs.append(self._path or activity_path(), activity._asdict())
        except StoreError as error:
            self._complain(f"the activity log is not kept: {error}")

    def _complain(self, words: str) -> None:
        if not self._said:
            self._said = True
            self._say(words)
