"""Which segments were attached or detached since somebody last looked who maps them.

Every attach sets atime and lpid, every detach dtime and lpid (shm_open, shm_close in ipc/shm.c),
but in whole seconds: what happens in the second of a poll, after that poll, may leave the row as
it was. Such a segment is looked at once more.
"""

import threading
from collections.abc import Iterable

from shmtui.sysv.segment import Identity, Segment


def marks(row: Segment) -> tuple[int, int, int, int]:
    """What an attach or a detach changes in a row. Take one with our own attaches undone."""
    return row.nattch, row.lpid, row.atime, row.dtime


class Attachments:
    """Collects dirty segments from polls, hands them out for a scan. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._dirty: set[Identity] = set()
        self._recent: set[Identity] = set()

    def note(self, moved: Iterable[Segment], gone: Iterable[Identity], polled: float) -> None:
        """Takes the rows of a poll whose marks changed, new ones among them, and those that went.

        `polled`: Unix seconds before the table was read.
        """
        second = int(polled)
        rows = list(moved)
        with self._lock:
            self._dirty |= self._recent
            self._dirty.update(row.identity for row in rows)
            self._dirty.update(gone)
            self._recent = {row.identity for row in rows if max(row.atime, row.dtime) >= second}

    def again(self, identities: Iterable[Identity]) -> None:
        """These need another look: a scan did not come to its end."""
        with self._lock:
            self._dirty.update(identities)

    def take(self) -> set[Identity]:
        """The dirty ones, gone ones among them; from then on they are clean."""
        with self._lock:
            taken, self._dirty = self._dirty, set()
        return taken
