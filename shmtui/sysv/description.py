"""All that people want to know of one process. Through psutil: complete, and slow; for a few pids.

The polls never ask it: 4096 dead pids would cost it 77 ms. See `processes` for those.
"""

from typing import NamedTuple

import psutil


class Description(NamedTuple):
    """One living process."""

    user: str
    """Name of its real user; the uid where it has no name."""
    started: float
    """Unix seconds."""
    command_line: str
    """Its arguments joined by spaces, raw; empty for a kernel thread and a zombie."""


def describe(pid: int) -> Description | None:
    """None: it ended, or may not be looked at (hidepid)."""
    try:
        process = psutil.Process(pid)
        with process.oneshot():
            return Description(
                process.username(), process.create_time(), " ".join(process.cmdline()).strip()
            )
    except psutil.Error:
        return None
