"""Shared memory without a name in any directory: memfd, and what is mapped shared and anonymous.

It lies on the kernel's internal tmpfs, as segments do, so no mount shows it: only the processes
that have it open or mapped do (mm/shmem.c, mm/memfd.c).
"""

import os
import re
import stat
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from shmtui.sysv.errors import ShmError
from shmtui.sysv.processes import ProcessTable

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


class _Key(NamedTuple):
    inode: int
    name: str
    """The link's. Anonymous memory, memfds and segments may have the same inode."""


class _Seen(NamedTuple):
    key: _Key
    size: int | None
    pid: int


def count_shared_files(deadline_s: float = 2.0) -> Count:
    """Looks through the descriptors and mappings of all processes; it touches no memory.

    Reading a process's maps can wait for its memory lock: this returns after the deadline all the
    same. Raises ShmError where /proc cannot be listed.
    """
    walk = _Walk(_pids(), time.monotonic() + deadline_s)
    # A daemon: one that is stuck in the kernel must not hold up the program's end.
    thread = threading.Thread(target=walk.run, name="shared files", daemon=True)
    thread.start()
    thread.join(deadline_s)
    files = sorted(_files(tuple(walk.seen)), key=lambda file: -(file.size or 0))
    return Count(tuple(files), walk.unreadable, walk.complete)


class _Walk:
    """One look under way in a thread of its own; `seen` may be copied meanwhile."""

    def __init__(self, pids: list[int], end: float) -> None:
        self._pids = pids
        self._end = end
        self._device = _internal_device()
        self._sizes: dict[_Key, int | None] = {}
        self.seen: list[_Seen] = []
        self.unreadable = 0
        self.complete = False

    def run(self) -> None:
        for pid in self._pids:
            if time.monotonic() > self._end:
                return
            try:
                self._open_ones(pid)
                self._mapped_ones(pid)
            except PermissionError:
                self.unreadable += 1
            except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
                continue
        self.complete = True

    def _open_ones(self, pid: int) -> None:
        place = f"/proc/{pid}/fd"
        for descriptor in os.listdir(place):
            path = f"{place}/{descriptor}"
            try:
                target = os.readlink(path)
                if target.startswith("/memfd:"):
                    self._note(pid, path, target.removesuffix(" (deleted)"))
            except FileNotFoundError:  # closed meanwhile
                continue

    def _note(self, pid: int, path: str, name: str) -> None:
        found = os.stat(path)
        if found.st_dev == self._device:  # else it lies in huge pages, which Shmem leaves out
            key = _Key(found.st_ino, name)
            self._sizes[key] = _bytes(found)
            self.seen.append(_Seen(key, self._sizes[key], pid))

    def _mapped_ones(self, pid: int) -> None:
        path = f"/proc/{pid}/maps"
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            text = file.read()
        for addresses, major, minor, inode, name in _MAPPED.findall(text):
            if os.makedev(int(major, 16), int(minor, 16)) == self._device:
                key = _Key(int(inode), name)
                if self._sizes.get(key) is None:
                    self._sizes[key] = _size_by_mapping(pid, addresses)
                self.seen.append(_Seen(key, self._sizes[key], pid))


def _files(seen: Iterable[_Seen]) -> Iterator[SharedFile]:
    sizes: dict[_Key, int | None] = {}
    pids: defaultdict[_Key, set[int]] = defaultdict(set)
    for key, size, pid in seen:
        sizes[key] = size if size is not None else sizes.get(key)
        pids[key].add(pid)
    processes = ProcessTable()
    processes.refresh()
    for key, size in sizes.items():
        _, is_memfd, name = key.name.partition("/memfd:")
        first = processes.alive(min(pids[key]))
        yield SharedFile(
            "memfd" if is_memfd else "anonymous",
            name,
            size,
            tuple(sorted(pids[key])),
            first.command if first else "",
        )


def _pids() -> list[int]:
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdecimal()]
    except OSError as error:
        raise ShmError(f"the processes cannot be listed: {error.strerror}") from error


def _internal_device() -> int:
    """The file system of memfds and anonymous memory, by an empty one of our own."""
    descriptor = os.memfd_create("shmtui")
    try:
        return os.fstat(descriptor).st_dev
    finally:
        os.close(descriptor)


def _size_by_mapping(pid: int, addresses: str) -> int | None:
    """Bytes of the file behind a mapping; None: not allowed (proc_pid_map_files(5)), or gone."""
    try:
        return _bytes(os.stat(f"/proc/{pid}/map_files/{addresses}"))
    except (PermissionError, FileNotFoundError):
        return None


def _bytes(found: os.stat_result) -> int:
    return found.st_blocks * 512 if stat.S_ISREG(found.st_mode) else 0
