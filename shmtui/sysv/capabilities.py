"""Which capabilities are effective (capabilities(7)): root in a container mostly lacks some."""

import os
from functools import cache
from pathlib import Path

SYS_PTRACE = 19  # linux/capability.h
SYS_ADMIN = 21


@cache
def has(capability: int) -> bool:
    """We have it (proc_pid_status(5)). Where /proc is not mounted root is taken to have all.

    In a user namespace that is not the first it counts for nothing outside of that.
    """
    try:
        text = Path("/proc/thread-self/status").read_text()
    except OSError:
        return os.geteuid() == 0
    line = next(line for line in text.splitlines() if line.startswith("CapEff:"))
    return bool(int(line.split()[1], 16) >> capability & 1)
