"""Why a process that maps a segment is not found: what bars a look, or where it may be."""

import os
from typing import Literal

from shmtui.sysv import capabilities
from shmtui.sysv.arguments import many
from shmtui.sysv.initial import INITIAL
from shmtui.sysv.segment import Segment


def why_unreadable(count: int) -> str:
    """Why the maps of `count` processes may not be read, and what would help where that is known.

    It takes PTRACE_MODE_READ over them (ptrace(2)): the same user, and no capability that we have
    not, or CAP_SYS_PTRACE in their user namespace; and a security policy that does not refuse.
    """
    if not capabilities.has(capabilities.SYS_PTRACE):
        return "other users'; run as root" if os.geteuid() else "CAP_SYS_PTRACE is missing"
    if not _is_first("user"):
        return "outside this user namespace"
    refused = many(count, "process", "processes")
    return f"{refused} may not be looked into, though CAP_SYS_PTRACE is there"


def why_unlisted(segment: Segment) -> str:
    """Where those may be that map the segment and are in no list of processes that we get."""
    if not os.path.exists("/proc/1"):
        return f"hidden by hidepid{'; run as root' if os.geteuid() else ''}"
    if is_known_outside(segment):
        return "outside this pid namespace"
    if not _is_first("pid"):
        return "perhaps outside this pid namespace"
    return "no process in sight maps them: one may be ending, or have left this IPC namespace"


def is_known_outside(segment: Segment) -> bool:
    """The last who attached or detached has no pid here: /proc/sysvipc tells 0 of it."""
    return segment.nattch > 0 and segment.lpid == 0


def _is_first(namespace: Literal["user", "pid"]) -> bool:
    """Whether ours is the one that the machine started with; so too where that cannot be told."""
    try:
        return os.stat(f"/proc/self/ns/{namespace}").st_ino == INITIAL[namespace]
    except OSError:
        return True
