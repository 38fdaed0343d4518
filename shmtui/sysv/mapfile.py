"""A segment's memory as a file: opened through `/proc/PID/map_files`, read without a trace.

Holes read as zeros without being allocated, and the segment's row stays as it was. A descriptor
keeps the memory of a removed segment alive, so whoever opens one closes it soon.
"""

import errno
import os
from collections.abc import Iterator

from shmtui.sysv import maps, memory
from shmtui.sysv.maps import Mapping
from shmtui.sysv.pages import PAGE_SIZE
from shmtui.sysv.ranges import Range, gaps, missing, runs
from shmtui.sysv.segment import Identity
from shmtui.sysv.window import Gap, Window

_NAME = "/SYSV"


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


def read(descriptor: int, window: Range, swap_total: int, buffer: bytearray) -> Window:
    """The bytes of `window`, which lies inside the segment. Raises OSError.

    With `swap_total` > 0 (bytes) only resident pages are read: reading another would swap it in,
    charged to its owner. `buffer` is used again and again, and grows to the window's length.
    """
    data, absent = survey(descriptor, window, swap_total)
    length = window.end - window.start
    if len(buffer) < length:
        buffer.extend(bytes(length - len(buffer)))
    room = memoryview(buffer)[:length]
    for part in data:
        _fill(descriptor, part, room[part.start - window.start : part.end - window.start])
    for gap in absent:
        at = gap.offset - window.start
        room[at : at + gap.length] = bytes(gap.length)
    return Window(window.start, bytes(room), absent)


def survey(descriptor: int, window: Range, swap_total: int) -> tuple[list[Range], tuple[Gap, ...]]:
    """What of the window can be read, and the gaps that remain."""
    written = list(_written(descriptor, window))
    holes = gaps(missing(window, written), "never written")
    if not swap_total or _is_huge(descriptor):  # huge pages are never swapped
        return written, holes
    present = [part for stretch in written for part in _resident(descriptor, stretch)]
    out = [part for stretch in written for part in missing(stretch, _within(present, stretch))]
    return present, tuple(sorted((*holes, *gaps(out, "swapped out"))))


def _written(descriptor: int, window: Range) -> Iterator[Range]:
    """The stretches with data. A swapped page counts as data (mapping_seek_hole_data)."""
    if _is_huge(descriptor):
        # The kernel calls the whole file data there; its blocks tell if any page was taken.
        if os.fstat(descriptor).st_blocks:
            yield window
        return
    at = window.start
    while at < window.end:
        try:
            start = os.lseek(descriptor, at, os.SEEK_DATA)
        except OSError as error:
            if error.errno == errno.ENXIO:  # nothing but a hole up to the end
                return
            raise
        if start >= window.end:
            return
        at = min(os.lseek(descriptor, start, os.SEEK_HOLE), window.end)
        yield Range(start, at)


def _resident(descriptor: int, stretch: Range) -> Iterator[Range]:
    base = stretch.start // PAGE_SIZE * PAGE_SIZE
    flags = memory.resident_in_file(descriptor, base, stretch.end - base)
    for part in runs(flags, base, PAGE_SIZE):
        yield part.clip(stretch.start, stretch.end)


def _within(ranges: list[Range], stretch: Range) -> Iterator[Range]:
    return (part for part in ranges if stretch.start <= part.start < stretch.end)


def _fill(descriptor: int, part: Range, room: memoryview) -> None:
    """Reads exactly that many bytes."""
    done = 0
    while done < len(room):
        count = os.preadv(descriptor, [room[done:]], part.start + done)
        if count == 0:
            raise OSError(errno.EIO, "the segment's memory ends before its size")
        done += count


def _is(descriptor: int, identity: Identity) -> bool:
    """It is that segment: the inode is the shmid, the name a segment's, the size its own."""
    status = os.fstat(descriptor)
    page = maps.huge_page_size(status.st_dev) or 1
    return (
        status.st_ino == identity.shmid
        and os.readlink(f"/proc/self/fd/{descriptor}").startswith(_NAME)
        and maps.is_segment_device(status.st_dev)
        and status.st_size == -(-identity.size // page) * page
    )


def _is_huge(descriptor: int) -> bool:
    return maps.huge_page_size(os.fstat(descriptor).st_dev) is not None
