"""PROCMAP_QUERY: asks the kernel for a process's shared files alone (Linux 6.11).

`/proc/PID/maps` as text makes the kernel print every mapping, of which most processes have none
that matters. do_procmap_query in fs/proc/task_mmu.c; struct procmap_query in linux/fs.h.
"""

import errno
import fcntl
import os
import struct
from array import array
from collections.abc import Container, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from shmtui.sysv.devices import Device

_REQUEST = 0xC0686611
"""_IOWR('f', 17, struct procmap_query), where ioctl numbers are those of most machines. Others
answer ENOTTY, as older kernels do."""
_QUERY = struct.Struct("=QQQQQQQQQIIIIQQ")
_ANSWER = struct.Struct("=24xQQQ8xQQII24x")
_PLACE = struct.Struct("=24xQ32xQII24x")
"""Of the same the start, the inode and the device."""
_ADDRESS = slice(16, 24)
_END = slice(32, 40)
"""Where a query has the address asked for, and its answer the end of the mapping."""
_SHARED_FILE = 0x20 | 0x08
"""File-backed, and shared."""
_OR_NEXT = 0x10
"""The one that covers the address, else the next after it."""
_NONE_THERE = (errno.ENOENT, errno.ESRCH, errno.ENAMETOOLONG)
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
    name: bytes


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
) -> list[int]:
    """Where those on `devices` begin, of an open `/proc/PID/maps`; none where the process has
    ended.

    Only those of `inodes`, unless that is None. Each is as it was at its own moment: a process
    that maps and unmaps meanwhile may show both. Raises OSError.
    """
    found: list[int] = []
    query = bytearray(_ANY)
    # Hundreds of processes are asked, most of them once or twice, so what is asked often is flat.
    try:
        while True:
            fcntl.ioctl(descriptor, _REQUEST, query)
            start, inode, major, minor = _PLACE.unpack(query)
            if (major, minor) in devices and (inodes is None or inode in inodes):
                found.append(start)
            query[_ADDRESS] = query[_END]
    except (FileNotFoundError, ProcessLookupError):  # ESRCH: it has no memory any more
        return found


def areas_at(descriptor: int, starts: Iterable[int]) -> Iterator[Area]:
    """The shared files that begin at these addresses and have a name as short as a segment's.
    Raises OSError."""
    room = array("B", bytes(_NAME_ROOM))
    for wanted in starts:
        query = _query(_SHARED_FILE, wanted, *room.buffer_info())
        try:
            answer = fcntl.ioctl(descriptor, _REQUEST, query)
        except OSError as error:
            if error.errno in _NONE_THERE:
                continue
            raise
        start, end, flags, offset, inode, major, minor = _ANSWER.unpack(answer)
        if start == wanted:
            name = room.tobytes().partition(b"\0")[0]
            yield Area(start, end, offset, _LETTERS[flags & 7], inode, (major, minor), name)


def _query(flags: int, address: int, name_address: int = 0, name_room: int = 0) -> bytes:
    """For what is mapped at the address, and its name where there is room for it."""
    return _QUERY.pack(
        _QUERY.size, flags, address, 0, 0, 0, 0, 0, 0, 0, 0, name_room, 0, name_address, 0
    )


_ANY = _query(_SHARED_FILE | _OR_NEXT, 0)
