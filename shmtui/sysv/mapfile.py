"""A segment's memory as a file: opened through `/proc/PID/map_files`, read without a trace.

Holes read as zeros without being allocated, and the segment's row stays as it was. A descriptor
keeps the memory of a removed segment alive, so whoever opens one closes it soon.
"""

import errno
import os
from collections.abc import Iterator

from shmtui.sysv import devices, residency
from shmtui.sysv.maps import Mapping
from shmtui.sysv.ranges import Range
from shmtui.sysv.segment import Identity, Segment
from shmtui.sysv.status import in_words
from shmtui.sysv.window import Extent, PageCount

_NAME = "/SYSV"
_MOST_BYTES = 4 << 20
"""Sent at once, so that a job ends promptly where the file is on a slow disk."""


class MapFile:
    """The content behind an open descriptor, which stays its opener's. See window.Content and
    window.Sends."""

    spell_bytes = 4 << 20
    """Then opening costs little beside reading, and the processor still has most of it in cache."""
    send_bytes = 16 << 20
    """None of it passes through here: only opening counts."""

    def __init__(self, segment: Segment, descriptor: int) -> None:
        self._segment = segment
        self._descriptor = descriptor

    def extents(self, start: int, end: int) -> Iterator[Extent]:
        """Never by reading. Raises ShmError."""
        with in_words(self._segment):
            yield from residency.extents(self._descriptor, Range(start, end))

    def read_into(self, room: memoryview, offset: int) -> None:
        """Fills `room`, whatever the bytes are: a hole as zeros, a page in swap by reading it in.
        Raises ShmError."""
        with in_words(self._segment):
            _fill(self._descriptor, room, offset)

    def send(self, descriptor: int, offset: int, length: int) -> int:
        """See window.Sends. Moves that file's position. Never of huge pages (hugetlbfs)."""
        try:
            os.lseek(descriptor, offset, os.SEEK_SET)
            return os.sendfile(descriptor, self._descriptor, offset, min(length, _MOST_BYTES))
        except OSError:  # of either side: reading and writing tells whose it is
            return 0

    def count(self, start: int, end: int) -> PageCount:
        """What the pages from `start`, a page's, to `end` are. Raises ShmError."""
        with in_words(self._segment):
            return residency.count(self._descriptor, Range(start, end))


def open_mapping(pid: int | str, mapping: Mapping, identity: Identity) -> int | None:
    """A descriptor to read the whole segment; None where something else is mapped there by now.

    Raises OSError: EPERM without the privilege (proc_map_files_get_link in fs/proc/base.c), ENOENT
    and ESRCH where the mapping or the process is gone.
    """
    path = f"/proc/{pid}/map_files/{mapping.start:x}-{mapping.end:x}"
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    if _is(descriptor, identity):
        return descriptor
    os.close(descriptor)
    return None


def _fill(descriptor: int, room: memoryview, offset: int) -> None:
    done = 0
    while done < len(room):
        count = os.preadv(descriptor, [room[done:]], offset + done)
        if count == 0:
            raise OSError(errno.EIO, "the segment's memory ends before its size")
        done += count


def _is(descriptor: int, identity: Identity) -> bool:
    """It is that segment: the inode is the shmid, the name a segment's, the size its own."""
    status = os.fstat(descriptor)
    page = devices.huge_page_size(status.st_dev) or 1
    return (
        status.st_ino == identity.shmid
        and os.readlink(f"/proc/self/fd/{descriptor}").startswith(_NAME)
        and devices.is_segment_device(status.st_dev)
        and status.st_size == -(-identity.size // page) * page
    )
