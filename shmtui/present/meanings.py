"""What each error of shmget means on this machine, in this namespace, now."""

from typing import NamedTuple

from shmtui.monitor.resources import Resources
from shmtui.sysv.arguments import many, size_words
from shmtui.sysv.limits import Bound
from shmtui.sysv.memory_use import ALWAYS, NEVER, Memory
from shmtui.sysv.pages import PAGE_SIZE


class Meaning(NamedTuple):
    """One error, and what it can be about."""

    error: str
    words: tuple[str, ...]


def meanings(resources: Resources) -> tuple[Meaning, ...]:
    """The most frequent question first (shmget(2); newseg() in ipc/shm.c)."""
    return (
        Meaning("ENOSPC", (_no_space(resources), _no_space_elsewhere(resources))),
        Meaning("ENOMEM", _no_memory(resources)),
        Meaning("EINVAL", (_invalid(resources), "the key's segment is smaller than asked for")),
        Meaning("EPERM", ("SHM_HUGETLB without CAP_IPC_LOCK, outside of hugetlb_shm_group",)),
        Meaning("EACCES", ("the key's segment has a mode that grants less than the flags ask",)),
        Meaning("EEXIST", ("IPC_CREAT | IPC_EXCL, and a segment has that key",)),
        Meaning("ENOENT", ("no segment has that key, and IPC_CREAT was not given",)),
    )


def _no_space(resources: Resources) -> str:
    segments, together, _ = resources.bounds[:3]
    return (
        f"shmmni: {segments.used} of {segments.limit} segments are there;"
        f" {_pages_used(together.used, together.limit)}"
    )


def _no_space_elsewhere(resources: Resources) -> str:
    sets = _bound(resources, "semmni")
    if sets is None:
        return "semget says it too, over semmni and semmns"
    all_of_them = _bound(resources, "semmns")
    single = f", {all_of_them.used} of {all_of_them.limit} semaphores" if all_of_them else ""
    return f"semget says it too: {sets.used} of {sets.limit} sets are there{single}"


def _no_memory(resources: Resources) -> tuple[str, ...]:
    left = sum(pool.available * pool.page_size for pool in resources.huge_pages)
    most = f"more than the {size_words(left)} of huge pages that are left"
    huge = most if left else "any size, as no huge page is left"
    return (_no_ordinary_memory(resources.memory), f"with SHM_HUGETLB: {huge}")


def _no_ordinary_memory(memory: Memory | None) -> str:
    if memory is None:
        return "more than the machine can promise"
    if memory.overcommit == ALWAYS:
        return "never for its size, as vm.overcommit_memory is 1"
    if memory.overcommit == NEVER:
        left = max(0, memory.commit_limit - memory.committed)
        return f"more than the {size_words(left)} left of the commit limit"
    return f"more than memory and swap, {size_words(memory.total + memory.swap_total)} together"


def _invalid(resources: Resources) -> str:
    limit = resources.bounds[2].limit
    most = "unlimited here" if limit is None else size_words(limit)
    return f"size 0, or above shmmax ({most}), or huge pages of a size that there is not"


def _pages_used(used: int, limit: int | None) -> str:
    if limit is None:
        return f"shmall: unlimited, {many(used, 'page')} used"
    size = size_words(limit * PAGE_SIZE)
    return f"or shmall: {used} of {many(limit, 'page')} ({size}) are used"


def _bound(resources: Resources, name: str) -> Bound | None:
    return next((one for one in resources.bounds if one.name == name), None)
