"""The first poll, taken while the screen's modules are imported: they need as long."""

import threading
from concurrent.futures import Future

from shmtui.monitor.snapshot import Poller, Snapshot
from shmtui.sysv.errors import ShmError
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.inside import Inside, here


class Ahead:
    """A poller that has begun. What it found, or the error it met, comes out of `first`."""

    def __init__(self, inside: Inside = here) -> None:
        """`inside`: the IPC namespace that is polled."""
        self.inside = inside
        self.evidence = Evidence()
        self.poller = Poller(self.evidence, inside=inside)
        self._found: Future[Snapshot] = Future()
        threading.Thread(target=self._poll, name="first poll", daemon=True).start()

    def first(self) -> Snapshot:
        """Waits for it. Raises ShmError as Poller.poll does."""
        return self._found.result()

    def _poll(self) -> None:
        try:
            self._found.set_result(self.poller.poll())
        except ShmError as error:
            self._found.set_exception(error)
