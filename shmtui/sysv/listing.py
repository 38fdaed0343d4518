"""The kernel's table of segments as values: rows that did not change stay the same objects."""

import os
from itertools import compress, count
from operator import ne
from typing import NamedTuple

from shmtui.sysv.errors import ShmError
from shmtui.sysv.row import Columns
from shmtui.sysv.segment import Identity, Segment

TABLE = "/proc/sysvipc/shm"

_OF_THREAD = "/proc/thread-self/ns/ipc"
_OF_PROGRAM = "/proc/self/ns/ipc"
"""That of its first thread (proc_pid(5)), which never enters another."""


class Listing(NamedTuple):
    """The segments of one IPC namespace, at one reading. Nothing in it is changed afterwards."""

    segments: dict[Identity, Segment]
    """In the table's order."""
    caveat: str
    """What cannot be known without the table, in words; empty where it was read."""
    garbage: tuple[str, ...]
    """Rows that could not be understood, each in words with its text made visible."""
    namespace: int
    """Inode of the IPC namespace."""


class Table:
    """Reads the table again and again. Not thread-safe: one for each poller.

    It shows the IPC namespace of the calling thread, to every user (sysvipc_shm_proc_show in
    ipc/shm.c). Rows are told apart by shmid, never by key: a key may come twice while segments
    come and go. The file is opened anew each time: a kept descriptor pins a dead container's
    memory.
    """

    def __init__(self, path: str = TABLE) -> None:
        self._path = path
        self._memory: _Memory | None = None
        self._entries: dict[bytes, Segment] = {}

    def read(self) -> Listing:
        """Every segment. A line as it was gives the very same Segment. Raises ShmError.

        Where the table cannot be opened, the rows come from shmctl, and `caveat` says what is
        then unknown.
        """
        inode = namespace()
        try:
            with open(self._path, "rb", buffering=0) as file:
                raw = file.readall()
        except OSError as error:
            return self._from_shmctl(inode, error)
        header, *lines = raw.split(b"\n")
        if lines and not lines[-1]:
            lines.pop()  # what follows the last line's end
        memory = self._memory
        if memory is None or (memory.header, memory.namespace) != (header, inode):
            memory = self._memory = _Memory(header, inode)
        return memory.listing(lines)

    def _from_shmctl(self, inode: int, cause: OSError) -> Listing:
        from shmtui.sysv import shmctl  # ctypes is wanted only here

        known = self._entries
        self._entries = {}
        for shmid, entry in shmctl.rows():
            raw = b"%d %d %b" % (inode, shmid, bytes(entry))
            self._entries[raw] = known.get(raw) or shmctl.segment(inode, shmid, entry)
        segments = {row.identity: row for row in self._entries.values()}
        return Listing(segments, f"rss and swap unknown: {_why(cause)}", (), inode)


class _Memory:
    """The lines of the last reading and what they say, for one namespace and one header."""

    def __init__(self, header: bytes, namespace: int) -> None:
        self.header = header
        self.namespace = namespace
        self._columns = Columns(header)
        self._lines: list[bytes] = []
        self._rows: list[Segment | str] = []
        self._listing = Listing({}, "", (), namespace)

    def listing(self, lines: list[bytes]) -> Listing:
        """Only lines that were not there the last time are understood."""
        if len(lines) != len(self._lines) or not self._in_place(lines):
            self._anew(lines)
        self._lines = lines
        return self._listing

    def _in_place(self, lines: list[bytes]) -> bool:
        """Mostly nothing came or went: a comparison for each line and no look-up, 1 ms for 32768.

        False where something did.
        """
        places = list(compress(count(), map(ne, lines, self._lines)))
        rows = self._understand([lines[place] for place in places])
        fresh = {row.identity: row for row in rows if isinstance(row, Segment)}
        if [_identity(self._rows[place]) for place in places] != list(fresh):
            return False
        if fresh:
            for place, row in zip(places, rows, strict=True):
                self._rows[place] = row
            self._listing = self._listing._replace(segments=self._listing.segments | fresh)
        return True

    def _anew(self, lines: list[bytes]) -> None:
        known: dict[bytes, Segment | str] = dict(zip(self._lines, self._rows, strict=True))
        rows = list(map(known.get, lines))
        places = [place for place, row in enumerate(rows) if row is None]
        fresh = self._understand([lines[place] for place in places])
        for place, row in zip(places, fresh, strict=True):
            rows[place] = row
        self._rows = [row for row in rows if row is not None]
        segments = {row.identity: row for row in self._rows if isinstance(row, Segment)}
        garbage = tuple(row for row in self._rows if isinstance(row, str))
        self._listing = Listing(segments, "", garbage, self.namespace)

    def _understand(self, lines: list[bytes]) -> list[Segment | str]:
        return self._columns.segments(lines, self.namespace)


def _identity(row: Segment | str) -> Identity | None:
    return row.identity if isinstance(row, Segment) else None


def segments() -> list[Segment]:
    """Every segment of this IPC namespace, in the table's order. Raises ShmError."""
    return list(Table().read().segments.values())


def namespace() -> int:
    """The inode of the calling thread's IPC namespace (namespaces(7)). Raises ShmError."""
    return _inode(_OF_THREAD)


def own_namespace() -> int:
    """As `namespace`, of the program, also while the calling thread is in another one."""
    return _inode(_OF_PROGRAM)


def _inode(path: str) -> int:
    try:
        return os.stat(path).st_ino
    except OSError as error:
        raise ShmError(f"{path}: {error.strerror}. Is /proc mounted?") from error


def _why(cause: OSError) -> str:
    if isinstance(cause, FileNotFoundError):
        return "/proc/sysvipc is not mounted"
    return f"{cause.filename}: {cause.strerror}"
