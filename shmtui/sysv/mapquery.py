"""PROCMAP_QUERY: asks the kernel for a process's shared files alone (Linux 6.11).

`/proc/PID/maps` as text makes the kernel print every mapping, of which most processes have none
that matters. do_procmap_query in fs/proc/task_mmu.c; struct procmap_query in linux/fs.h.
"""

import errno
import fcntl
import os
import struct
from array import array
from collections.abc import Container
from functools import cache
from typing import NamedTuple

from shmtui.sysv.devices import Device

_REQUEST = 0xC0686611
"""_IOWR('f', 17, struct procmap_query), where ioctl numbers are those of most machines. Others
answer ENOTTY, as older kernels do."""
_QUERY = struct.Struct("=QQQQQQQQQIIIIQQ")
_ANSWER = struct.Struct("=24xQQQ8xQQII24x")
_ADDRESS = slice(16, 24)
_END = slice(32, 40)
"""Where a query has the address asked for, and its answer the end of the mapping."""
_FILE_BACKED = 0x20
_SHARED_FILE = _FILE_BACKED | 0x08
_OR_NEXT = 0x10
"""The one that covers the address, else the next after it."""
_NO_MORE = (FileNotFoundError, ProcessLookupError)
"""ENOENT: no such mapping. ESRCH: the process has no memory any more."""
_LETTERS = tuple(
    "".join(letter for bit, letter in enumerate("rwx") if flags & 1 << bit) for flags in range(8)
)
_NAME_ROOM = 64
"""Bytes. A segment's name has 14, and ` (deleted)`."""


class Area(NamedTuple):
    """A mapping of a shared file."""

    start: int
    end: int
    offset: int
    access: str
    """`r`, `rw`, …"""
    inode: int
    device: Device


@cache
def available() -> bool:
    """The kernel answers the ioctl: tried once, on ourselves."""
    descriptor = os.open("/proc/self/maps", os.O_RDONLY | os.O_CLOEXEC)
    try:
        shared_files(descriptor, ())
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def shared_files(
    descriptor: int, devices: Container[Device], inodes: Container[int] | None = None
) -> list[Area]:
    """Those on `devices`, of an open `/proc/PID/maps`; none where the process has ended.

    Only those of `inodes`, unless that is None. Each is as it was at its own moment: a process
    that maps and unmaps meanwhile may show both. Raises OSError.
    """
    found: list[Area] = []
    query = bytearray(_ANY)
    # Hundreds of processes are asked, most of them once or twice, so what is asked often is flat.
    try:
        while True:
            fcntl.ioctl(descriptor, _REQUEST, query)
            start, end, flags, offset, inode, major, minor = _ANSWER.unpack(query)
            if (major, minor) in devices and (inodes is None or inode in inodes):
                found.append(Area(start, end, offset, _LETTERS[flags & 7], inode, (major, minor)))
            query[_ADDRESS] = query[_END]
    except _NO_MORE:
        return found


def shared_file_at(descriptor: int, start: int) -> Area | None:
    """The one that begins at the address; None: none does. Raises OSError."""
    answer = _ask(descriptor, _query(_SHARED_FILE, start))
    if not answer:
        return None
    begin, end, flags, offset, inode, major, minor = _ANSWER.unpack(answer)
    area = Area(begin, end, offset, _LETTERS[flags & 7], inode, (major, minor))
    return area if begin == start else None


def name_at(descriptor: int, address: int) -> bytes:
    """The name of the file mapped there; empty: none, or one too long for a segment's.
    Raises OSError."""
    room = array("B", bytes(_NAME_ROOM))
    try:
        answer = _ask(descriptor, _query(_FILE_BACKED, address, *room.buffer_info()))
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return b""
        raise
    return room.tobytes().partition(b"\0")[0] if answer else b""


def _query(flags: int, address: int, name_address: int = 0, name_room: int = 0) -> bytes:
    """For what is mapped at the address, and its name where there is room for it."""
    return _QUERY.pack(
        _QUERY.size, flags, address, 0, 0, 0, 0, 0, 0, 0, 0, name_room, 0, name_address, 0
    )


def _ask(descriptor: int, query: bytes) -> bytes:
    """The struct as the kernel filled it in; empty: no such mapping (any more)."""
    try:
        return fcntl.ioctl(descriptor, _REQUEST, query)
    except _NO_MORE:
        return b""


_ANY = _query(_SHARED_FILE | _OR_NEXT, 0)
