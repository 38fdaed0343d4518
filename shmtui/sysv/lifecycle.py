"""Making and removing segments."""

import contextlib
import ctypes
import errno
import os

import sysv_ipc

from shmtui.sysv.arguments import MAX_KEY, many
from shmtui.sysv.attachment import held
from shmtui.sysv.errors import (
    BadArgument,
    KeyTaken,
    NoRoom,
    NotAllowed,
    NotThere,
    Refused,
    ShmError,
)
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.failures import failure
from shmtui.sysv.limits import UNLIMITED, Limits, read_limits, used_by
from shmtui.sysv.listing import Table
from shmtui.sysv.permissions import denied, may_change
from shmtui.sysv.segment import Fingerprint, Segment
from shmtui.sysv.status import look, refuse_doomed, seen
from shmtui.sysv.users import user_name, whoami

ATTACHED = "compared while attached"
JUST_BEFORE = "compared just before"

_MAX_MODE = 0o777

_libc = ctypes.CDLL(None, use_errno=True)
_libc.shmget.argtypes = (ctypes.c_int, ctypes.c_size_t, ctypes.c_int)


def create(key: int | None, size: int, mode: int) -> int:
    """The shmid of a new segment of `size` bytes, all of them holes; key None: private.

    Nobody is attached to it. Raises BadArgument, KeyTaken, NoRoom, NotAllowed, and Refused where
    kernel.shm_rmid_forced would destroy it as soon as we end.
    """
    limits = read_limits()
    _check(key, size, mode, limits)
    if limits.rmid_forced:
        raise Refused(
            "kernel.shm_rmid_forced is 1: a segment that nobody attaches is destroyed when its "
            "creator ends. sysctl kernel.shm_rmid_forced=0 lets it stay"
        )
    return _make(key, size, mode, limits)


def make(key: int | None, size: int, mode: int) -> int:
    """As `create`, but for whoever attaches to it at once: never Refused."""
    limits = read_limits()
    _check(key, size, mode, limits)
    return _make(key, size, mode, limits)


def remove(fingerprint: Fingerprint, unheld: bool, evidence: Evidence | None = None) -> str:
    """Removes the very segment that was looked at, and nothing that has its id by now.

    While we are attached its id cannot pass to another, so it is compared then. Where we may not
    read it, have no room to map it, or kernel.shm_rmid_forced is 1 (our detach could destroy what
    we then refuse), it is compared just before: microseconds of a gap remain. Returns which of
    both in words.

    `unheld`: only if nobody else has it attached. `evidence` remembers what our attach overwrote
    if it comes to nothing. Raises NotThere, Refused, NotAllowed, ShmError.
    """
    row = seen(fingerprint.identity)
    _compare(row, fingerprint, unheld, ours=0)
    if _may_attach(row):
        # NoRoom: our address space has none for it (RLIMIT_AS), which is no reason to keep it.
        with contextlib.suppress(NoRoom):
            with (evidence or Evidence()).attaching(row), held(row):
                _compare(look(row), fingerprint, unheld, ours=1)
                _remove(row)
            return ATTACHED
        _compare(seen(fingerprint.identity), fingerprint, unheld, ours=0)
    _remove(row)
    return JUST_BEFORE


def _make(key: int | None, size: int, mode: int, limits: Limits) -> int:
    # Not sysv_ipc's constructor: it attaches, for which `mode` may leave us no right, and with
    # IPC_EXCL it writes to every page; without IPC_EXCL a segment that another hand made just
    # before looks like ours.
    signed = sysv_ipc.IPC_PRIVATE if key is None else ctypes.c_int(key).value
    shmid = int(_libc.shmget(signed, size, mode | sysv_ipc.IPC_CREAT | sysv_ipc.IPC_EXCL))
    if shmid < 0:
        raise _why_not_made(ctypes.get_errno(), key, size, limits)
    return shmid


def _check(key: int | None, size: int, mode: int, limits: Limits) -> None:
    """Raises in words what shmget would refuse as EINVAL, or take for something else."""
    if key is not None and not 0 < key <= MAX_KEY:
        raise BadArgument(f"key {key} is out of range: 1 to {MAX_KEY:#x}, or private")
    if size <= 0:
        raise BadArgument(f"size {size}: a segment has at least one byte")
    if size > limits.shmmax:
        raise BadArgument(
            f"size {size} is beyond kernel.shmmax, which is {limits.shmmax} bytes: "
            f"sysctl kernel.shmmax={size} would allow it"
        )
    if size >= UNLIMITED:
        raise BadArgument(f"size {size} is more than any machine has")
    if not 0 <= mode <= _MAX_MODE:
        raise BadArgument(f"mode {mode:o}: only the nine permission bits, up to 0777")


def _why_not_made(code: int, key: int | None, size: int, limits: Limits) -> ShmError:
    if code == errno.EEXIST:
        return KeyTaken(_taken(key))
    if code == errno.ENOSPC:
        return NoRoom(_full(size, limits))
    if code == errno.ENOMEM:
        return NoRoom(f"not enough memory for a segment of {many(size, 'byte')}")
    if code in (errno.EACCES, errno.EPERM):
        return NotAllowed(f"the kernel does not let you create a segment; {whoami()}")
    return BadArgument(f"a segment of {many(size, 'byte')} cannot be made: {os.strerror(code)}")


def _taken(key: int | None) -> str:
    for row in Table().read().segments.values():
        if row.key == key:
            return (
                f"key {key:#010x} is taken by segment {row.shmid}: {many(row.size, 'byte')}, "
                f"mode {row.mode:04o}, owner {user_name(row.uid)}"
            )
    return f"key {key or 0:#010x} was taken a moment ago by a segment that is gone now: try again"


def _full(size: int, limits: Limits) -> str:
    """Which limit ENOSPC was about."""
    found = failure(size, limits, used_by(Table().read().segments.values()))
    if found is None:
        return "a limit was reached a moment ago, and is not any more: try again"
    return f"{found.why}. {found.remedy}"


def _compare(row: Segment, known: Fingerprint, unheld: bool, ours: int) -> None:
    """Raises Refused unless the row is what is known; `ours`: attaches of ours in its nattch."""
    refuse_doomed(row)
    if row.fingerprint != known:
        raise Refused(f"{row} was changed since you looked: look again")
    if unheld and row.nattch > ours:
        raise Refused(f"{row} is attached again ({row.nattch - ours}): not removed")


def _may_attach(row: Segment) -> bool:
    """Attaching is safe, and not in vain: who may not remove it leaves no trace in trying to."""
    if read_limits().rmid_forced or not may_change(row):
        return False
    try:
        look(row)
    except NotAllowed:
        return False
    return True


def _remove(row: Segment) -> None:
    try:
        sysv_ipc.remove_shared_memory(row.shmid)
    except sysv_ipc.ExistentialError as error:
        raise NotThere(f"{row} is gone") from error
    except sysv_ipc.PermissionsError as error:
        raise NotAllowed(denied(row)) from error
