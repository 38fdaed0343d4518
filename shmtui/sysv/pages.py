"""Pages: how large they are, how many a segment has, and whether a row tells of huge ones."""

import os

PAGE_SIZE = os.sysconf("SC_PAGESIZE")
"""Bytes of an ordinary page."""

_HUGE_STEP_BYTES = 64 * 1024
"""The smallest huge page of any architecture (arm64, contiguous PTEs)."""

_HUGE_SIZES = "/sys/kernel/mm/hugepages"


def huge_page_sizes() -> dict[int, str]:
    """Bytes of a huge page -> the directory where the kernel tells of those, `hugepages-2048kB`
    (hugetlbpage.rst). None where the kernel has no huge pages, or /sys is not mounted.

    Raises OSError.
    """
    try:
        names = os.listdir(_HUGE_SIZES)
    except FileNotFoundError:
        return {}
    return {
        int(name.removeprefix("hugepages-").removesuffix("kB")) * 1024: f"{_HUGE_SIZES}/{name}"
        for name in names
    }


def pages(size: int) -> int:
    """Pages that `size` bytes take, and count against shmall (newseg() in ipc/shm.c)."""
    return -(-size // PAGE_SIZE)


def huge_pages(rss: int | None, size: int) -> bool | None:
    """Whether a segment of `size` bytes lies in huge pages, as far as its row tells.

    The table has no bit for it. Newer kernels (seen on 6.18) count the `rss` of huge pages in the
    wrong unit, so that it exceeds the size; older ones give whole huge pages (shm_add_rss_swap in
    ipc/shm.c).
    """
    if not rss:
        return None
    if rss > pages(size) * PAGE_SIZE:
        return True
    return None if rss % _HUGE_STEP_BYTES == 0 else False
