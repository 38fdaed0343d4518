"""Who may change a segment, and changing its mode, owner and group."""

import errno
import os
from typing import NamedTuple

from shmtui.sysv import capabilities, shmctl
from shmtui.sysv.errors import BadArgument, NotAllowed, Refused, ShmError
from shmtui.sysv.segment import Segment
from shmtui.sysv.status import refuse_doomed, seen
from shmtui.sysv.users import user_name, whoami


class Permissions(NamedTuple):
    """What IPC_SET sets."""

    mode: int
    """Nine permission bits."""
    uid: int
    gid: int

    @classmethod
    def of(cls, segment: Segment) -> "Permissions":
        """Those that it has."""
        return cls(segment.mode, segment.uid, segment.gid)


def may_change(segment: Segment) -> bool:
    """We may remove it and set its permissions (ipcctl_obtain_check in ipc/util.c).

    Where our user namespace is not that of the IPC namespace, the kernel may still say no.
    """
    return os.geteuid() in (segment.uid, segment.cuid) or _is_admin()


def set_permissions(known: Segment, wanted: Permissions) -> Segment:
    """Sets all three at once, of the very segment that was looked at; gives its row afterwards.

    Through IPC_SET itself: sysv_ipc can do it only while attached, which would overwrite the last
    pid and attach time, and sets one after the other, so that giving it away could lock us out
    half way. Compared just before, and once more just after: the id could pass to another segment
    within microseconds. With its permissions too, for of two changes in one second ctime tells
    nothing, and the later would undo the other. Its change time becomes now.

    Raises NotThere, NotAllowed, Refused, BadArgument, ShmError.
    """
    row = seen(known.identity)
    refuse_doomed(row)
    if (row.fingerprint, Permissions.of(row)) != (known.fingerprint, Permissions.of(known)):
        raise Refused(f"{row} was changed since you looked: look again")
    _set(row, wanted)
    now = seen(known.identity)
    if Permissions.of(now) != wanted:
        raise ShmError(f"{now}: another hand set its permissions at the same moment: look again")
    return now


def _set(row: Segment, wanted: Permissions) -> None:
    try:
        shmctl.set_permissions(row.shmid, wanted.mode, wanted.uid, wanted.gid)
    except OSError as error:
        raise _why(error, row, wanted) from error


def _why(error: OSError, row: Segment, wanted: Permissions) -> ShmError:
    """Raises Gone where that is why."""
    if error.errno == errno.EPERM:
        return NotAllowed(denied(row))
    seen(row.identity)
    if error.errno == errno.EINVAL:
        return BadArgument(
            f"{row}: the kernel takes no user {wanted.uid} or group {wanted.gid} here: is one of"
            " them not mapped into this user namespace?"
        )
    return ShmError(f"{row}: {error.strerror}")


def denied(segment: Segment) -> str:
    """Why we may neither remove it nor set its permissions."""
    creator = ""
    if segment.cuid != segment.uid:
        creator = f", creator {user_name(segment.cuid)}"
    return (
        f"{segment}: owner {user_name(segment.uid)}{creator}; {whoami()}. "
        "Only its owner, its creator or root may change or remove it"
    )


def _is_admin() -> bool:
    return capabilities.has(capabilities.SYS_ADMIN)
