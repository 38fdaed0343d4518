"""A machine by hand: its limits, its memory, and what is used of them."""

from typing import Any

from shmtui.monitor.resources import Resources
from shmtui.sysv.huge_pages import HugePages
from shmtui.sysv.limits import Bound, Used, bounds
from shmtui.sysv.memory_use import Memory
from shmtui.sysv.shared_files import Count
from shmtui.sysv.tmpfs import Tmpfs
from tests.present.made import LIMITS, NOW

GIB = 1 << 30
MEMORY = Memory(24 * GIB, 0, 14 * GIB, commit_limit=12 * GIB, committed=4 * GIB, overcommit=0)
USED = Used(37, 131072, GIB // 4)


def machine(**limits: Any) -> Resources:
    """24 GiB, of which 14 are shared: 2 System V, 8 tmpfs. `limits`: other limits than none."""
    own = LIMITS._replace(**limits)
    queues = (
        Bound("semmni", "semaphore sets", 5, 32000),
        Bound("semmns", "semaphores of all sets", 50, 1024000000),
        Bound("msgmni", "message queues", 0, 32000),
    )
    return Resources(
        time=NOW,
        limits=own,
        used=USED,
        bounds=bounds(own, USED) + queues,
        resident=2 * GIB,
        memory=MEMORY,
        huge_pages=(HugePages(2 << 20, 4, 3, 1, 0),),
        hugetlb_group=0,
        tmpfs=(Tmpfs("/dev/shm", 8 * GIB, 12 * GIB), Tmpfs("/run", 0, GIB)),
        shared_files=Count((), 0, True),
        caveats=(),
    )
