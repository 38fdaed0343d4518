"""Being attached to a segment for an instant, through sysv_ipc."""

import contextlib
import time
from collections.abc import Iterator

import sysv_ipc

from shmtui.sysv import maps
from shmtui.sysv.arguments import many
from shmtui.sysv.errors import NoRoom, NotAllowed, Refused, ShmError
from shmtui.sysv.gate import Terms, refusal
from shmtui.sysv.segment import Segment
from shmtui.sysv.status import denied
from shmtui.sysv.users import user_name, whoami
from shmtui.sysv.window import Gone, Refusal

PERIOD_S = 1.0
"""Taps attach to a segment at most once in that time."""


class Forbidden(Refused):
    """The gate is closed now; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason)
        self.refusal = refusal


@contextlib.contextmanager
def attached(segment: Segment, tap: str, terms: Terms) -> Iterator[maps.Found]:
    """Our read-only mapping of the segment, for as long as the block runs. Keep it short.

    Waits until a second has passed since our last attach. The gate is asked again with the row of
    this very moment. Raises Forbidden, Gone, NotAllowed, NoRoom, ShmError.
    """
    with _turn(segment, terms), terms.evidence.attaching(segment) as now:
        refused = refusal(tap, now, terms)
        if refused:
            raise Forbidden(refused)
        with held(segment) as address:
            yield _own(segment, address)


@contextlib.contextmanager
def _turn(segment: Segment, terms: Terms) -> Iterator[None]:
    """The evidence is locked and a second has passed since our last attach, whichever of our
    threads made it. Nothing is locked while it passes: the polls need not wait."""
    while True:
        with terms.evidence.lock:
            wait_s = PERIOD_S - terms.evidence.since_attach(segment.identity)
            if wait_s <= 0:
                yield
                return
        time.sleep(wait_s)


@contextlib.contextmanager
def held(segment: Segment, writable: bool = False) -> Iterator[int]:
    """The address of our mapping until the end, read-only unless `writable`. Raises as `attach`
    does."""
    memory = attach(segment, writable)
    try:
        yield int(memory.address)
    finally:
        memory.detach()


def attach(segment: Segment, writable: bool = False) -> "sysv_ipc.SharedMemory":
    """Our mapping, read-only unless `writable`; whoever asks detaches it. Leave its memoryview
    alone, which may crash us, and its `key`, which is noise.

    Raises Gone, NotAllowed, NoRoom, ShmError.
    """
    try:
        return sysv_ipc.attach(segment.shmid, None, 0 if writable else sysv_ipc.SHM_RDONLY)
    except (ValueError, sysv_ipc.ExistentialError) as error:  # it says ValueError for a bad id
        raise Gone(f"{segment} is gone") from error
    except sysv_ipc.PermissionsError as error:
        raise NotAllowed(f"{segment}: {_denied(segment, writable)}") from error
    except MemoryError as error:
        raise NoRoom(f"{segment}: no room to map {many(segment.size, 'byte')}") from error
    except (sysv_ipc.Error, OSError) as error:
        raise ShmError(f"{segment}: {error}") from error


def _denied(segment: Segment, writable: bool) -> str:
    if not writable:
        return denied(segment)
    owner = user_name(segment.uid)
    return f"mode {segment.mode:04o}, owner {owner}; {whoami()}. Writing needs that user or root"


def _own(segment: Segment, address: int) -> maps.Found:
    for found in maps.find("self"):
        if found.mapping.start == address and found.shmid == segment.shmid:
            return found
    raise ShmError(f"{segment}: our own mapping at {address:#x} is not in /proc/self/maps")
