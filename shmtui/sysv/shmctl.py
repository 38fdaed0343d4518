"""What the kernel tells of the segments without /proc: shmctl(2) and sysinfo(2), through ctypes.

`SHM_INFO` is not here: it walks every segment under the namespace's lock.
"""

import ctypes
import errno
import os
import sys
from collections.abc import Iterator
from typing import NamedTuple

from shmtui.sysv.errors import ShmError
from shmtui.sysv.segment import Identity, Segment

_IPC_SET = 1
_IPC_STAT = 2
_IPC_INFO = 3
_SHM_STAT_ANY = 15  # Linux 4.17: as SHM_STAT, without asking for the right to read
_LAYOUT_KNOWN = frozenset({"x86_64", "aarch64", "riscv64", "s390x", "loongarch64"})


class Info(NamedTuple):
    """What IPC_INFO gives (struct shminfo64)."""

    highest_index: int
    shmmax: int
    shmmni: int
    shmall: int


class Shmid(ctypes.Structure):
    """struct shmid64_ds of asm-generic/shmbuf.h, on 64 bits."""

    _fields_ = (
        ("key", ctypes.c_uint32),
        ("uid", ctypes.c_uint32),
        ("gid", ctypes.c_uint32),
        ("cuid", ctypes.c_uint32),
        ("cgid", ctypes.c_uint32),
        ("mode", ctypes.c_uint32),
        ("seq", ctypes.c_uint64),
        ("unused_1", ctypes.c_uint64 * 2),
        ("size", ctypes.c_size_t),
        ("atime", ctypes.c_int64),
        ("dtime", ctypes.c_int64),
        ("ctime", ctypes.c_int64),
        ("cpid", ctypes.c_int32),
        ("lpid", ctypes.c_int32),
        ("nattch", ctypes.c_uint64),
        ("unused_2", ctypes.c_uint64 * 2),
    )


class _ShmInfo(ctypes.Structure):
    _fields_ = (
        ("shmmax", ctypes.c_uint64),
        ("shmmin", ctypes.c_uint64),
        ("shmmni", ctypes.c_uint64),
        ("shmseg", ctypes.c_uint64),
        ("shmall", ctypes.c_uint64),
        ("unused", ctypes.c_uint64 * 4),
    )


class _SysInfo(ctypes.Structure):
    _fields_ = (
        ("uptime", ctypes.c_long),
        ("loads", ctypes.c_ulong * 3),
        ("ram", ctypes.c_ulong * 4),
        ("totalswap", ctypes.c_ulong),
        ("freeswap", ctypes.c_ulong),
        ("procs", ctypes.c_ushort),
        ("totalhigh", ctypes.c_ulong),
        ("freehigh", ctypes.c_ulong),
        ("mem_unit", ctypes.c_uint),
        ("room", ctypes.c_char * 64),
    )


_libc = ctypes.CDLL(None, use_errno=True)


def ipc_info() -> Info:
    """The limits, and the highest index in use. Raises ShmError."""
    info = _ShmInfo()
    highest = _libc.shmctl(0, _IPC_INFO, ctypes.byref(info))
    if highest < 0:
        raise ShmError(f"shmctl(IPC_INFO): {os.strerror(ctypes.get_errno())}")
    return Info(highest, info.shmmax, info.shmmni, info.shmall)


def rows() -> Iterator[tuple[int, Shmid]]:
    """(shmid, its facts) of every segment of this IPC namespace. Raises ShmError."""
    _check_layout("/proc/sysvipc is not mounted")
    for index in range(ipc_info().highest_index + 1):
        entry = Shmid()
        shmid = _libc.shmctl(index, _SHM_STAT_ANY, ctypes.byref(entry))
        if shmid >= 0:
            yield shmid, entry
        elif ctypes.get_errno() not in (errno.EINVAL, errno.EIDRM):  # those: an empty slot
            raise ShmError(f"shmctl(SHM_STAT_ANY): {os.strerror(ctypes.get_errno())}")


def stat(shmid: int) -> Shmid | None:
    """IPC_STAT: one segment's facts, which asks for the right to read and changes nothing.

    None where it can be read but this machine's layout is unknown. Raises OSError: EACCES, or
    EINVAL and EIDRM where there is no such segment.
    """
    room = ctypes.create_string_buffer(2 * ctypes.sizeof(Shmid))  # for whatever layout
    if _libc.shmctl(shmid, _IPC_STAT, room) < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return Shmid.from_buffer_copy(room) if _layout_known() else None


def stat_any(shmid: int) -> Shmid | None:
    """As `stat`, without asking for the right to read.

    SHM_STAT_ANY takes an index, for which it uses those bits of a shmid that are one, and returns
    the shmid of whoever is there (ipcid_to_idx in ipc/util.h).
    """
    room = ctypes.create_string_buffer(2 * ctypes.sizeof(Shmid))
    found = int(_libc.shmctl(shmid, _SHM_STAT_ANY, room))
    if found < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    if found != shmid:
        raise OSError(errno.EIDRM, os.strerror(errno.EIDRM))
    return Shmid.from_buffer_copy(room) if _layout_known() else None


def set_permissions(shmid: int, mode: int, uid: int, gid: int) -> None:
    """IPC_SET, which takes these three and nothing else (shmctl_down in ipc/shm.c).

    Raises OSError: EPERM for who is neither owner, creator nor privileged, EINVAL and EIDRM where
    there is no such segment, EINVAL where uid or gid are none here; ShmError where this machine's
    layout is unknown.
    """
    _check_layout("this asks for IPC_SET")
    entry = Shmid(mode=mode, uid=uid, gid=gid)
    if _libc.shmctl(shmid, _IPC_SET, ctypes.byref(entry)) < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def segment(namespace: int, shmid: int, entry: Shmid) -> Segment:
    """The entry as a row of the table would show it; `rss` and `swap` are not in it."""
    return Segment(
        identity=Identity(namespace, shmid, entry.cpid, entry.cuid, entry.size),
        key=entry.key,
        perms=entry.mode,
        lpid=entry.lpid,
        nattch=entry.nattch,
        uid=entry.uid,
        gid=entry.gid,
        cgid=entry.cgid,
        atime=entry.atime,
        dtime=entry.dtime,
        ctime=entry.ctime,
        rss=None,
        swap=None,
    )


def swap_total() -> int:
    """Bytes of swap of the machine (sysinfo(2)). Raises ShmError."""
    info = _SysInfo()
    if _libc.sysinfo(ctypes.byref(info)) != 0:
        raise ShmError(f"sysinfo: {os.strerror(ctypes.get_errno())}")
    return int(info.totalswap) * int(info.mem_unit)


def _check_layout(what: str) -> None:
    if not _layout_known():
        raise ShmError(f"{what}, and shmctl's layout on {os.uname().machine} is unknown")


def _layout_known() -> bool:
    return os.uname().machine in _LAYOUT_KNOWN and sys.maxsize > 2**32
