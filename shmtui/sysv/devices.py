"""The kernel's internal file systems that segments lie on, told by their device numbers."""

import mmap
import os
from functools import cache

from shmtui.sysv.pages import PAGE_SIZE, huge_page_sizes

Device = tuple[int, int]
"""Major and minor number."""

_MAP_HUGETLB = 0x40000
_MAP_NORESERVE = 0x4000
_MAP_HUGE_SHIFT = 26


@cache
def segment_devices() -> dict[Device, int]:
    """Device of the kernel's files for segments -> bytes of a page there.

    Learned from shared anonymous mappings of our own: they lie on the same internal file systems
    (mm/shmem.c; fs/hugetlbfs/inode.c has one for each page size). The huge ones reserve no page.
    """
    found = {_anonymous(PAGE_SIZE, 0): PAGE_SIZE}
    for size in huge_page_sizes():
        device = _anonymous(size, _MAP_HUGETLB | _MAP_NORESERVE | _order(size))
        found.setdefault(device, size)
    return {device: size for device, size in found.items() if device is not None}


def huge_page_size(device: int) -> int | None:
    """Bytes of a page of the file system `device` (st_dev), or None where pages are ordinary."""
    size = segment_devices().get((os.major(device), os.minor(device)), PAGE_SIZE)
    return size if size > PAGE_SIZE else None


def is_segment_device(device: int) -> bool:
    """Files of segments lie on the file system `device` (st_dev)."""
    return (os.major(device), os.minor(device)) in segment_devices()


def parse_device(text: bytes) -> Device:
    """From `00:01`, hexadecimal, as a maps file has it (proc_pid_maps(5))."""
    major, _, minor = text.partition(b":")
    return int(major, 16), int(minor, 16)


def _order(size: int) -> int:
    return (size.bit_length() - 1) << _MAP_HUGE_SHIFT


def _anonymous(size: int, flags: int) -> Device | None:
    """The device of a new shared anonymous mapping; None where the kernel refuses it."""
    import ctypes  # only here: whoever wants no holders need not wait for it

    try:
        memory = mmap.mmap(-1, size, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS | flags)
    except OSError:
        return None
    with memory:
        start = b"%x-" % ctypes.addressof(ctypes.c_char.from_buffer(memory))
        with open("/proc/self/maps", "rb", buffering=0) as file:
            lines = file.read().split(b"\n")
    fields = next((line.split(None, 4) for line in lines if line.startswith(start)), None)
    return parse_device(fields[3]) if fields else None
