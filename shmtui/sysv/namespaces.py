"""The other IPC namespaces of the machine: whose they are, and the segments in them.

No descriptor to another namespace, nor to its table, outlives a call: it would keep all memory of
a container that has ended.
"""

import ctypes
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar

from shmtui.sysv import container, maps, patience
from shmtui.sysv.errors import NotAllowed, NotThere, ShmError
from shmtui.sysv.listing import Listing, Table, namespace
from shmtui.sysv.processes import ProcessTable, listed
from shmtui.sysv.segment import Segment
from shmtui.sysv.users import user_name

_CLONE_NEWIPC = 0x08000000
_LOOK_S = 5.0

_T = TypeVar("_T")


class Namespace(NamedTuple):
    """An IPC namespace, as seen at one moment."""

    inode: int
    """What `/proc/PID/ns/ipc` shows; `Identity.namespace` of its segments."""
    pids: tuple[int, ...]
    """Its processes that we may see, ascending."""
    name: str
    """The container's, from the first process's cgroup; else that process's command. Foreign."""
    command: str
    """The kernel's short name of the first process, raw: foreign text; empty where it has ended."""
    user: str
    """Name of the first process's user; empty where it has ended."""

    def __str__(self) -> str:
        """The name that messages use: `IPC namespace 4026532249`."""
        return f"IPC namespace {self.inode}"


def other_namespaces() -> list[Namespace]:
    """Those of other processes than ours, by their first pid. Raises ShmError.

    Of another user's process it can be told only with CAP_SYS_PTRACE (namespaces(7)); one that no
    process is in (kept by a bind mount) cannot be found. Processes that hang who looks are left
    out (see sysv.patience).
    """
    members = _members()
    members.pop(namespace(), None)
    processes = _processes(pids[0] for pids in members.values())
    named = [_named(inode, pids, processes) for inode, pids in members.items()]
    return sorted(named, key=lambda it: it.pids)


def segments_of(where: Namespace) -> list[Segment]:
    """Every segment there, in the table's order. Pids are as our pid namespace sees them.

    Raises NotAllowed without CAP_SYS_ADMIN, NotThere where the namespace has ended, ShmError.
    """
    return list(NamespaceTable(where).read().segments.values())


class NamespaceTable(Table):
    """The table of another namespace, to be read again and again, as by a Poller. Not thread-safe.

    Each reading enters the namespace anew and leaves it: where that ends, its memory goes.
    """

    def __init__(self, where: Namespace) -> None:
        super().__init__()
        self._where = where

    def read(self) -> Listing:
        """As Table.read. Raises as segments_of."""
        return within(self._where, super().read)


def within(where: Namespace, work: Callable[[], _T]) -> _T:
    """What `work` gives in a thread that is in that IPC namespace, and ends with it.

    Raises NotAllowed, NotThere and ShmError as segments_of, and what `work` raises.
    """

    def enter_and_work() -> _T:
        _enter(where)
        return work()

    with ThreadPoolExecutor(1, "in another IPC namespace") as pool:
        return pool.submit(enter_and_work).result()


def _enter(where: Namespace) -> None:
    descriptor = _open(where)
    try:
        _setns(descriptor)
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
        descriptor = _first_open(_members().get(where.inode, ()), where.inode)
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


def _setns(descriptor: int) -> None:
    """setns(2), of the calling thread alone. Raises OSError."""
    if sys.version_info >= (3, 12):
        os.setns(descriptor, _CLONE_NEWIPC)
    elif ctypes.CDLL(None, use_errno=True).setns(descriptor, _CLONE_NEWIPC):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def _members() -> dict[int, tuple[int, ...]]:
    """The pids of each namespace, ascending. Raises ShmError."""
    found: dict[int, list[int]] = defaultdict(list)

    def take(pid: int, inode: int) -> bool:
        if inode:
            found[inode].append(pid)
        return True

    patience.walk(sorted(listed()), _namespace_of, take, _LOOK_S)
    return {inode: tuple(members) for inode, members in found.items()}


def _namespace_of(pid: int) -> int:
    """0: it has ended, or we may not look."""
    try:
        return maps.namespace_of(pid)
    except (PermissionError, FileNotFoundError, ProcessLookupError):
        return 0


def _processes(pids: Iterable[int]) -> ProcessTable:
    processes = ProcessTable()
    processes.refresh()
    processes.load(pids)
    return processes


def _named(inode: int, pids: Sequence[int], processes: ProcessTable) -> Namespace:
    first = processes.alive(pids[0])
    command = first.command if first else ""
    name = container.name_of(pids[0]) or command
    return Namespace(inode, tuple(pids), name, command, user_name(first.uid) if first else "")
