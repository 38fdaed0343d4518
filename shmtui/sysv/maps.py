"""The segments that one process maps, from its `/proc/PID/maps`."""

import os
import re
from collections.abc import Container, Iterable
from typing import NamedTuple

from shmtui.sysv import mapquery
from shmtui.sysv.devices import parse_device, segment_devices
from shmtui.sysv.patience import stuck
from shmtui.sysv.segment import Identity

_NAME = re.compile(rb"/SYSV[0-9a-f]{8}(?: \(deleted\))?")


class Mapping(NamedTuple):
    """One mapping of a segment in a process."""

    start: int
    end: int
    """Addresses in the process; `end` is the first byte after it."""
    offset: int
    """Bytes from the start of the segment to the first byte mapped."""
    access: str
    """`r`, `rw`, `rx`, `rwx`; empty where mprotect took everything."""


class Found(NamedTuple):
    """A mapping of some segment."""

    shmid: int
    """The file's inode, which is the shmid (ipc/shm.c, newseg)."""
    page_size: int
    """Bytes; more than PAGE_SIZE for a segment of huge pages."""
    mapping: Mapping


def find(pid: int | str, shmids: Container[int] | None = None) -> list[Found]:
    """Every mapping of a segment in a process (or `self`), of whatever IPC namespace it is.

    Only of the segments `shmids`, unless that is None. Shared anonymous memory lies on the
    segments' device too, with inodes that may equal a shmid, so the name is asked for. Raises
    OSError: EACCES where we may not ptrace it, ENOENT or ESRCH where it is gone.
    """
    descriptor = os.open(f"/proc/{pid}/maps", os.O_RDONLY | os.O_CLOEXEC)
    try:
        if mapquery.available():
            starts = mapquery.shared_files(descriptor, segment_devices(), shmids)
            return _segments(descriptor, starts) if starts else []
        with open(descriptor, "rb", buffering=0, closefd=False) as file:
            return [it for it in parse(file.read()) if shmids is None or it.shmid in shmids]
    finally:
        os.close(descriptor)


def at(pid: int, starts: Iterable[int]) -> list[Found]:
    """The mappings of segments that begin at these addresses: little work where a process maps
    thousands of others. None is found so before Linux 6.11. Raises OSError as `find` does."""
    if not mapquery.available():
        return []
    descriptor = os.open(f"/proc/{pid}/maps", os.O_RDONLY | os.O_CLOEXEC)
    try:
        return _segments(descriptor, starts)
    finally:
        os.close(descriptor)


def parse(text: bytes) -> list[Found]:
    """Every mapping of a segment, from the text of a maps file (proc_pid_maps(5))."""
    if b"/SYSV" not in text:
        return []
    lines = (line for line in text.split(b"\n") if b"/SYSV" in line)
    return [found for line in lines if (found := _parse(line))]


def of(pid: int, identity: Identity) -> tuple[Mapping, ...]:
    """The mappings of this segment in a process; none where it is in another IPC namespace, or is
    known to hang who looks (see sysv.patience). Raises PermissionError where we may not look."""
    if pid in stuck():
        return ()
    try:
        found = find(pid, (identity.shmid,))
        return select(found, identity) if found and namespace_of(pid) == identity.namespace else ()
    except (FileNotFoundError, ProcessLookupError):
        return ()


def select(found: list[Found], identity: Identity) -> tuple[Mapping, ...]:
    """Those with the segment's id that end within its size."""
    return tuple(it.mapping for it in found if it.shmid == identity.shmid and fits(it, identity))


def fits(found: Found, identity: Identity) -> bool:
    """The mapping ends within the segment, rounded up to its pages."""
    size = -(-identity.size // found.page_size) * found.page_size
    return found.mapping.offset + found.mapping.end - found.mapping.start <= size


def namespace_of(pid: int | str) -> int:
    """Inode of its IPC namespace. Raises OSError as `find` does."""
    return os.stat(f"/proc/{pid}/ns/ipc").st_ino


def _segments(descriptor: int, starts: Iterable[int]) -> list[Found]:
    """Those that begin there."""
    devices = segment_devices()
    return [
        Found(area.inode, devices[area.device], Mapping(*area[:4]))
        for area in mapquery.areas_at(descriptor, starts)
        if area.device in devices and _NAME.fullmatch(area.name)
    ]


def _parse(line: bytes) -> Found | None:
    """`7f00-7f01 rw-s 00000000 00:01 5   /SYSV0badcafe (deleted)`; None: not a segment."""
    addresses, perms, offset, device, inode, name = line.split(None, 5)
    page_size = segment_devices().get(parse_device(device))
    if page_size is None or perms[3:4] != b"s" or not _NAME.fullmatch(name):
        return None
    start, _, end = addresses.partition(b"-")
    access = perms[:3].replace(b"-", b"").decode()
    mapping = Mapping(int(start, 16), int(end, 16), int(offset, 16), access)
    return Found(int(inode), page_size, mapping)
