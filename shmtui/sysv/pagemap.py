"""A process's page table, as `/proc/PID/pagemap` tells it, without touching a page."""

import os
import sys

from shmtui.sysv.pages import PAGE_SIZE

_ENTRY = 8
_TOP_BYTE = 7 if sys.byteorder == "little" else 0
_PRESENT = bytes(value >> 7 for value in range(256))
"""From the top byte of an entry: bit 63 (Documentation/admin-guide/mm/pagemap.rst)."""


def present(descriptor: int, address: int, pages: int) -> bytes:
    """For each page from `address`, a page's start: 1 where it is in the page table.

    `descriptor`: an open pagemap. Empty where the process has ended. Raises OSError.
    """
    entries = os.pread(descriptor, pages * _ENTRY, address // PAGE_SIZE * _ENTRY)
    return entries[_TOP_BYTE::_ENTRY].translate(_PRESENT)
