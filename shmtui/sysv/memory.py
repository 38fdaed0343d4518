"""Which pages are resident, and reads of our own memory that cannot crash."""

import ctypes
import errno
import mmap
import os

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

_PROT_NONE = 0
_FAILED = ctypes.c_void_p(-1).value
_PAGE_SIZE = mmap.PAGESIZE


class _Iovec(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


def resident(address: int, length: int) -> list[bool]:
    """For each page of a mapping of ours from `address` (at a page's start): is it in memory?

    Touches nothing (mincore(2)). It tells the truth to users who may not write too, since the
    files of segments have mode 0777; of huge pages it tells nothing true. Raises OSError.
    """
    pages = -(-length // _PAGE_SIZE)
    vector = (ctypes.c_ubyte * pages)()
    if _libc.mincore(address, length, vector):
        raise _error("mincore")
    return [bool(flags & 1) for flags in vector]


def resident_in_file(descriptor: int, offset: int, length: int) -> list[bool]:
    """The same for a file from `offset` (at a page's start).

    Through a mapping without any right, which no page is read into. A segment's nattch stays as
    it is: it counts shmat only. Private, so that nobody who looks for holders counts us in.
    """
    address = _libc.mmap(None, length, _PROT_NONE, mmap.MAP_PRIVATE, descriptor, offset)
    if address == _FAILED:
        raise _error("mmap")
    try:
        return resident(address, length)
    finally:
        _libc.munmap(address, length)


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
