"""Which pages are resident, and reads of our own memory that cannot crash."""

import ctypes
import errno
import mmap
import os
from typing import NamedTuple

from shmtui.sysv.pages import pages

_libc = ctypes.CDLL(None, use_errno=True)
_libc.mmap.restype = ctypes.c_void_p
_libc.mmap.argtypes = (
    ctypes.c_void_p,
    ctypes.c_size_t,
    ctypes.c_int,
    ctypes.c_int,
    ctypes.c_int,
    ctypes.c_long,
)
_libc.munmap.argtypes = (ctypes.c_void_p, ctypes.c_size_t)
_libc.mincore.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_void_p)
_libc.process_vm_readv.restype = ctypes.c_ssize_t
_libc.process_vm_readv.argtypes = (
    ctypes.c_int,
    ctypes.c_void_p,
    ctypes.c_ulong,
    ctypes.c_void_p,
    ctypes.c_ulong,
    ctypes.c_ulong,
)

_CACHESTAT = 451
_LOWEST_BIT = bytes((0, 1)) * 128
_PROT_NONE = 0
_FAILED = ctypes.c_void_p(-1).value


class _Iovec(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class Cached(NamedTuple):
    """Pages of a stretch of a file."""

    resident: int
    swapped: int


def resident(address: int, length: int) -> bytes:
    """For each page of a mapping of ours from `address` (at a page's start): 1 where in memory.

    Touches nothing (mincore(2)). It tells the truth to users who may not write too, since the
    files of segments have mode 0777; of huge pages it tells nothing true. A page on its way to or
    from swap is in memory to it. Raises OSError.
    """
    vector = (ctypes.c_ubyte * pages(length))()
    if _libc.mincore(address, length, vector):
        raise _error("mincore")
    return bytes(vector).translate(_LOWEST_BIT)


def resident_in_file(descriptor: int, offset: int, length: int) -> bytes:
    """The same for a file from `offset` (at a page's start), by a mapping without any right, which
    no page is read into.

    A segment's nattch stays as it is: it counts shmat only. The mapping is private, so that nobody
    who looks for holders counts us in. Raises OSError.
    """
    address = _libc.mmap(None, length, _PROT_NONE, mmap.MAP_PRIVATE, descriptor, offset)
    if address == _FAILED:
        raise _error("mmap")
    try:
        return resident(address, length)
    finally:
        _libc.munmap(address, length)


def cached(descriptor: int, offset: int, length: int) -> Cached | None:
    """What the kernel keeps of a file's stretch: cachestat(2), Linux 6.5. None: it cannot be asked.

    Of a segment, a page that was evicted is in swap (filemap_cachestat in mm/filemap.c); also one
    on its way from there, as reading it would take it out of swap. It asks 2 ms of a GiB that is
    all in memory, and nothing of a hole. Raises OSError.
    """
    if not length:  # to the kernel that is all that follows
        return Cached(0, 0)
    stretch = (ctypes.c_uint64 * 2)(offset, length)
    counts = (ctypes.c_uint64 * 5)()
    if not _libc.syscall(ctypes.c_long(_CACHESTAT), descriptor, stretch, counts, 0):
        return Cached(counts[0], counts[3])
    error = _error("cachestat")
    if error.errno in (errno.ENOSYS, errno.EPERM):  # EPERM: from a container's filter
        return None
    raise error


def copy(address: int, room: memoryview) -> bool:
    """Fills `room` with our own memory from `address`; False: it cannot be read.

    process_vm_readv(2) of ourselves answers with an error where direct access would end us.
    Raises OSError where the system forbids it.
    """
    length = len(room)
    place = (ctypes.c_char * length).from_buffer(room)
    here = _Iovec(ctypes.addressof(place), length)
    there = _Iovec(address, length)
    count = _libc.process_vm_readv(os.getpid(), ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
    if count < 0 and ctypes.get_errno() != errno.EFAULT:
        raise _error("process_vm_readv")
    return bool(count == length)


def _error(call: str) -> OSError:
    code = ctypes.get_errno()
    return OSError(code, f"{call}: {os.strerror(code)}")
