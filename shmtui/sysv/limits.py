"""The limits of this IPC namespace, and how near they are."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from shmtui.sysv.errors import ShmError
from shmtui.sysv.pages import pages
from shmtui.sysv.segment import Segment

Unit = Literal["", "bytes", "pages"]
"""What a limit counts; empty: things."""

UNLIMITED = 2**62
"""A limit from here up means "none": the kernel's defaults are 2**64 - 2**24 (linux/shm.h)."""

NEAR_SHARE = 0.8
"""The share of a limit from which it is called near."""


class Limits(NamedTuple):
    """The settings that bind shmget and shmat, as `/proc/sys/kernel/shm*` has them."""

    shmmni: int
    """Segments."""
    shmmax: int
    """Bytes of one segment."""
    shmall: int
    """Pages of all segments together."""
    rmid_forced: bool
    """A segment is destroyed with its last detach. Also True where it cannot be read: then
    nobody may rely on the opposite."""
    next_id: int | None
    """-1: the kernel chooses; None: cannot be read."""


class Used(NamedTuple):
    """What the segments of a namespace take of its limits."""

    segments: int
    """Those marked for destruction count too, until their last detach."""
    pages: int
    """What their sizes count against shmall, resident or not (newseg() in ipc/shm.c)."""
    largest: int
    """Bytes of the largest; 0 without segments."""


class Bound(NamedTuple):
    """One limit of the kernel, and what is used of it."""

    name: str
    """As `/proc/sys/kernel` or the man page calls it."""
    what: str
    """What it bounds, in words."""
    used: int
    limit: int | None
    """None: unlimited."""
    unit: Unit = ""

    @property
    def share(self) -> float | None:
        """used / limit; 1.0 where the limit is 0; None: unlimited."""
        if self.limit is None:
            return None
        return self.used / self.limit if self.limit else 1.0

    @property
    def fills(self) -> bool:
        """What is used leaves less. shmmax bounds each segment alone."""
        return self.name != "shmmax"


def read_limits() -> Limits:
    """The limits now. Where /proc/sys is not mounted, from IPC_INFO. Raises ShmError."""
    try:
        return _from_proc()
    except FileNotFoundError:
        return _from_ipc_info()
    except (OSError, ValueError) as error:
        raise ShmError(f"the limits cannot be read: {error}") from error


def used_by(segments: Iterable[Segment]) -> Used:
    """What all the segments of a namespace use."""
    sizes = [segment.identity.size for segment in segments]
    return Used(len(sizes), sum(map(pages, sizes)), max(sizes, default=0))


def bounds(limits: Limits, used: Used) -> tuple[Bound, ...]:
    """shmmni, shmall and shmmax, with what is used of each."""
    return (
        Bound("shmmni", "segments", used.segments, _bounded(limits.shmmni)),
        Bound("shmall", "all segments together", used.pages, _bounded(limits.shmall), "pages"),
        Bound("shmmax", "one segment, the largest", used.largest, _bounded(limits.shmmax), "bytes"),
    )


def nearest_bound(bounds: Iterable[Bound]) -> Bound | None:
    """The one of which most is used, the first where several are used alike; None: all are
    unlimited. Only of those that fill."""
    filling = [one for one in bounds if one.fills and one.share is not None]
    return max(filling, key=lambda one: one.share or 0.0, default=None)


def _bounded(limit: int) -> int | None:
    return None if limit >= UNLIMITED else limit


def _from_proc() -> Limits:
    return Limits(
        shmmni=_setting("shmmni"),
        shmmax=_setting("shmmax"),
        shmall=_setting("shmall"),
        rmid_forced=bool(_setting("shm_rmid_forced")),
        next_id=_next_id(),
    )


def _setting(name: str) -> int:
    with open(f"/proc/sys/kernel/{name}", "rb", buffering=0) as file:
        return int(file.read(32))


def _next_id() -> int | None:
    try:
        return _setting("shm_next_id")
    except FileNotFoundError:  # a kernel without CONFIG_CHECKPOINT_RESTORE: it always chooses
        return -1
    except PermissionError:
        return None


def _from_ipc_info() -> Limits:
    from shmtui.sysv import shmctl  # ctypes is wanted only here

    info = shmctl.ipc_info()
    return Limits(
        shmmni=info.shmmni,
        shmmax=info.shmmax,
        shmall=info.shmall,
        rmid_forced=True,
        next_id=None,
    )
