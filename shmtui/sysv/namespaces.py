"""The other IPC namespaces of the machine: whose they are, and the segments in them.

No descriptor to another namespace, nor to its table, outlives a call: it would keep all memory of
a container that has ended.
"""

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

from shmtui.sysv import container, maps, patience
from shmtui.sysv.errors import NotAllowed, NotThere, ShmError
from shmtui.sysv.initial import INITIAL
from shmtui.sysv.inside import DOOR, Inside, enter
from shmtui.sysv.listing import own_namespace, segments
from shmtui.sysv.processes import ProcessTable, listed
from shmtui.sysv.segment import Segment
from shmtui.sysv.users import user_name

_LOOK_S = 5.0
_ENDED, _HIDDEN = 0, -1
"""No inode: the process is gone, or we may not look."""

_T = TypeVar("_T")


class Namespace(NamedTuple):
    """An IPC namespace, as seen at one moment."""

    inode: int
    """What `/proc/PID/ns/ipc` shows; `Identity.namespace` of its segments."""
    pids: tuple[int, ...]
    """Its processes that we may see, ascending."""
    name: str
    """`initial namespace`; else the container's, from the first process's cgroup; else that
    process's command. Foreign."""
    command: str
    """The kernel's short name of the first process, raw: foreign text; empty where it has ended."""
    user: str
    """Name of the first process's user; empty where it has ended."""

    def __str__(self) -> str:
        """The name that messages use: `IPC namespace 4026532249`."""
        return f"IPC namespace {self.inode}"


class Others(NamedTuple):
    """The IPC namespaces of other processes than ours."""

    namespaces: tuple[Namespace, ...]
    """By their first pid."""
    hidden: int
    """Processes that may be in further ones: whose namespace we may not ask for."""


def other_namespaces() -> Others:
    """Those that are seen. Raises ShmError.

    Of another user's process it can be told only with CAP_SYS_PTRACE (namespaces(7)); one that no
    process is in (kept by a bind mount) cannot be found. Processes that hang who looks are left
    out (see sysv.patience).
    """
    members, hidden = _members()
    members.pop(own_namespace(), None)
    processes = _processes(pids[0] for pids in members.values())
    named = [_named(inode, pids, processes) for inode, pids in members.items()]
    return Others(tuple(sorted(named, key=lambda it: it.pids)), hidden)


def segments_of(where: Namespace) -> list[Segment]:
    """Every segment there, in the table's order. Pids are as our pid namespace sees them.

    Raises as `inside`.
    """
    return inside(where)(segments)


def inside(where: Namespace) -> Inside:
    """Does work in that namespace, in a thread that enters it and ends with the work: where it
    ends meanwhile, its memory goes.

    The work must leave nothing open that it opened there, and attach nothing. Doing it raises
    NotAllowed without CAP_SYS_ADMIN, NotThere where the namespace has ended, ShmError, and what
    the work raises.
    """

    def do(work: Callable[[], _T]) -> _T:
        def enter_and_work() -> _T:
            _enter(where)
            return work()

        with DOOR.through(), ThreadPoolExecutor(1, "in another IPC namespace") as pool:
            return pool.submit(enter_and_work).result()

    return do


def _enter(where: Namespace) -> None:
    descriptor = _open(where)
    try:
        enter(descriptor)
    except PermissionError as error:
        raise NotAllowed(f"{where}: to look into it takes CAP_SYS_ADMIN. Run as root.") from error
    except OSError as error:
        raise ShmError(f"{where}: {error.strerror}") from error
    finally:
        os.close(descriptor)


def _open(where: Namespace) -> int:
    """Through any process that is in it: those known, or those that came after. Raises NotThere."""
    descriptor = _first_open(where.pids, where.inode)
    if descriptor is None:
        descriptor = _first_open(_members()[0].get(where.inode, ()), where.inode)
    if descriptor is not None:
        return descriptor
    raise NotThere(f"{where} has ended, or we may see none of its processes")


def _first_open(pids: Iterable[int], inode: int) -> int | None:
    descriptors = (_open_of(pid, inode) for pid in pids)
    return next((it for it in descriptors if it is not None), None)


def _open_of(pid: int, inode: int) -> int | None:
    """None: the process has ended, is in another one, or may not be looked at."""
    if pid in patience.stuck():
        return None
    try:
        descriptor = os.open(f"/proc/{pid}/ns/ipc", os.O_RDONLY | os.O_CLOEXEC)
    except (PermissionError, FileNotFoundError, ProcessLookupError):
        return None
    if os.fstat(descriptor).st_ino == inode:
        return descriptor
    os.close(descriptor)
    return None


def _members() -> tuple[dict[int, tuple[int, ...]], int]:
    """The pids of each namespace, ascending, and of how many it cannot be told. Raises ShmError."""
    found: dict[int, list[int]] = defaultdict(list)

    def take(pid: int, inode: int) -> bool:
        found[inode].append(pid)
        return True

    patience.walk(sorted(listed()), _namespace_of, take, _LOOK_S)
    found.pop(_ENDED, None)
    hidden = found.pop(_HIDDEN, [])
    return {inode: tuple(members) for inode, members in found.items()}, len(hidden)


def _namespace_of(pid: int) -> int:
    """An inode, or one of the two below it."""
    try:
        return maps.namespace_of(pid)
    except PermissionError:
        return _HIDDEN
    except (FileNotFoundError, ProcessLookupError):
        return _ENDED


def _processes(pids: Iterable[int]) -> ProcessTable:
    processes = ProcessTable()
    processes.refresh()
    processes.load(pids)
    return processes


def _named(inode: int, pids: Sequence[int], processes: ProcessTable) -> Namespace:
    first = processes.alive(pids[0])
    command = first.command if first else ""
    name = "initial namespace" if inode == INITIAL["ipc"] else container.name_of(pids[0]) or command
    return Namespace(inode, tuple(pids), name, command, user_name(first.uid) if first else "")
