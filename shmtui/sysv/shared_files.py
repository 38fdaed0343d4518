"""Shared memory without a name in any directory: memfd, and what is mapped shared and anonymous.

It lies on the kernel's internal tmpfs, as segments do, so no mount shows it: only the processes
that have it open or mapped do (mm/shmem.c, mm/memfd.c).
"""

import os
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from shmtui.sysv.patience import PATIENCE_S, walk
from shmtui.sysv.processes import ProcessTable, listed

_MAPPED = re.compile(
    r"^([0-9a-f]+-[0-9a-f]+) \S+ \S+ ([0-9a-f]+):([0-9a-f]+) ([0-9]+) +"
    r"(/memfd:.*|/dev/zero) \(deleted\)$",
    re.MULTILINE,
)


class SharedFile(NamedTuple):
    """One piece of memory that processes share."""

    kind: str
    """`memfd` or `anonymous` (MAP_SHARED | MAP_ANONYMOUS)."""
    name: str
    """What memfd_create(2) was given, raw: foreign text; empty for anonymous memory."""
    size: int | None
    """Bytes that it takes, those that are swapped out too; None: it is only mapped, and we may
    not look through the mapping."""
    pids: tuple[int, ...]
    """Ascending."""
    command: str
    """Of the first of them, raw; empty where it ended meanwhile."""


class Count(NamedTuple):
    """What one look at all processes found."""

    files: tuple[SharedFile, ...]
    """The largest first."""
    unreadable: int
    """Processes that we may not look into."""
    complete: bool
    """False where the deadline came first."""
    stuck: tuple[int, ...] = ()
    """Processes that hang who looks (see sysv.patience). Left out."""


class _Key(NamedTuple):
    """Anonymous memory, memfds and segments may have the same inode, but not the name too."""

    inode: int
    name: str


_Sizes = dict[_Key, int | None]
"""Bytes of each that a process has open or mapped, as SharedFile.size."""


def count_shared_files(deadline_s: float = 2.0, patience_s: float = PATIENCE_S) -> Count:
    """Looks through the descriptors and mappings of all processes; it touches no memory.

    A process that hangs the look for `patience_s` seconds is left out. Raises ShmError where /proc
    cannot be listed.
    """
    device = _internal_device()
    found = _Found()
    ended = walk(listed(), lambda pid: _shared_by(pid, device), found.take, deadline_s, patience_s)
    files = sorted(found.files(), key=lambda file: (-(file.size or 0), file.pids))
    return Count(tuple(files), found.unreadable, *ended)


class _Found:
    """What the processes have, put together."""

    def __init__(self) -> None:
        self._sizes: _Sizes = {}
        self._pids: defaultdict[_Key, list[int]] = defaultdict(list)
        self.unreadable = 0

    def take(self, pid: int, sizes: _Sizes | None) -> bool:
        """None: we may not look into it. True: go on."""
        if sizes is None:
            self.unreadable += 1
            return True
        for key, size in sizes.items():
            if self._sizes.get(key) is None:
                self._sizes[key] = size
            self._pids[key].append(pid)
        return True

    def files(self) -> Iterator[SharedFile]:
        processes = ProcessTable()
        processes.refresh()
        processes.load(min(pids) for pids in self._pids.values())
        for key, pids in self._pids.items():
            _, is_memfd, name = key.name.partition("/memfd:")
            first = processes.alive(min(pids))
            yield SharedFile(
                "memfd" if is_memfd else "anonymous",
                name,
                self._sizes[key],
                tuple(sorted(pids)),
                first.command if first else "",
            )


def _internal_device() -> int:
    """The file system of memfds and anonymous memory, by an empty one of our own."""
    descriptor = os.memfd_create("shmtui")
    try:
        return os.fstat(descriptor).st_dev
    finally:
        os.close(descriptor)


def _shared_by(pid: int, device: int) -> _Sizes | None:
    """What one process has; None: we may not look. One that ended meanwhile has nothing."""
    try:
        return _mapped_ones(pid, device) | _open_ones(pid, device)
    except PermissionError:
        return None
    except (FileNotFoundError, ProcessLookupError):
        return {}


def _open_ones(pid: int, device: int) -> _Sizes:
    place = f"/proc/{pid}/fd"
    sizes: _Sizes = {}
    for descriptor in os.listdir(place):
        path = f"{place}/{descriptor}"
        try:
            name = os.readlink(path)
            found = os.stat(path) if name.startswith("/memfd:") else None
        except FileNotFoundError:  # closed meanwhile
            continue
        if found and found.st_dev == device:  # else it lies in huge pages: no part of Shmem
            sizes[_Key(found.st_ino, name.removesuffix(" (deleted)"))] = found.st_blocks * 512
    return sizes


def _mapped_ones(pid: int, device: int) -> _Sizes:
    with open(f"/proc/{pid}/maps", encoding="utf-8", errors="surrogateescape") as file:
        text = file.read()
    sizes: _Sizes = {}
    for addresses, major, minor, inode, name in _MAPPED.findall(text):
        key = _Key(int(inode), name)
        if os.makedev(int(major, 16), int(minor, 16)) == device and sizes.get(key) is None:
            sizes[key] = _size_by_mapping(pid, addresses)
    return sizes


def _size_by_mapping(pid: int, addresses: str) -> int | None:
    """Bytes of the file behind a mapping; None: not allowed (proc_pid_map_files(5)), or gone."""
    try:
        return os.stat(f"/proc/{pid}/map_files/{addresses}").st_blocks * 512
    except (PermissionError, FileNotFoundError):
        return None
