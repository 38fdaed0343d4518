"""The tap for those who may ptrace a holder: the pages it has touched, through `/proc/PID/mem`."""

import contextlib
import errno
import os
from array import array
from collections.abc import Iterator, Sequence

from shmtui.sysv import maps
from shmtui.sysv.maps import Mapping
from shmtui.sysv.pages import PAGE_SIZE, pages
from shmtui.sysv.ranges import Range, gaps, missing, runs, union
from shmtui.sysv.segment import Identity, Segment
from shmtui.sysv.status import in_words, lost, unmapped
from shmtui.sysv.window import Refusal, Window

NAME = "peer"

_PRESENT = 1 << 63  # Documentation/admin-guide/mm/pagemap.rst
_ENTRY = 8
_ENDED = (FileNotFoundError, ProcessLookupError, PermissionError)


class Peer:
    """Reads what several holders have touched, together.

    Only pages that are present in the holder's page table are read: reading another would allocate
    it or swap it in. What none of them touched is a gap.
    """

    name = NAME

    def __init__(self, segment: Segment, pids: Sequence[int]) -> None:
        self._segment = segment
        self._pids = pids

    def read(self, offset: int, length: int) -> Window:
        """The bytes from `offset`, cut at the segment's end. Raises Gone, Lost, ShmError."""
        window = Range.of(offset, length, self._segment.size)
        data = bytearray(window.end - window.start)
        got: list[Range] = []
        holding = False
        for pid in self._pids:
            wanted = list(missing(window, got))
            if holding and not wanted:
                break
            with in_words(self._segment):
                parts = _read(pid, self._segment.identity, wanted)
            holding = holding or parts is not None
            for part, content in parts or ():
                data[part.start - window.start : part.end - window.start] = content
            got = union([*got, *(part for part, _ in parts or ())])
        if not holding:
            raise lost(self._segment)
        absent = gaps(missing(window, got), "not mapped by that process")
        return Window(window.start, bytes(data), absent)

    def close(self) -> None:
        """Nothing is kept open."""


def choose(segment: Segment, pids: Sequence[int]) -> Peer | Refusal:
    """The tap through those of the processes `pids` that we may ptrace, or why not."""
    able = [pid for pid in pids if _read(pid, segment.identity, []) is not None]
    if able:
        return Peer(segment, able)
    reason = unmapped(segment, pids) or "No process that maps it may be traced by you."
    return Refusal(NAME, reason, False)


def _read(
    pid: int, identity: Identity, wanted: Sequence[Range]
) -> list[tuple[Range, bytes]] | None:
    """What the process has of `wanted`; None: it maps the segment no more, or may not be read.

    The mappings must be the same before and after: else the bytes may be of something else.
    """
    try:
        with _files(pid) as (memory, pagemap):
            before = maps.of(pid, identity)
            if not before:
                return None
            parts = [
                part
                for mapping in before
                for stretch in wanted
                for part in _copy(memory, pagemap, mapping, stretch)
            ]
            return parts if not parts or maps.of(pid, identity) == before else None
    except _ENDED:
        return None


@contextlib.contextmanager
def _files(pid: int) -> Iterator[tuple[int, int]]:
    """Descriptors of its memory and page table. Both stay those of this process, and of the
    program it ran, whatever gets its pid."""
    memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY | os.O_CLOEXEC)
    try:
        pagemap = os.open(f"/proc/{pid}/pagemap", os.O_RDONLY | os.O_CLOEXEC)
        try:
            yield memory, pagemap
        finally:
            os.close(pagemap)
    finally:
        os.close(memory)


def _copy(
    memory: int, pagemap: int, mapping: Mapping, wanted: Range
) -> Iterator[tuple[Range, bytes]]:
    """The present pages of one mapping inside `wanted`."""
    length = mapping.end - mapping.start
    part = wanted.clip(mapping.offset, mapping.offset + length)
    if part.start == part.end:
        return
    base = part.start // PAGE_SIZE * PAGE_SIZE
    for run in runs(_present(pagemap, mapping, base, part.end), base, PAGE_SIZE):
        there = run.clip(part.start, part.end)
        address = mapping.start + there.start - mapping.offset
        content = _pread(memory, there.end - there.start, address)
        if content:
            yield Range(there.start, there.start + len(content)), content


def _pread(memory: int, length: int, address: int) -> bytes:
    """Up to `length` bytes of another's memory; none where nothing is mapped there any more."""
    try:
        return os.pread(memory, length, address)
    except OSError as error:
        if error.errno == errno.EIO:  # mem_rw in fs/proc/base.c
            return b""
        raise


def _present(pagemap: int, mapping: Mapping, start: int, end: int) -> list[bool]:
    """For each page from `start` of the segment: is it in the process's page table?"""
    first = (mapping.start + start - mapping.offset) // PAGE_SIZE
    entries = array("Q", os.pread(pagemap, pages(end - start) * _ENTRY, first * _ENTRY))
    return [bool(entry & _PRESENT) for entry in entries]
