"""Work that reads a whole segment: on a thread of its own, one at a time, told of and cancelled."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from typing import Any, NamedTuple

from textual.message import Message

from shmtui.sysv.door import Door
from shmtui.sysv.errors import ShmError

JOIN_S = 5.0
"""For how long the end of the program waits for a job to clean up."""

Steps = Callable[[], Generator[Any, None, None]]
"""Called on the job's thread. It yields what it found and how far it is; closing it cancels it."""


_OVER = object()


class Job(NamedTuple):
    """What is to be done, and who is told of it on the screen's thread."""

    name: str
    """As a person reads it: `Search`."""
    steps: Steps
    stepped: Callable[[Any], None]
    ended: Callable[[JobEnd], None]


class JobEnd(NamedTuple):
    """How a job ended: no words and not cancelled, it is done."""

    words: str = ""
    """What went wrong."""
    cancelled: bool = False


class JobStepped(Message):
    """A job has got on."""

    def __init__(self, job: Job, step: Any) -> None:
        super().__init__()
        self.job = job
        self.step = step


class JobEnded(Message):
    """A job is over."""

    def __init__(self, job: Job, end: JobEnd) -> None:
        super().__init__()
        self.job = job
        self.end = end


class Jobs:
    """`post` must be safe to call from any thread. All else is for the screen's thread."""

    def __init__(self, post: Callable[[Message], object]) -> None:
        self._post = post
        self._job: Job | None = None
        self._latest: Job | None = None
        """The last one that was started."""
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        """Also of those that were cancelled and still clean up."""
        self.door = Door()
        """To each step, in which the content is open; shut, no job goes on."""

    @property
    def running(self) -> str:
        """Name of the job under way; empty: none."""
        return self._job.name if self._job else ""

    def start(self, job: Job) -> None:
        """Begin this one. The one under way is cancelled, and told so unless its name is the same:
        a search that takes the place of a search.
        """
        self.cancel()
        self._job = self._latest = job
        self._stop = threading.Event()
        # A daemon: a kernel call that hangs must not keep the program from ending.
        thread = threading.Thread(
            target=self._run, args=(job, self._stop), name=job.name, daemon=True
        )
        self._threads = [*filter(threading.Thread.is_alive, self._threads), thread]
        thread.start()

    def cancel(self) -> bool:
        """Have the job under way end as soon as it can; False: there is none."""
        if self._job is None:
            return False
        self._stop.set()
        self._job = None
        return True

    def stepped(self, message: JobStepped) -> None:
        """Hand on what a job found, unless it was cancelled."""
        if message.job is self._job:
            message.job.stepped(message.step)

    def ended(self, message: JobEnded) -> None:
        """Hand on how a job ended, unless another one of its name has taken its place."""
        job, latest = message.job, self._latest
        if job is self._job:
            self._job = None
        if latest is None or job is latest or job.name != latest.name:
            job.ended(message.end)

    def close(self) -> None:
        """Cancel, and wait for all threads: they may have to remove a file. Not on the screen's."""
        self._stop.set()
        self.door.open()
        until = time.monotonic() + JOIN_S
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _run(self, job: Job, stop: threading.Event) -> None:
        words = ""
        try:
            self._walk(job, stop)
        except ShmError as error:
            words = str(error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            words = f"{type(error).__name__}: {error}"
        self._post(JobEnded(job, JobEnd(words, stop.is_set())))

    def _walk(self, job: Job, stop: threading.Event) -> None:
        steps = job.steps()
        try:
            while (step := self._next(steps)) is not _OVER and not stop.is_set():
                self._post(JobStepped(job, step))
        finally:
            steps.close()

    def _next(self, steps: Generator[Any, None, None]) -> Any:
        with self.door.through():
            return next(steps, _OVER)
