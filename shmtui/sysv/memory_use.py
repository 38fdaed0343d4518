"""How much memory the machine has, how much of it is shared, and what it promises to give."""

from typing import NamedTuple

from shmtui.sysv.errors import ShmError

NEVER = 2
"""vm.overcommit_memory: nothing beyond the commit limit (proc_sys_vm(5))."""
ALWAYS = 1
"""Every shmget is believed."""


class Memory(NamedTuple):
    """Bytes, of the whole machine (proc_meminfo(5)), whatever container we are in."""

    total: int
    swap_total: int
    shmem: int
    """Resident shared memory of every kind: System V, tmpfs, memfd, shared anonymous."""
    commit_limit: int
    committed: int
    overcommit: int
    """vm.overcommit_memory: 0 a heuristic, ALWAYS, NEVER."""


def read_memory() -> Memory:
    """As of now. Raises ShmError."""
    try:
        known = _meminfo()
        return Memory(
            total=known["MemTotal"],
            swap_total=known["SwapTotal"],
            shmem=known["Shmem"],
            commit_limit=known["CommitLimit"],
            committed=known["Committed_AS"],
            overcommit=_overcommit(),
        )
    except (OSError, ValueError) as error:
        raise ShmError(f"the machine's memory cannot be told: {error}") from error
    except KeyError as error:
        raise ShmError(f"/proc/meminfo has no line {error}") from error


def _meminfo() -> dict[str, int]:
    """Bytes by name, of the lines in kB."""
    with open("/proc/meminfo", encoding="ascii") as file:
        lines = (line.split() for line in file)
        return {line[0][:-1]: int(line[1]) * 1024 for line in lines if line[2:] == ["kB"]}


def _overcommit() -> int:
    try:
        with open("/proc/sys/vm/overcommit_memory", encoding="ascii") as file:
            return int(file.read())
    except FileNotFoundError:  # proc is mounted with subset=pid
        return 0
