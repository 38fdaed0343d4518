"""One segment's row as it is at this moment, without reading the whole table, and who may read it.

Nothing here attaches: IPC_STAT changes nothing (ipc/shm.c, shmctl_stat).
"""

import contextlib
import errno
from collections.abc import Iterator, Sequence

from shmtui.sysv import shmctl
from shmtui.sysv.errors import NotAllowed, Refused, ShmError
from shmtui.sysv.listing import Table, namespace
from shmtui.sysv.segment import Identity, Segment
from shmtui.sysv.users import user_name, whoami
from shmtui.sysv.window import Gone, Lost

DOOMED = "it was removed already, and goes with its last detach"
"""Why nothing changes what is marked for destruction."""


def look(segment: Segment) -> Segment:
    """The segment as it is now; `rss` and `swap` None.

    Raises Gone (also where another segment has its id now), NotAllowed where we may not read it,
    ShmError where it is in another IPC namespace.
    """
    identity = segment.identity
    if identity.namespace != namespace():
        raise ShmError(f"{segment} is in another IPC namespace")
    try:
        entry = shmctl.stat(identity.shmid)
    except OSError as error:
        raise _why(error, segment) from error
    now = shmctl.segment(identity.namespace, identity.shmid, entry) if entry else _row(identity)
    if now is None or now.identity != identity:
        raise Gone(f"{segment} is gone")
    return now


def seen(identity: Identity) -> Segment:
    """The segment as it is now, also where we may not read it; `rss` and `swap` may be None.

    Raises Gone, ShmError where it is in another IPC namespace.
    """
    if identity.namespace != namespace():
        raise ShmError(f"segment {identity.shmid} is in another IPC namespace")
    try:
        entry = shmctl.stat_any(identity.shmid)
    except OSError:  # mostly gone; a sandbox may know no SHM_STAT_ANY: the table tells
        entry = None
    now = shmctl.segment(identity.namespace, identity.shmid, entry) if entry else _row(identity)
    if now is None or now.identity != identity:
        raise Gone(f"segment {identity.shmid} is gone")
    return now


def lost(segment: Segment) -> Gone | Lost:
    """Why a process that mapped it does not any more: the segment went, or only that process."""
    with contextlib.suppress(NotAllowed):  # then it is there
        try:
            look(segment)
        except Gone as gone:
            return gone
    return Lost(f"{segment}: the process that it was read through let go of it")


def refuse_doomed(segment: Segment) -> None:
    """Raises Refused where it is marked for destruction."""
    if segment.doomed:
        raise Refused(f"{segment}: {DOOMED}")


def unmapped(segment: Segment, pids: Sequence[int]) -> str:
    """Why there is no process to read it through; empty: `pids` may map it."""
    if not segment.nattch:
        return "Nobody has it attached."
    return "" if pids else "No process that maps it is known."


@contextlib.contextmanager
def in_words(segment: Segment) -> Iterator[None]:
    """An OSError inside becomes a ShmError that names the segment."""
    try:
        yield
    except OSError as error:
        raise ShmError(f"{segment}: {error.strerror}") from error


def denied(segment: Segment) -> str:
    """Why it may not be read: `Mode 0600, owner postgres; you are ops. Run as root.`"""
    return f"Mode {segment.mode:04o}, owner {user_name(segment.uid)}; {whoami()}. Run as root."


def _row(identity: Identity) -> Segment | None:
    """From the table: shmctl's layout is known on the common machines only."""
    return Table().read().segments.get(identity)


def _why(error: OSError, segment: Segment) -> ShmError:
    if error.errno in (errno.EINVAL, errno.EIDRM):
        return Gone(f"{segment} is gone")
    if error.errno in (errno.EACCES, errno.EPERM):
        return NotAllowed(f"{segment}: {denied(segment)}")
    return ShmError(f"{segment}: {error.strerror}")
