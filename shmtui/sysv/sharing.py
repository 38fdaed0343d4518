"""How much of a segment a process has in its page table: its share of what is resident."""

import os
from collections.abc import Iterable, Iterator, Sequence

from shmtui.sysv.maps import Mapping
from shmtui.sysv.pagemap import present
from shmtui.sysv.pages import PAGE_SIZE, pages

_STEP_BYTES = 1 << 29
"""A MiB of entries."""


def resident(pid: int, mappings: Iterable[Mapping]) -> int | None:
    """Bytes of the segment that are in the process's page table now; None where we may not look,
    or it has ended.

    A page that is mapped twice counts once, one that only others have touched not at all. Nothing
    is touched. It may hang: see sysv.patience.
    """
    try:
        descriptor = os.open(f"/proc/{pid}/pagemap", os.O_RDONLY | os.O_CLOEXEC)
    except (PermissionError, FileNotFoundError, ProcessLookupError):
        return None
    try:
        return sum(_present(descriptor, them) for them in _overlapping(mappings)) * PAGE_SIZE
    finally:
        os.close(descriptor)


def _overlapping(mappings: Iterable[Mapping]) -> Iterator[list[Mapping]]:
    """Those together that map a stretch of the segment more than once."""
    group: list[Mapping] = []
    end = 0
    for it in sorted(mappings, key=lambda it: it.offset):
        if group and it.offset >= end:
            yield group
            group = []
        group.append(it)
        end = max(end, it.offset + it.end - it.start)
    if group:
        yield group


def _present(descriptor: int, mappings: Sequence[Mapping]) -> int:
    """Pages of the segment that any of them has."""
    if len(mappings) == 1:
        return sum(flags.count(1) for _, flags in _flags(descriptor, mappings[0]))
    start = mappings[0].offset
    seen = bytearray(pages(max(it.offset + it.end - it.start for it in mappings) - start))
    for mapping in mappings:
        for offset, flags in _flags(descriptor, mapping):
            at = (offset - start) // PAGE_SIZE
            _add(seen, at, flags)
    return seen.count(1)


def _add(seen: bytearray, at: int, flags: bytes) -> None:
    place = slice(at, at + len(flags))
    both = int.from_bytes(seen[place], "little") | int.from_bytes(flags, "little")
    seen[place] = both.to_bytes(len(flags), "little")


def _flags(descriptor: int, mapping: Mapping) -> Iterator[tuple[int, bytes]]:
    """Offsets in the segment, and for each page from there 1 where it is present."""
    for at in range(mapping.start, mapping.end, _STEP_BYTES):
        flags = present(descriptor, at, pages(min(_STEP_BYTES, mapping.end - at)))
        yield mapping.offset + at - mapping.start, flags
