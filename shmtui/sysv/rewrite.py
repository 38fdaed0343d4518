"""Writing into a segment's middle: attached read-write for a short spell, never by direct access.

The kernel copies into the mapping, so that a page that cannot be had (a full cgroup, huge pages
that ran out) is an error in words: touching it ourselves would end us with SIGBUS.
"""

import contextlib
import ctypes
import errno
import os
from collections.abc import Iterator
from typing import Protocol

from shmtui.sysv.attachment import held
from shmtui.sysv.errors import NoRoom, Refused, ShmError
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.limits import read_limits
from shmtui.sysv.pages import PAGE_SIZE
from shmtui.sysv.segment import Segment
from shmtui.sysv.status import look

_MADV_REMOVE = 9  # asm-generic/mman-common.h

_libc = ctypes.CDLL(None, use_errno=True)
_libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)


class Rewrite(Protocol):
    """A segment under our hands."""

    def fill(self, offset: int, length: int, descriptor: int, at: int) -> int:
        """Puts bytes of the file, from `at`, into the segment; how many: 0 at the file's end.

        Raises NoRoom where the segment's pages cannot be had, OSError of the file.
        """

    def clear(self, offset: int, length: int) -> None:
        """Makes zeros of them, and frees whole pages."""


@contextlib.contextmanager
def rewriting(segment: Segment, evidence: Evidence) -> Iterator[Rewrite]:
    """Attached read-write for as long as the block runs: keep it short, readers of the table wait.

    Its last pid and times become ours; `evidence` keeps what they were. The identity is compared
    while we are attached: the id cannot pass to another segment then. Raises Gone, NotAllowed,
    Refused where our detach would destroy it or it is marked for destruction, NoRoom, ShmError.
    """
    with evidence.attaching(segment) as now:
        check(now)
        with held(segment, writable=True) as address:
            look(segment)
            yield _Mapped(segment, address)


def check(segment: Segment) -> None:
    """Raises Refused where writing would be in vain, or destroy what it writes."""
    if segment.doomed:
        raise Refused(f"{segment}: it goes with its last detach, and what is written goes with it")
    if segment.nattch == 0 and read_limits().rmid_forced:
        raise Refused(
            f"{segment}: kernel.shm_rmid_forced is 1 and nothing is attached, so our detach would"
            " destroy it. Attach a program first, or sysctl kernel.shm_rmid_forced=0"
        )


class _Mapped:
    def __init__(self, segment: Segment, address: int) -> None:
        self._segment = segment
        self._address = address

    def fill(self, offset: int, length: int, descriptor: int, at: int) -> int:
        try:
            return os.preadv(descriptor, [self._room(offset, length)], at)
        except OSError as error:
            if error.errno != errno.EFAULT:  # that is: the fault found no page to give
                raise
            raise NoRoom(f"{self._segment} at {offset:#x}: no memory for its pages") from error

    def clear(self, offset: int, length: int) -> None:
        """Whole pages become holes, as they were before anybody wrote; the rest is written over."""
        end = offset + length
        first = min(end, -(-offset // PAGE_SIZE) * PAGE_SIZE)
        # The last page may be cut by the segment's size: nobody has the bytes behind it.
        is_last = end == self._segment.size
        last = -(-end // PAGE_SIZE) * PAGE_SIZE if is_last else end // PAGE_SIZE * PAGE_SIZE
        if last <= first or not self._free(first, last - first):
            self._zero(offset, end)
            return
        self._zero(offset, first)
        self._zero(last, end)

    def _free(self, offset: int, length: int) -> bool:
        """False: not here, as of pages larger than the stretch (madvise(2), MADV_REMOVE)."""
        return not _libc.madvise(self._address + offset, length, _MADV_REMOVE)

    def _zero(self, offset: int, end: int) -> None:
        if offset >= end:
            return
        with open("/dev/zero", "rb", buffering=0) as zeros:
            while offset < end:
                done = self.fill(offset, end - offset, zeros.fileno(), 0)
                offset += done

    def _room(self, offset: int, length: int) -> "ctypes.Array[ctypes.c_char]":
        """Our mapping from `offset`: a place for the kernel to write to, not for us."""
        if not 0 <= offset <= offset + length <= self._segment.size:
            raise ShmError(f"{self._segment}: {length} bytes at {offset:#x} are beyond its end")
        return (ctypes.c_char * length).from_address(self._address + offset)
