"""Whether a shmget of some size would fail now, and at which limit."""

from typing import NamedTuple

from shmtui.sysv.arguments import bytes_words, size_words
from shmtui.sysv.limits import Limits, Used
from shmtui.sysv.memory_use import ALWAYS, NEVER, Memory
from shmtui.sysv.pages import PAGE_SIZE, pages

MOST_SEGMENTS = 1 << 15
"""IPCMNI of linux/ipc.h: a higher shmmni counts as this, unless booted with ipcmni_extend."""


class Failure(NamedTuple):
    """One refusal of shmget(2)."""

    error: str
    """`ENOSPC`, `EINVAL` or `ENOMEM`."""
    why: str
    """What is reached, in words that follow "because"."""
    remedy: str
    """What would help, as a sentence."""


def failure(size: int, limits: Limits, used: Used, memory: Memory | None = None) -> Failure | None:
    """The first refusal that a new segment of `size` bytes meets; None: nothing speaks against it.

    In the order of newseg() in ipc/shm.c. Without `memory` its lack is not foreseen; huge pages
    never are. Nobody can promise what another does meanwhile.
    """
    return (
        _size(size, limits)
        or _pages(size, limits, used)
        or (_memory(size, memory) if memory else None)
        or _count(limits, used)
    )


def would_fail(size: int, limits: Limits, used: Used, memory: Memory | None = None) -> str:
    """`a shmget of 2.0G now would fail with ENOSPC because …`; empty where it would not."""
    found = failure(size, limits, used, memory)
    if found is None:
        return ""
    return f"a shmget of {bytes_words(size)} now would fail with {found.error} because {found.why}"


def _size(size: int, limits: Limits) -> Failure | None:
    if size < 1:
        return Failure("EINVAL", "a segment has at least one byte", "Ask for a size.")
    if size <= limits.shmmax:
        return None
    return Failure(
        "EINVAL",
        f"kernel.shmmax allows {bytes_words(limits.shmmax)} for one segment",
        f"sysctl kernel.shmmax={size}",
    )


def _pages(size: int, limits: Limits, used: Used) -> Failure | None:
    total = used.pages + pages(size)
    if total <= limits.shmall:
        return None
    return Failure(
        "ENOSPC",
        f"kernel.shmall is reached: {used.pages} of {limits.shmall} pages are used, this needs"
        f" {pages(size)}",
        f"Remove orphans, or sysctl kernel.shmall={total}",
    )


def _memory(size: int, memory: Memory) -> Failure | None:
    """What __vm_enough_memory() in mm/util.c asks; SHM_NORESERVE goes around all but NEVER."""
    rounded = pages(size) * PAGE_SIZE
    if memory.overcommit == ALWAYS:
        return None
    if memory.overcommit == NEVER:
        if memory.committed + rounded <= memory.commit_limit:
            return None
        return Failure(
            "ENOMEM",
            f"{size_words(memory.committed)} of the commit limit {size_words(memory.commit_limit)}"
            " are promised already, and vm.overcommit_memory is 2",
            "End what takes memory, or raise vm.overcommit_ratio.",
        )
    if rounded <= memory.total + memory.swap_total:
        return None
    return Failure(
        "ENOMEM",
        f"the machine has {size_words(memory.total)} of memory and {_swap(memory)}",
        "Ask for less, or with SHM_NORESERVE.",
    )


def _swap(memory: Memory) -> str:
    return f"{size_words(memory.swap_total)} of swap" if memory.swap_total else "no swap"


def _count(limits: Limits, used: Used) -> Failure | None:
    if used.segments < limits.shmmni:
        return None
    raised = min(max(limits.shmmni * 2, 1), MOST_SEGMENTS)
    more = f", or sysctl kernel.shmmni={raised}" if raised > limits.shmmni else ""
    return Failure(
        "ENOSPC",
        f"kernel.shmmni is reached: {used.segments} of {limits.shmmni} segments",
        f"Remove orphans{more}",
    )
