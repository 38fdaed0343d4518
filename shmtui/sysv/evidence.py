"""What our own attaches overwrote in a segment's row, so that we never take it for evidence."""

import contextlib
import math
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from shmtui.sysv.segment import Identity, Segment
from shmtui.sysv.status import look
from shmtui.sysv.window import Gone


class _Marks(NamedTuple):
    """What an attach and its detach overwrite (ipc/shm.c, shm_open and shm_close)."""

    lpid: int
    atime: int
    dtime: int


class _Saved(NamedTuple):
    original: _Marks
    ours: _Marks


class Evidence:
    """Memory of the last pid and times that our attaches replaced. Thread-safe.

    `lock` is held during an attach of ours. Whoever reads the table under it never sees us
    attached, and never a half of what our attach changes.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._saved: dict[Identity, _Saved] = {}
        self._attaches: Counter[Identity] = Counter()
        self._when: dict[Identity, float] = {}

    @contextlib.contextmanager
    def attaching(self, segment: Segment) -> Iterator[Segment]:
        """Attach and detach inside; gives the row as it is just before.

        Raises Gone, NotAllowed or ShmError where the row cannot be looked at; nothing should be
        attached then.
        """
        with self.lock:
            before = look(segment)
            try:
                yield before
            finally:
                self._note(segment, before)

    def original(self, segment: Segment) -> Segment:
        """The row with what our attaches overwrote put back, while it still shows them.

        The very same object where it shows another hand.
        """
        with self.lock:
            saved = self._saved.get(segment.identity)
        if saved is None or _marks(segment) != saved.ours:
            return segment
        return segment._replace(**saved.original._asdict())

    def attaches(self, identity: Identity) -> int:
        """How often we attached to it, as far as its row told."""
        with self.lock:
            return self._attaches[identity]

    def since_attach(self, identity: Identity) -> float:
        """Seconds since we last attached to it; infinite where we did not."""
        with self.lock:
            return time.monotonic() - self._when.get(identity, -math.inf)

    def _note(self, segment: Segment, before: Segment) -> None:
        """Remembers what the row shows now, if it is ours and not another's that came between."""
        self._when[segment.identity] = time.monotonic()
        try:
            after = look(segment)
        except Gone:
            self._saved.pop(segment.identity, None)
            return
        if after.lpid == os.getpid():
            original = _marks(self.original(before))
            self._saved[segment.identity] = _Saved(original, _marks(after))
            self._attaches[segment.identity] += 1


def _marks(row: Segment) -> _Marks:
    return _Marks(row.lpid, row.atime, row.dtime)
