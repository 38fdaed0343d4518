"""One System V shared memory segment, as a row of the kernel's table shows it.

The types are named tuples, not dataclasses: a table may have 32768 rows, a tuple is built four
times faster than a frozen dataclass, and its hash and comparison run in C.
"""

from typing import NamedTuple

from shmtui.sysv.arguments import key_words

SHM_DEST = 0o1000
"""Marked for destruction: IPC_RMID was called while it was mapped (linux/shm.h)."""

SHM_LOCKED = 0o2000
"""Locked in memory by SHM_LOCK (linux/shm.h)."""


class Identity(NamedTuple):
    """What never changes in a segment's life; the key of every dict, cursor, tag and pin."""

    namespace: int
    """Inode of the IPC namespace (`/proc/PID/ns/ipc`)."""
    shmid: int
    cpid: int
    """Pid of the creator, as our pid namespace sees it; 0: outside of it."""
    cuid: int
    size: int
    """Bytes, as given to shmget (not rounded to pages)."""


class Fingerprint(NamedTuple):
    """An identity that also tells a reused id apart. Guards removal; nothing else."""

    identity: Identity
    key: int
    ctime: int


class Segment(NamedTuple):
    """One row of `/proc/sysvipc/shm`, numbers as the kernel gives them."""

    identity: Identity
    key: int
    """Unsigned, 0 … 0xffffffff. 0: IPC_PRIVATE, or marked for destruction."""
    perms: int
    """Mode bits (0777) and the flags SHM_DEST and SHM_LOCKED."""
    lpid: int
    """Pid of the last process that attached or detached; 0: none, or another pid namespace."""
    nattch: int
    """Mappings, not processes: an mprotect inside one splits it into more."""
    uid: int
    gid: int
    cgid: int
    atime: int
    """Unix seconds of the last attach, detach and change; 0: never."""
    dtime: int
    ctime: int
    rss: int | None
    """Bytes resident, rounded up to pages; None where the source cannot know."""
    swap: int | None

    @property
    def shmid(self) -> int:
        return self.identity.shmid

    @property
    def cpid(self) -> int:
        return self.identity.cpid

    @property
    def cuid(self) -> int:
        return self.identity.cuid

    @property
    def size(self) -> int:
        """Bytes, as given to shmget."""
        return self.identity.size

    @property
    def mode(self) -> int:
        """The nine permission bits."""
        return self.perms & 0o777

    @property
    def doomed(self) -> bool:
        """Marked for destruction: it goes with its last detach."""
        return bool(self.perms & SHM_DEST)

    @property
    def locked(self) -> bool:
        return bool(self.perms & SHM_LOCKED)

    @property
    def private(self) -> bool:
        """Made with IPC_PRIVATE. A doomed segment has lost its key, so this is then unknown."""
        return self.key == 0 and not self.doomed

    @property
    def last_used(self) -> int:
        """Unix seconds of the latest attach, detach or change."""
        return max(self.ctime, self.atime, self.dtime)

    @property
    def fingerprint(self) -> Fingerprint:
        return Fingerprint(self.identity, self.key, self.ctime)

    def __str__(self) -> str:
        """The name that messages use: `segment 5 (0x00000cea)`."""
        if self.doomed:
            return f"segment {self.shmid} (marked for destruction)"
        return f"segment {self.shmid} ({key_words(self.key)})"
