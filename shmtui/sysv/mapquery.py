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
_WANTED = struct.Struct("=QQQ")
_REST = bytes(_QUERY.size - _WANTED.size)
_ANSWER = struct.Struct("=24xQQQ8xQQII24x")
_FILE_BACKED = 0x20
_SHARED_FILES = 0x10 | _FILE_BACKED | 0x08
"""The one that covers the address or the next; only shared ones."""
_FIRST = _WANTED.pack(_QUERY.size, _SHARED_FILES, 0) + _REST
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


def shared_files(descriptor: int, devices: Container[Device]) -> list[Area]:
    """Those on `devices`, of an open `/proc/PID/maps`; none where the process has ended.

    Each is as it was at its own moment: a process that maps and unmaps meanwhile may show both.
    Raises OSError.
    """
    found: list[Area] = []
    query = _FIRST
    # Hundreds of processes are asked, most of them once or twice, so what is asked often is flat.
    while answer := _ask(descriptor, query):
        start, end, flags, offset, inode, major, minor = _ANSWER.unpack(answer)
        if (major, minor) in devices:
            found.append(Area(start, end, offset, _LETTERS[flags & 7], inode, (major, minor)))
        query = _WANTED.pack(_QUERY.size, _SHARED_FILES, end) + _REST
    return found


def name_at(descriptor: int, address: int) -> bytes:
    """The name of the file mapped there; empty: none, or one too long for a segment's.
    Raises OSError."""
    room = array("B", bytes(_NAME_ROOM))
    try:
        answer = _ask(descriptor, _named(address, *room.buffer_info()))
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return b""
        raise
    return room.tobytes().partition(b"\0")[0] if answer else b""


def _named(address: int, name_address: int, name_room: int) -> bytes:
    """A query for what is mapped at the address, and its name."""
    wanted = (_QUERY.size, _FILE_BACKED, address)
    return _QUERY.pack(*wanted, 0, 0, 0, 0, 0, 0, 0, 0, name_room, 0, name_address, 0)


def _ask(descriptor: int, query: bytes) -> bytes:
    """The struct as the kernel filled it in; empty: no such mapping (any more)."""
    try:
        return fcntl.ioctl(descriptor, _REQUEST, query)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ESRCH):  # ESRCH: the process has no memory any more
            return b""
        raise
