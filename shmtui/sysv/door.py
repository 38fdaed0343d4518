"""A door that work goes through on any thread, and that is shut while the program is stopped."""

import contextlib
import threading
from collections.abc import Iterator


class Door:
    """Open from the start. Who is behind it must not go through it again."""

    def __init__(self) -> None:
        self._moved = threading.Condition()
        self._behind = 0
        self._is_shut = False

    @contextlib.contextmanager
    def through(self) -> Iterator[None]:
        """Behind it until the end. Waits while it is shut."""
        with self._moved:
            self._moved.wait_for(lambda: not self._is_shut)
            self._behind += 1
        try:
            yield
        finally:
            with self._moved:
                self._behind -= 1
                self._moved.notify_all()

    def shut(self, wait_s: float) -> None:
        """Lets nobody through any more, and waits until all are back, though not for longer."""
        with self._moved:
            self._is_shut = True
            self._moved.wait_for(lambda: not self._behind, wait_s)

    def open(self) -> None:
        """Lets them through again."""
        with self._moved:
            self._is_shut = False
            self._moved.notify_all()
