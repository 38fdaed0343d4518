"""Which pages are resident, and reads of our own memory that cannot crash."""

import ctypes
import errno
import mmap
import os

from shmtui.sysv.pages import PAGE_SIZE, pages

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
_PROT_NONE = 0
_FAILED = ctypes.c_void_p(-1).value


class _Iovec(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


def resident(address: int, length: int) -> list[bool]:
    """For each page of a mapping of ours from `address` (at a page's start): is it in memory?

    Touches nothing (mincore(2)). It tells the truth to users who may not write too, since the
    files of segments have mode 0777; of huge pages it tells nothing true. Raises OSError.
    """
    vector = (ctypes.c_ubyte * pages(length))()
    if _libc.mincore(address, length, vector):
        raise _error("mincore")
    return [bool(flags & 1) for flags in vector]


def resident_in_file(descriptor: int, offset: int, length: int) -> list[bool]:
    """The same for a file from `offset` (at a page's start). Raises OSError.

    By cachestat(2), Linux 6.5: a page on its way back from swap is not resident to it, as reading
    that page would take it out of swap. Else by mincore, to which it is resident.
    """
    count = pages(length)
    try:
        if _cached(descriptor, offset, count) == count:
            return [True] * count
        return [_cached(descriptor, offset + i * PAGE_SIZE, 1) == 1 for i in range(count)]
    except OSError as error:
        if error.errno not in (errno.ENOSYS, errno.EPERM):  # EPERM: from a container's filter
            raise
    return resident_through_mapping(descriptor, offset, length)


def resident_through_mapping(descriptor: int, offset: int, length: int) -> list[bool]:
    """The same by mincore of a mapping without any right, which no page is read into.

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


def _cached(descriptor: int, offset: int, count: int) -> int:
    """How many of `count` pages are in the page cache."""
    stretch = (ctypes.c_uint64 * 2)(offset, count * PAGE_SIZE)
    counts = (ctypes.c_uint64 * 5)()
    if _libc.syscall(ctypes.c_long(_CACHESTAT), descriptor, stretch, counts, 0):
        raise _error("cachestat")
    return counts[0]


def copy(address: int, buffer: bytearray, start: int, end: int) -> bool:
    """Copies our own memory from `address` to buffer[start:end]; False: it cannot be read.

    process_vm_readv(2) of ourselves answers with an error where direct access would end us.
    Raises OSError where the system forbids it.
    """
    length = end - start
    place = (ctypes.c_char * length).from_buffer(buffer, start)
    here = _Iovec(ctypes.addressof(place), length)
    there = _Iovec(address, length)
    count = _libc.process_vm_readv(os.getpid(), ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
    if count < 0 and ctypes.get_errno() != errno.EFAULT:
        raise _error("process_vm_readv")
    return bool(count == length)


def _error(call: str) -> OSError:
    code = ctypes.get_errno()
    return OSError(code, f"{call}: {os.strerror(code)}")
