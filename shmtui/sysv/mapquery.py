"""PROCMAP_QUERY: asks the kernel for a process's shared files alone (Linux 6.11).

`/proc/PID/maps` as text makes the kernel print every mapping, of which most processes have none
that matters. do_procmap_query in fs/proc/task_mmu.c; struct procmap_query in linux/fs.h.
"""

import errno
import fcntl
import os
import struct
from array import array
from functools import cache
from typing import NamedTuple

_REQUEST = 0xC0686611
"""_IOWR('f', 17, struct procmap_query), where ioctl numbers are those of most machines. Others
answer ENOTTY, as older kernels do."""
_QUERY = struct.Struct("=QQQQQQQQQIIIIQQ")
_WANTED = struct.Struct("=QQQ")
_COVERING_OR_NEXT = 0x10
_FILE_BACKED = 0x20
_SHARED = 0x08
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
    device: tuple[int, int]
    """Major and minor number."""


@cache
def available() -> bool:
    """The kernel answers the ioctl: tried once, on ourselves."""
    descriptor = os.open("/proc/self/maps", os.O_RDONLY | os.O_CLOEXEC)
    try:
        shared_files(descriptor)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def shared_files(descriptor: int) -> list[Area]:
    """All of an open `/proc/PID/maps`; none where the process has ended. Raises OSError.

    Each is as it was at its own moment: a process that maps and unmaps meanwhile may show both.
    """
    found: list[Area] = []
    at = 0
    while answer := _ask(descriptor, _COVERING_OR_NEXT | _FILE_BACKED | _SHARED, at):
        start, at, flags, _, offset, inode, major, minor = answer[3:11]
        found.append(Area(start, at, offset, _LETTERS[flags & 7], inode, (major, minor)))
    return found


def name_at(descriptor: int, address: int) -> bytes:
    """The name of the file mapped there; empty: none, or one too long for a segment's.
    Raises OSError."""
    room = array("B", bytes(_NAME_ROOM))
    try:
        answer = _ask(descriptor, _FILE_BACKED, address, room)
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return b""
        raise
    return room.tobytes().partition(b"\0")[0] if answer else b""


def _ask(
    descriptor: int, flags: int, address: int, name: "array[int] | None" = None
) -> tuple[int, ...]:
    """The struct as the kernel filled it in; empty: no such mapping (any more)."""
    room = bytearray(_QUERY.size)
    _WANTED.pack_into(room, 0, _QUERY.size, flags, address)
    if name is not None:
        where, size = name.buffer_info()
        struct.pack_into("=I", room, 80, size)
        struct.pack_into("=Q", room, 88, where)
    try:
        fcntl.ioctl(descriptor, _REQUEST, room)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ESRCH):  # ESRCH: the process has no memory any more
            return ()
        raise
    return _QUERY.unpack(room)
