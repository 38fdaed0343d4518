"""The kernel's System V shared memory, one file a subject. Usable as a library."""

from shmtui.sysv.errors import (
    BadArgument,
    KeyTaken,
    NoRoom,
    NotAllowed,
    NotThere,
    Refused,
    ShmError,
)
from shmtui.sysv.listing import segments
from shmtui.sysv.segment import Fingerprint, Identity, Segment

__all__ = [
    "BadArgument",
    "Fingerprint",
    "Identity",
    "KeyTaken",
    "NoRoom",
    "NotAllowed",
    "NotThere",
    "Refused",
    "Segment",
    "ShmError",
    "segments",
]
