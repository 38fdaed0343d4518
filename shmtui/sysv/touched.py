"""What one process has touched of a segment: its `/proc/PID/pagemap`, and its `/proc/PID/mem`.

Reading a page that is not in its page table would allocate it or swap it in, so none is read.
"""

import contextlib
import errno
import os
from collections.abc import Iterator
from typing import NamedTuple

from shmtui.sysv import maps
from shmtui.sysv.maps import Mapping
from shmtui.sysv.pagemap import present
from shmtui.sysv.pages import PAGE_SIZE, pages
from shmtui.sysv.ranges import Range, runs
from shmtui.sysv.segment import Identity

_ENDED = (FileNotFoundError, ProcessLookupError, PermissionError)


class Touched(NamedTuple):
    """Descriptors of a process's memory and page table. Both stay those of this process, and of
    the program it ran, whatever gets its pid; where that ended nothing is present."""

    pid: int
    identity: Identity
    mappings: tuple[Mapping, ...]
    memory: int
    pagemap: int

    def present(self, part: Range) -> Iterator[Range]:
        """The pages of `part` that are in its page table now. Raises OSError."""
        return (run for run, _ in self._there(part))

    def read_into(self, room: memoryview, offset: int, part: Range) -> list[Range]:
        """Copies what it has of `part` into `room`, which begins at `offset` of the segment; gives
        what that was. Nothing where its mappings are not what they were: the bytes may be of
        something else. Raises OSError."""
        got = []
        for run, address in self._there(part):
            count = self._read(room[run.start - offset : run.end - offset], address)
            got.append(Range(run.start, run.start + count))
        return got if self._still() else []

    def _there(self, part: Range) -> Iterator[tuple[Range, int]]:
        """With the address of each in the process."""
        for mapping in self.mappings:
            seen = part.clip(mapping.offset, mapping.offset + mapping.end - mapping.start)
            base = seen.start // PAGE_SIZE * PAGE_SIZE
            for run in runs(self._flags(mapping, base, seen.end), base, PAGE_SIZE):
                there = run.clip(*seen)
                yield there, mapping.start + there.start - mapping.offset

    def _flags(self, mapping: Mapping, base: int, end: int) -> bytes:
        address = mapping.start + base - mapping.offset
        return present(self.pagemap, address, pages(end - base))

    def _read(self, room: memoryview, address: int) -> int:
        """How many bytes could be read; 0 where nothing is mapped there any more."""
        try:
            return os.preadv(self.memory, [room], address)
        except OSError as error:
            if error.errno == errno.EIO:  # mem_rw in fs/proc/base.c
                return 0
            raise

    def _still(self) -> bool:
        try:
            return maps.of(self.pid, self.identity) == self.mappings
        except PermissionError:
            return False


@contextlib.contextmanager
def touched(
    pid: int, identity: Identity, mappings: tuple[Mapping, ...] | None = None
) -> Iterator[Touched | None]:
    """Until the end. None: it does not map the segment, or we may not look into it. Raises
    OSError.

    `mappings`: those that a scan found; without them the process's maps are looked through.
    """
    with contextlib.ExitStack() as stack:
        try:
            memory = _open(stack, f"/proc/{pid}/mem")
            pagemap = _open(stack, f"/proc/{pid}/pagemap")
            if mappings is None:
                mappings = maps.of(pid, identity)
        except _ENDED:
            mappings = ()
        yield Touched(pid, identity, mappings, memory, pagemap) if mappings else None


def _open(stack: contextlib.ExitStack, path: str) -> int:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    stack.callback(os.close, descriptor)
    return descriptor
