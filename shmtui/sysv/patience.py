"""Looks into one process after the other, in a thread that is left behind where one hangs.

Opening or reading a process's maps, pagemap or arguments waits for locks of its memory (mm_access
in kernel/fork.c, m_start in fs/proc/task_mmu.c). A process that keeps one while a dead file server
does not answer makes everybody hang who looks.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, NamedTuple, TypeVar

from shmtui.sysv.errors import ShmError
from shmtui.sysv.inside import go_home

PATIENCE_S = 1.0
"""Seconds that one process may take. A large one that forks keeps its lock about so long."""

_T = TypeVar("_T")


class Hangs(ShmError):
    """A process cannot be looked into: the kernel does not answer."""


class Walk(NamedTuple):
    """How a walk ended."""

    complete: bool
    """False where the deadline came before the last process."""
    stuck: tuple[int, ...]
    """Processes that were not looked into: the kernel has not answered yet."""


def walk(
    pids: Iterable[int],
    look: Callable[[int], _T],
    take: Callable[[int, _T], bool],
    deadline_s: float,
    patience_s: float = PATIENCE_S,
) -> Walk:
    """`take(pid, look(pid))` for each pid, until one gives False: enough.

    `look` may hang and `take` not; `pids`, `look` and `take` are called in another thread, one at
    a time. A process that hangs it is passed over, here and in every later walk of this program,
    until the kernel answers: then it may be looked into again. Raises what they raise.
    """
    ahead = _Ahead(iter(pids), look, take, time.monotonic() + deadline_s)
    while True:
        worker = _Worker(ahead)
        if worker.finished(patience_s):
            if ahead.error is not None:
                raise ahead.error
            return Walk(ahead.complete, stuck())


def ask(pid: int, look: Callable[[int], _T], patience_s: float = PATIENCE_S) -> _T:
    """`look(pid)`. Raises Hangs, and what it raises."""
    answers: list[_T] = []

    def take(_: int, answer: _T) -> bool:
        answers.append(answer)
        return False

    if pid not in stuck():
        walk([pid], look, take, patience_s, patience_s)
    if not answers:
        raise Hangs(f"process {pid} hangs in the kernel: nobody can look into it until that ends")
    return answers[0]


def stuck() -> tuple[int, ...]:
    """Processes that hang somebody of this program who looked into them, ascending."""
    with _lock:
        return tuple(sorted({worker.pid for worker in _left_behind}))


class _Ahead(Generic[_T]):
    """What is still to be done, by one worker after the other."""

    def __init__(
        self,
        pids: Iterator[int],
        look: Callable[[int], _T],
        take: Callable[[int, _T], bool],
        end: float,
    ) -> None:
        self.pids = pids
        self.look = look
        self.take = take
        self.end = end
        self.complete = True
        self.error: Exception | None = None


class _Worker(Generic[_T]):
    """A thread that walks on until it is done or left behind."""

    def __init__(self, ahead: _Ahead[_T]) -> None:
        self._ahead = ahead
        self._done = threading.Event()
        self._left = False
        self.pid = 0
        self._since = time.monotonic()
        threading.Thread(target=self._run, name="looks into processes", daemon=True).start()

    def finished(self, patience_s: float) -> bool:
        """Waits. False: it hangs, and was left behind."""
        while not self._done.wait(self._left_of(patience_s)):
            with _lock:
                if self.pid and self._left_of(patience_s) == 0.0:
                    self._left = True
                    _left_behind.add(self)
                    return False
        return True

    def _left_of(self, patience_s: float) -> float:
        """Seconds, of which only a look takes some."""
        return max(self._since + patience_s - time.monotonic(), 0.0) if self.pid else patience_s

    def _run(self) -> None:
        try:
            go_home()  # left behind, it would keep another IPC namespace with all of its memory
            self._walk()
        except Exception as error:  # noqa: BLE001 - it is raised again where somebody waits
            if self._still_wanted():
                self._ahead.error = error
        self._done.set()

    def _walk(self) -> None:
        # For hundreds of processes, what stands around their looks should cost little beside them.
        ahead, behind = self._ahead, stuck()
        look, take, end, clock = ahead.look, ahead.take, ahead.end, time.monotonic
        for pid in ahead.pids:
            if pid in behind:
                continue
            self._since = clock()
            if self._since > end:
                ahead.complete = False
                return
            self.pid = pid
            answer = look(pid)
            with _lock:
                self.pid = 0
            if self._left:
                self._still_wanted()
                return
            if not take(pid, answer):
                return

    def _still_wanted(self) -> bool:
        """The kernel has answered. False: too late."""
        with _lock:
            self.pid = 0
            if self._left:
                _left_behind.discard(self)
            return not self._left


_lock = threading.Lock()
_left_behind: set[_Worker[Any]] = set()
