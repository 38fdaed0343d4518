"""One thing that happened to a segment between two polls."""

import enum
from typing import NamedTuple

from shmtui.sysv.segment import Identity


class Kind(enum.StrEnum):
    """What can be seen to happen."""

    APPEARED = "appeared"
    ATTACHED = "attached"
    DETACHED = "detached"
    MODE = "mode changed"
    OWNER = "owner changed"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    DOOMED = "doomed"
    """Marked for destruction: it goes with its last detach."""
    GONE = "gone"
    UNSEEN = "came and went"
    """Segments that were made and removed between two polls."""


class Event(NamedTuple):
    """One thing that happened to one segment, as far as two polls tell."""

    time: float
    """Unix seconds of the poll that saw it; it happened since the poll before."""
    kind: Kind
    identity: Identity | None
    """None: of segments unseen."""
    key: int | None
    """0: private. None: it was doomed before and lost its key, or the segments are unseen."""
    words: str
    """What else there is to say. Commands in it are foreign text, raw."""
    pid: int | None = None
    """Who did it; None where the kernel does not tell (all but appear, attach, detach)."""
    command: str = ""
    """Its name, raw; empty where it was never seen alive."""
