"""Semaphore sets and message queues against their limits: ENOSPC is often semget's."""

from typing import NamedTuple

from shmtui.sysv.errors import ShmError
from shmtui.sysv.limits import Bound


class _SemLimits(NamedTuple):
    """The four numbers of /proc/sys/kernel/sem, in their order (proc_sys_kernel(5))."""

    semmsl: int
    """Semaphores of one set."""
    semmns: int
    """Semaphores of all sets."""
    semopm: int
    """Operations of one semop(2)."""
    semmni: int
    """Sets."""


def queue_bounds() -> tuple[Bound, ...]:
    """semmni, semmns and msgmni of this IPC namespace, with what is used of each.

    semget(2) gives ENOSPC over semmni or semmns, msgget(2) over msgmni. Empty where the kernel
    was built without them, or /proc does not tell. Raises ShmError.
    """
    try:
        return (*_semaphores(), *_messages())
    except FileNotFoundError:  # no CONFIG_SYSVIPC_SYSCTL, or proc is mounted with subset=pid
        return ()
    except (OSError, ValueError, TypeError) as error:
        raise ShmError(f"the semaphores and queues cannot be counted: {error}") from error


def _semaphores() -> tuple[Bound, ...]:
    limits = _SemLimits(*map(int, _read("/proc/sys/kernel/sem").split()))
    sizes = _column("/proc/sysvipc/sem", "nsems")
    return (
        Bound("semmni", "semaphore sets", len(sizes), limits.semmni),
        Bound("semmns", "semaphores of all sets", sum(sizes), limits.semmns),
    )


def _messages() -> tuple[Bound, ...]:
    queues = _column("/proc/sysvipc/msg", "qnum")
    limit = int(_read("/proc/sys/kernel/msgmni"))
    return (Bound("msgmni", "message queues", len(queues), limit),)


def _column(path: str, name: str) -> list[int]:
    """The numbers under one heading of a table in /proc/sysvipc."""
    heading, *rows = _read(path).splitlines()
    place = heading.split().index(name)
    return [int(row.split()[place]) for row in rows]


def _read(path: str) -> str:
    with open(path, encoding="ascii") as file:
        return file.read()
