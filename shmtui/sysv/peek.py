"""The tap for the privileged: a holder's `/proc/PID/map_files`, opened and closed at each read."""

import contextlib
import ctypes
import mmap
import os
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from shmtui.sysv import mapfile, maps
from shmtui.sysv.filling import Opening
from shmtui.sysv.mapfile import MapFile
from shmtui.sysv.maps import Mapping
from shmtui.sysv.segment import Segment
from shmtui.sysv.status import lost, unmapped
from shmtui.sysv.window import PageCount, Refusal

NAME = "peek"


class _Place(NamedTuple):
    pid: int
    mapping: Mapping


@cache
def can_peek() -> bool:
    """We may open entries of /proc/PID/map_files: tried once, on our own shared memory."""
    with mmap.mmap(-1, mmap.PAGESIZE) as memory:
        start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
        try:
            os.close(
                os.open(
                    f"/proc/self/map_files/{start:x}-{start + mmap.PAGESIZE:x}",
                    os.O_RDONLY | os.O_CLOEXEC,
                )
            )
        except OSError:
            return False
    return True


class Peek(Opening):
    """Reads through any process that maps the segment."""

    name = NAME

    def __init__(self, segment: Segment, pids: Sequence[int]) -> None:
        super().__init__(segment)
        self._pids = pids
        self._place: _Place | None = None

    def count(self, start: int, end: int) -> PageCount | None:
        """What the pages from `start`, a page's, to `end` are; None: nobody maps it any more.
        Raises ShmError."""
        descriptor = self.open()
        if descriptor is None:
            return None
        try:
            return MapFile(self._segment, descriptor).count(start, end)
        finally:
            os.close(descriptor)

    @contextlib.contextmanager
    def opened(self) -> Iterator[MapFile]:
        """The content behind a descriptor that is closed at the end. Raises Gone, Lost."""
        descriptor = self.open()
        if descriptor is None:
            raise lost(self._segment)
        try:
            yield MapFile(self._segment, descriptor)
        finally:
            os.close(descriptor)

    def open(self) -> int | None:
        """A descriptor for the segment, to be closed soon; None: no process gives one."""
        if self._place is not None:
            descriptor = self._open(self._place)
            if descriptor is not None:
                return descriptor
        for pid in self._pids:
            for mapping in _mappings(pid, self._segment):
                place = _Place(pid, mapping)
                descriptor = self._open(place)
                if descriptor is not None:
                    self._place = place
                    return descriptor
        self._place = None
        return None

    def close(self) -> None:
        """Nothing is kept open."""

    def _open(self, place: _Place) -> int | None:
        try:
            return mapfile.open_mapping(place.pid, place.mapping, self._segment.identity)
        except (PermissionError, FileNotFoundError, ProcessLookupError):
            return None


def choose(segment: Segment, pids: Sequence[int]) -> Peek | Refusal:
    """The tap through one of the processes `pids`, or why not."""
    if not can_peek():
        reason = "Not privileged to open /proc/PID/map_files: run as root."
    else:
        tap = Peek(segment, pids)
        descriptor = tap.open()
        if descriptor is not None:
            os.close(descriptor)
            return tap
        reason = unmapped(segment, pids) or "No process that maps it may be opened: run as root."
    return Refusal(NAME, reason, False)


def _mappings(pid: int, segment: Segment) -> tuple[Mapping, ...]:
    try:
        return maps.of(pid, segment.identity)
    except PermissionError:
        return ()
