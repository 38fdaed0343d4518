"""Huge pages of the machine, by size, and who may take them for a segment."""

from pathlib import Path
from typing import NamedTuple

from shmtui.sysv.errors import ShmError
from shmtui.sysv.pages import huge_page_sizes


class HugePages(NamedTuple):
    """The pool of one size; every count is in pages of that size (hugetlbpage.rst)."""

    page_size: int
    """Bytes."""
    total: int
    free: int
    reserved: int
    """Of the free ones: promised to segments and mappings that did not touch them yet."""
    surplus: int
    """Of the total: beyond nr_hugepages, given back when they are free."""

    @property
    def available(self) -> int:
        """Pages that a new segment could still reserve."""
        return self.free - self.reserved


def huge_page_pools() -> tuple[HugePages, ...]:
    """The smallest size first; none where the kernel has none, or /sys is not mounted.

    Raises ShmError.
    """
    try:
        sizes = huge_page_sizes()
        return tuple(_pool(size, Path(sizes[size])) for size in sorted(sizes))
    except (OSError, ValueError) as error:
        raise ShmError(f"the huge pages cannot be counted: {error}") from error


def hugetlb_shm_group() -> int | None:
    """The gid that may use SHM_HUGETLB without CAP_IPC_LOCK; None: it cannot be told.

    It is of the whole machine (vm.hugetlb_shm_group, can_do_hugetlb_shm() in fs/hugetlbfs).
    """
    try:
        return int(Path("/proc/sys/vm/hugetlb_shm_group").read_text())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise ShmError(f"vm.hugetlb_shm_group cannot be read: {error}") from error


def _pool(size: int, place: Path) -> HugePages:
    names = ("nr_hugepages", "free_hugepages", "resv_hugepages", "surplus_hugepages")
    return HugePages(size, *(int((place / name).read_text()) for name in names))
