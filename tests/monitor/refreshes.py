"""What tests of the reader share: an application around it, whose refreshes are a second apart."""

import pytest

from shmtui.monitor.reader import Reader
from shmtui.monitor.reading import WindowRead, WindowRequest
from shmtui.sysv.content import Consent, can_peek
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.listing import Table
from shmtui.sysv.segment import Segment
from tests.sysv.rows import segment

needs_peek = pytest.mark.skipif(not can_peek(), reason="needs root in the initial user namespace")


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Pane:
    """A reader, and what the application does around it: each refresh with the row of a poll."""

    def __init__(self, shmid: int, consent: Consent = Consent.TRACELESS) -> None:
        self.clock = Clock()
        self.evidence = Evidence()
        self.reader = Reader(self.evidence, clock=self.clock)
        self.identity = segment(shmid).identity
        self.consent = consent

    def row(self) -> Segment | None:
        with self.evidence.lock:
            return Table().read().segments.get(self.identity)

    def read(self, offset: int = 0, length: int = 16, *pids: int) -> WindowRead:
        """One refresh, a second after the one before."""
        self.clock.now += 1
        request = WindowRequest(self.identity, offset, length, self.consent, generation=7)
        return self.reader.read(request, self.row(), pids)

    def watch(self, *watched: tuple[int, int], offset: int = 0, length: int = 16) -> WindowRead:
        """A refresh that also reads these bytes (offset, length)."""
        self.clock.now += 1
        request = WindowRequest(self.identity, offset, length, self.consent, 7, watched)
        return self.reader.read(request, self.row())


def data(read: WindowRead) -> bytes:
    assert read.refusal is None, read.refusal
    assert read.window is not None
    return read.window.data
