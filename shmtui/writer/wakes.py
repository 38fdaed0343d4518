"""What wakes a sleeping writer: its time, a signal, the end of its lifeline, input."""

import math
import os
import select
import signal
import time
from types import FrameType, TracebackType
from typing import Self

from shmtui.sysv.errors import BadArgument

STAY = b"stay"
"""A line said on the lifeline: run on after its end."""

_LONGEST_S = 3600.0
_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Wakes:
    """Turns signals and the lifeline into the fact `stopped`. Main thread only.

    The lifeline is a pipe whose other end the starter of the writer keeps open: at its end, which
    even a SIGKILL of the starter brings, the writer stops. An ignored signal stays ignored
    (nohup, a background job of a shell without job control).
    """

    def __init__(self, lifeline: int | None = None) -> None:
        if lifeline is not None:
            check_open(lifeline, f"lifeline {lifeline}")
        self._lifeline = lifeline
        self._heard = b""
        self.stopped = False
        self.signal: int | None = None
        """The signal that stopped it, if one did."""

    def __enter__(self) -> Self:
        self._woken, self._waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._wakeup_before = signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        self._before = {
            number: signal.signal(number, self._note)
            for number in _ENDINGS
            if signal.getsignal(number) is not signal.SIG_IGN
        }
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup_before)
        os.close(self._woken)
        os.close(self._waker)

    def wait(self, until: float, also: int | None = None) -> bool:
        """Sleeps to the monotonic time `until`, or less if stopped. True: `also` has input."""
        while not self.stopped:
            left_s = until - time.monotonic()
            # Asks also when it is late already: a writer that is always late must hear its end.
            if also in self._poll(max(0.0, left_s), also):
                return True
            if left_s <= 0:
                return False
        return False

    def _poll(self, timeout_s: float, also: int | None) -> set[int]:
        poll = select.poll()
        for descriptor in (self._woken, self._lifeline, also):
            if descriptor is not None:
                poll.register(descriptor, select.POLLIN)
        ready = {found for found, _ in poll.poll(math.ceil(min(timeout_s, _LONGEST_S) * 1000))}
        if self._woken in ready:
            os.read(self._woken, 512)
        if self._lifeline in ready:
            self._listen(self._lifeline)
        return ready

    def _listen(self, lifeline: int) -> None:
        words = os.read(lifeline, 512)
        *lines, self._heard = (self._heard + words)[-1024:].split(b"\n")
        if STAY in lines:
            self._lifeline = None
        elif not words:
            self.stopped = True

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.signal = number
        self.stopped = True


def check_open(descriptor: int, name: str) -> None:
    """Raises BadArgument where nothing is open under that number: the next pipe would take it."""
    try:
        os.fstat(descriptor)
    except OSError as error:
        raise BadArgument(f"{name}: {error.strerror}") from error
