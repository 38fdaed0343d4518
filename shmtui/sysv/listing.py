"""The kernel's table of segments as values: rows that did not change stay the same objects."""

import os
from collections.abc import Callable
from operator import itemgetter
from typing import Literal, NamedTuple

from shmtui.sysv.errors import ShmError
from shmtui.sysv.segment import Identity, Segment

TABLE = "/proc/sysvipc/shm"

_READ_SIZE = 1 << 20  # the kernel gives at most 4080 bytes a read, other kernels may give more
_NAMESPACE = "/proc/thread-self/ns/ipc"
_NEEDED = tuple(
    b"shmid cpid cuid size key lpid nattch uid gid cgid atime dtime ctime perms".split()
)
_MASK = 0xFFFFFFFF

_Parser = Callable[[bytes], Segment]


class Listing(NamedTuple):
    """The segments of one IPC namespace, at one reading."""

    segments: dict[Identity, Segment]
    """In the table's order."""
    source: Literal["table", "shmctl"]
    caveat: str
    """What this source cannot know, in words; empty where it knows all."""
    garbage: tuple[str, ...]
    """Rows that could not be understood, each in words with its text made visible."""
    namespace: int
    """Inode of the IPC namespace."""


class Table:
    """Reads the table again and again. Not thread-safe: one for each poller.

    It shows the IPC namespace of the calling thread, to every user (ipc/shm.c,
    sysvipc_shm_proc_show). Rows are told apart by shmid, never by key: a key may come twice while
    segments come and go.
    """

    def __init__(self, path: str = TABLE) -> None:
        self._path = path
        self._header = b""
        self._namespace = -1
        self._cache: dict[bytes, Segment] = {}
        self._parse: _Parser | None = None

    def read(self) -> Listing:
        """Every segment. A line as it was gives the very same Segment. Raises ShmError.

        Where the table cannot be opened, the rows come from shmctl, and `caveat` says what is
        then unknown.
        """
        try:
            raw = _read(self._path)
        except OSError as error:
            return self._fallback(error)
        return self._understand(raw)

    def _understand(self, raw: bytes) -> Listing:
        header, *lines = raw.split(b"\n")
        if lines and not lines[-1]:
            lines.pop()
        inode = namespace()
        if header != self._header or inode != self._namespace:
            self._cache = {}
            self._parse = _parser(header, inode)
            self._header, self._namespace = header, inode
        return self._collect(lines)

    def _collect(self, lines: list[bytes]) -> Listing:
        known = self._cache
        parse = self._parse
        assert parse is not None
        cache: dict[bytes, Segment] = {}
        garbage: list[str] = []
        for line in lines:
            segment = known.get(line)
            if segment is None:
                try:
                    segment = parse(line)
                except (ValueError, IndexError) as error:
                    garbage.append(f"a row of {self._path} is not understood ({error}): {line!r}")
                    continue
            cache[line] = segment
        self._cache = cache
        segments = {segment.identity: segment for segment in cache.values()}
        return Listing(segments, "table", "", tuple(garbage), self._namespace)

    def _fallback(self, cause: OSError) -> Listing:
        from shmtui.sysv import shmctl  # ctypes is wanted only here

        inode = namespace()
        known = self._cache
        cache: dict[bytes, Segment] = {}
        for shmid, entry in shmctl.rows():
            raw = b"%d %d %b" % (inode, shmid, bytes(entry))
            cache[raw] = known.get(raw) or shmctl.segment(inode, shmid, entry)
        self._header, self._cache = b"", cache
        segments = {segment.identity: segment for segment in cache.values()}
        return Listing(segments, "shmctl", f"rss and swap unknown: {_why(cause)}", (), inode)


def segments() -> list[Segment]:
    """Every segment of this IPC namespace, in the table's order. Raises ShmError."""
    return list(Table().read().segments.values())


def namespace() -> int:
    """The inode of the calling thread's IPC namespace (namespaces(7)). Raises ShmError."""
    try:
        return os.stat(_NAMESPACE).st_ino
    except OSError as error:
        raise ShmError(f"{_NAMESPACE}: {error.strerror}. Is /proc mounted?") from error


def _read(path: str) -> bytes:
    """The whole table. Opened each time: a kept descriptor pins a dead container's namespace."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return b"".join(iter(lambda: os.read(descriptor, _READ_SIZE), b""))
    finally:
        os.close(descriptor)


def _parser(header: bytes, inode: int) -> _Parser:
    """A function from a line to its Segment, for the columns that `header` names."""
    names = header.split()
    missing = [name.decode() for name in _NEEDED if name not in names]
    if missing:
        raise ShmError(f"the table of segments has no column {', '.join(missing)}: {header!r}")
    pick = itemgetter(*map(names.index, _NEEDED))
    rss_at = names.index(b"rss") if b"rss" in names else None
    swap_at = names.index(b"swap") if b"swap" in names else None

    def parse(line: bytes) -> Segment:
        fields = line.split()
        *picked, perms = pick(fields)
        shmid, cpid, cuid, size, key, lpid, nattch, uid, gid, cgid, atime, dtime, ctime = map(
            int, picked
        )
        return Segment(
            Identity(inode, shmid, cpid, cuid, size),
            key & _MASK,
            int(perms, 8),
            lpid,
            nattch,
            uid,
            gid,
            cgid,
            atime,
            dtime,
            ctime,
            None if rss_at is None else int(fields[rss_at]),
            None if swap_at is None else int(fields[swap_at]),
        )

    return parse


def _why(cause: OSError) -> str:
    if isinstance(cause, FileNotFoundError):
        return "/proc/sysvipc is not mounted"
    return f"{TABLE}: {cause.strerror}"
