"""How much of a segment a process has in its page table: its share of what is resident."""

import os
from collections.abc import Iterable

from shmtui.sysv.maps import Mapping
from shmtui.sysv.pagemap import present
from shmtui.sysv.pages import PAGE_SIZE, pages

_STEP_BYTES = 1 << 29
"""A MiB of entries."""


def resident(pid: int, mappings: Iterable[Mapping]) -> int | None:
    """Bytes of the mappings that are in the process's page table now; None where we may not look,
    or it has ended.

    A page that is mapped twice counts twice, one that only others have touched not at all. Nothing
    is touched. It may hang: see sysv.patience.
    """
    try:
        descriptor = os.open(f"/proc/{pid}/pagemap", os.O_RDONLY | os.O_CLOEXEC)
    except (PermissionError, FileNotFoundError, ProcessLookupError):
        return None
    try:
        return sum(_present(descriptor, it) for it in mappings) * PAGE_SIZE
    finally:
        os.close(descriptor)


def _present(descriptor: int, mapping: Mapping) -> int:
    """Pages."""
    return sum(
        present(descriptor, at, pages(min(_STEP_BYTES, mapping.end - at))).count(1)
        for at in range(mapping.start, mapping.end, _STEP_BYTES)
    )
