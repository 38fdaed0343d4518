"""The limits, the memory and the queues of one moment, read together; nothing is attached."""

import time
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

from shmtui.sysv.errors import ShmError
from shmtui.sysv.huge_pages import HugePages, huge_page_pools, hugetlb_shm_group
from shmtui.sysv.limits import Bound, Limits, Used, bounds, used_by
from shmtui.sysv.memory_use import Memory, read_memory
from shmtui.sysv.pages import huge_pages
from shmtui.sysv.queues import queue_bounds
from shmtui.sysv.segment import Segment
from shmtui.sysv.shared_files import Count, count_shared_files
from shmtui.sysv.tmpfs import Tmpfs, tmpfs_mounts

T = TypeVar("T")

NOT_COUNTED = Count((), 0, False)


class Resources(NamedTuple):
    """What there is, and what is used of it. Parts that cannot be read are empty or None, and
    `caveats` says why."""

    time: float
    """Unix seconds, before the first part was read."""
    limits: Limits
    used: Used
    bounds: tuple[Bound, ...]
    """Of segments, then of semaphores and message queues."""
    resident: int | None
    """Bytes that the segments of this namespace have in memory, huge pages left out, as Shmem does;
    None where the table does not tell."""
    memory: Memory | None
    huge_pages: tuple[HugePages, ...]
    hugetlb_group: int | None
    tmpfs: tuple[Tmpfs, ...]
    shared_files: Count
    caveats: tuple[str, ...]


def read_resources(
    segments: Iterable[Segment], limits: Limits, deadline_s: float = 2.0
) -> Resources:
    """All of it as of now; `segments` and `limits` are those of a snapshot.

    It looks through all processes for what they share, for `deadline_s` at the most: not for a
    poll, and not for a UI thread.
    """
    now = time.time()
    rows = list(segments)
    used = used_by(rows)
    careful = _Careful()
    no_bounds: tuple[Bound, ...] = ()
    return Resources(
        time=now,
        limits=limits,
        used=used,
        bounds=bounds(limits, used) + careful(queue_bounds, no_bounds),
        resident=_resident(rows),
        memory=careful(read_memory, None),
        huge_pages=careful(huge_page_pools, ()),
        hugetlb_group=careful(hugetlb_shm_group, None),
        tmpfs=careful(tmpfs_mounts, ()),
        shared_files=careful(lambda: count_shared_files(deadline_s), NOT_COUNTED),
        caveats=tuple(careful.caveats),
    )


class _Careful:
    """Reads parts of which one may fail without the others."""

    def __init__(self) -> None:
        self.caveats: list[str] = []

    def __call__(self, read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except ShmError as error:
            self.caveats.append(str(error))
            return otherwise


def _resident(rows: list[Segment]) -> int | None:
    total = 0
    for row in rows:
        if row.rss is None:
            return None
        if not huge_pages(row.rss, row.size):
            total += row.rss
    return total
