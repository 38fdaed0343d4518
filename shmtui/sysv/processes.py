"""Which of the pids that the table names still live: one look at /proc for each poll."""

import contextlib
import enum
import os
import time
from collections.abc import Iterable, Iterator, Set
from typing import NamedTuple

from shmtui.sysv.errors import ShmError
from shmtui.sysv.patience import stuck, walk

_TICKS = os.sysconf("SC_CLK_TCK")
_LOAD_S = 5.0


class Process(NamedTuple):
    """A living process, as far as a verdict needs it."""

    pid: int
    start: float
    """Unix seconds, to about 0.01 s; it moves when the clock is set."""
    uid: int
    """Effective user: what a segment's creator is compared with."""
    command: str
    """`comm`, at most 15 bytes, raw: foreign text."""
    state: str
    """"T" stopped, "t" traced, "Z" its main thread has ended while others run; else empty
    (running and sleeping change faster than anyone looks)."""


class Absence(enum.Enum):
    """Why there is no Process for a pid."""

    GONE = "gone"
    """No such process; perhaps now the id of another process's thread."""
    ZOMBIE = "zombie"
    """Ended, not yet waited for: it maps nothing any more."""
    HIDDEN = "hidden"
    """There is one, and its facts may not be read (hidepid, proc(5)), or the kernel does not answer
    (see sysv.patience)."""
    ELSEWHERE = "elsewhere"
    """/proc is that of another pid namespace: who has the pid there is somebody else."""


def listed() -> list[int]:
    """The pids of all processes that /proc shows, in its order. Raises ShmError without /proc."""
    with _in_words():
        return [int(name) for name in os.listdir("/proc") if name.isdecimal()]


def command(pid: int) -> str:
    """Its `comm`, as Process has it, but now. It may hang: see sysv.patience.

    Raises OSError: ENOENT or ESRCH where it is gone, EACCES where it is hidden.
    """
    return _text(f"/proc/{pid}/comm")[:-1].decode(errors="surrogateescape")


def effective_user(pid: int) -> int:
    """Its user id, as Process has it, but now. Raises OSError as `command` does."""
    # So of a process that may not be dumped too, whose files are root's (task_dump_owner in
    # fs/proc/base.c); and it costs a small part of what /proc/PID/status does.
    return os.stat(f"/proc/{pid}").st_uid


class ProcessTable:
    """Look-ups by pid, each cached until the next `refresh`. Not thread-safe.

    Reads `/proc/PID/stat` only for pids that are asked for. The very same Process comes back while
    nothing of it changed.
    """

    def __init__(self) -> None:
        self._listed: frozenset[int] = frozenset()
        self._found: dict[int, Process | Absence] = {}
        self._before: dict[int, Process | Absence] = {}
        self._boot = 0.0
        self._elsewhere = False
        self._own_init = False

    def refresh(self) -> None:
        """Looks which processes there are: one listdir("/proc"). Raises ShmError without /proc."""
        self._listed = frozenset(listed())
        self._before, self._found = self._found, {}
        me = os.geteuid()
        with _in_words():
            self._elsewhere = os.readlink("/proc/self") != str(os.getpid())
            self._own_init = me != 0 and 1 in self._listed and os.stat("/proc/1").st_uid == me
        boot = time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)
        if abs(boot - self._boot) > 0.1:  # the clock was set; less is the jitter of two readings
            self._boot = boot

    def pids(self) -> frozenset[int]:
        """All that /proc listed at the last refresh."""
        return self._listed

    def load(self, pids: Iterable[int]) -> None:
        """Looks at all of these now, so that none of them can hang who asks for it later.

        A process in the midst of an exec may keep those waiting who read its stat (seen on 6.18).
        """
        wanted = (self._listed & set(pids)) - self._found.keys()
        if wanted:
            walk(wanted, self._look, self._keep, _LOAD_S)

    def look(self, pid: int) -> Process | Absence:
        """The process `pid` of our pid namespace, or why there is none."""
        return Absence.ELSEWHERE if self._elsewhere else self._cached(pid)

    def alive(self, pid: int) -> Process | None:
        """The process that /proc lists as `pid`; None: gone (no such process, a zombie, a thread's
        id) or hidden."""
        found = self._cached(pid)
        return found if isinstance(found, Process) else None

    def present(self, pids: Set[int]) -> Set[int]:
        """Those of `pids` that may be there; of all others `look` says GONE."""
        return pids & self._listed if self._sees_all() and not self._elsewhere else pids

    def _sees_all(self) -> bool:
        """Where pid 1 is not listed, others' processes are hidden (hidepid, proc(5)). Where it is
        our own, as in a container, it shows nothing of theirs."""
        return 1 in self._listed and not self._own_init

    def _cached(self, pid: int) -> Process | Absence:
        found = self._found.get(pid)
        if found is None:
            found = Absence.HIDDEN if pid in stuck() else self._look(pid)
            self._found[pid] = found
        return found

    def _keep(self, pid: int, found: Process | Absence) -> bool:
        self._found[pid] = found
        return True

    def _look(self, pid: int) -> Process | Absence:
        if pid not in self._listed:
            return self._unlisted(pid)
        try:
            new = self._read(pid)
        except PermissionError:
            return Absence.HIDDEN
        except (FileNotFoundError, ProcessLookupError):
            return Absence.GONE
        old = self._before.get(pid)
        return old if old == new and old is not None else new

    def _unlisted(self, pid: int) -> Absence:
        """A thread's id is not listed either; where others' processes are, that means gone."""
        if self._sees_all() or not 0 < pid < 2**31:
            return Absence.GONE
        try:
            os.kill(pid, 0)
        except PermissionError:
            return Absence.HIDDEN
        except ProcessLookupError:
            return Absence.GONE
        # Ours to signal, and not listed: the id of a thread, which may be looked at. What may not
        # is one of our own that nobody may trace (an agent, what was setuid).
        return Absence.GONE if os.path.exists(f"/proc/{pid}") else Absence.HIDDEN

    def _read(self, pid: int) -> Process | Absence:
        # A name may hold spaces and brackets, so the last bracket ends it.
        head, _, tail = _text(f"/proc/{pid}/stat").rpartition(b")")
        fields = tail.split()
        state, threads, start = fields[0], int(fields[17]), int(fields[19])
        if state in (b"Z", b"X") and threads <= 1:
            return Absence.ZOMBIE
        command = head.partition(b"(")[2].decode(errors="surrogateescape")
        return Process(
            pid,
            self._boot + start / _TICKS,
            effective_user(pid),
            command,
            state.decode() if state in (b"T", b"t", b"Z") else "",
        )


def _text(path: str) -> bytes:
    """A short file of /proc."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)  # a file object adds a third to it
    try:
        return os.read(descriptor, 2048)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _in_words() -> Iterator[None]:
    """An OSError inside becomes a ShmError."""
    try:
        yield
    except OSError as error:
        raise ShmError(f"the processes cannot be listed: {error.strerror}") from error
