"""The one thread loop: work at an interval, at once when woken, never twice at a time."""

import threading
import time
from collections.abc import Callable


class Ticker:
    """A daemon thread that calls `work` at its start and then every `interval_s` seconds.

    A tick that falls due while `work` still runs is skipped; a `wake` in that time is not lost.
    What `work` raises goes to `on_error`, in that thread, and the loop goes on. Every method may
    be called from any thread.
    """

    def __init__(
        self,
        name: str,
        work: Callable[[], None],
        interval_s: float,
        on_error: Callable[[BaseException], None],
    ) -> None:
        self._work = work
        self._on_error = on_error
        self._interval_s = _checked(interval_s)
        self._condition = threading.Condition()
        self._due = time.monotonic()
        self._woken = self._paused = self._stopped = False
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)

    @property
    def interval_s(self) -> float:
        """Seconds from tick to tick. Setting it counts the new interval from now."""
        return self._interval_s

    @interval_s.setter
    def interval_s(self, seconds: float) -> None:
        with self._condition:
            self._interval_s = _checked(seconds)
            self._due = time.monotonic() + seconds
            self._condition.notify()

    @property
    def paused(self) -> bool:
        """No ticks. `wake` still works once. After a pause the next tick comes at once."""
        return self._paused

    @paused.setter
    def paused(self, paused: bool) -> None:
        with self._condition:
            if self._paused and not paused:
                self._due = time.monotonic()
            self._paused = paused
            self._condition.notify()

    def start(self) -> None:
        """Starts the thread, once. Raises RuntimeError the second time."""
        self._thread.start()

    def wake(self) -> None:
        """Work now, or again at once where it is at work. The next tick is an interval later."""
        with self._condition:
            self._woken = True
            self._condition.notify()

    def stop(self, timeout_s: float = 1.0) -> bool:
        """Ends the loop after the work at hand. True: it has ended; False: still at work then."""
        with self._condition:
            self._stopped = True
            self._condition.notify()
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _loop(self) -> None:
        while self._next():
            try:
                self._work()
            except Exception as error:  # noqa: BLE001 - whatever it is, on_error decides
                self._on_error(error)

    def _next(self) -> bool:
        """Waits until there is work (True) or the end of it (False)."""
        with self._condition:
            while not self._stopped:
                now = time.monotonic()
                if self._woken or (now >= self._due and not self._paused):
                    beat = now if self._woken else self._due
                    self._due = next_due(beat, now, self._interval_s)
                    self._woken = False
                    return True
                self._condition.wait(None if self._paused else self._due - now)
            return False


def next_due(due: float, now: float, interval_s: float) -> float:
    """The time after `now` on the beat of `due`, which has come; those missed are skipped."""
    missed = int((now - due) / interval_s)
    return due + (missed + 1) * interval_s


def _checked(seconds: float) -> float:
    if not seconds > 0:
        raise ValueError(f"an interval of {seconds} s is not above 0")
    return seconds
