"""PostgreSQL's data directories on this machine, and the segment that each says it owns."""

import glob
import itertools
import os
import re
import stat
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from shmtui.sysv.patience import Hangs, ask
from shmtui.sysv.processes import ProcessTable
from shmtui.sysv.segment import Segment

_COMMANDS = ("postgres", "postmaster")
_PLACES = (
    "/var/lib/postgresql/*/*",
    "/var/lib/postgresql/data",
    "/var/lib/pgsql/data",
    "/var/lib/pgsql/*/data",
    "/var/lib/postgres/data",
    "/usr/local/pgsql/data",
)
"""Of Debian, the container image, Red Hat, Arch, and a build by hand."""
_CONFIGURATIONS = "/etc/postgresql/*/*/postgresql.conf"
_DATA_DIRECTORY = re.compile(r"^\s*data_directory\s*=\s*'([^']+)'", re.MULTILINE)
_LOCK = "postmaster.pid"
_SHMEM_LINE = 7
"""Of postmaster.pid: key and shmid (LOCK_FILE_LINE_SHMEM_KEY in miscadmin.h of PostgreSQL)."""
_MOST_BYTES = 64 * 1024


class Cluster(NamedTuple):
    """A data directory, and where we know it from."""

    path: str
    """Raw: foreign text."""
    seen: str
    """`cwd of process 1234`, `known place`."""
    device: int
    inode: int
    uid: int
    """Its owner, who alone may run its server."""
    claims: tuple[int, int] | None
    """Key (unsigned) and shmid by line 7 of its postmaster.pid; None where there is no such."""


class Clusters:
    """Those found when first asked. Not thread-safe; make it anew to look again.

    Looks at files of other users: may wait where a file system does.
    """

    def __init__(self, processes: ProcessTable, known: Iterable[str] = ()) -> None:
        """`known`: directories that were seen before, when a process still had them."""
        self._processes = processes
        self._known = tuple(known)

    @cached_property
    def all(self) -> tuple[Cluster, ...]:
        """Each directory once, those of living processes first."""
        found: dict[tuple[int, int], Cluster] = {}
        for at, path, seen in self._candidates():
            cluster = _cluster(at, path, seen)
            if cluster is not None:
                found.setdefault((cluster.device, cluster.inode), cluster)
        return tuple(found.values())

    def claiming(self, segment: Segment) -> Cluster | None:
        """The one whose postmaster.pid names this segment, and whose owner made it."""
        names = segment.key, segment.shmid
        return next((it for it in self.all if (it.claims, it.uid) == (names, segment.cuid)), None)

    def at(self, device: int, inode: int) -> Cluster | None:
        """The one that is this directory (st_dev, st_ino)."""
        return next((it for it in self.all if (it.device, it.inode) == (device, inode)), None)

    def _candidates(self) -> Iterator[tuple[str, str, str]]:
        """Where to look, what to call it, and where we know it from."""
        for pid in sorted(self._processes.pids()):
            process = self._processes.alive(pid)
            if process is not None and process.command in _COMMANDS:
                yield from _of_process(pid)
        for path in self._known:
            yield path, path, "seen while its server ran"
        if "PGDATA" in os.environ:
            yield os.environ["PGDATA"], os.environ["PGDATA"], "PGDATA in our environment"
        for pattern in _PLACES:
            yield from ((path, path, "known place") for path in glob.glob(pattern))
        for file in glob.glob(_CONFIGURATIONS):
            yield from ((path, path, file) for path in _configured(file))


def _of_process(pid: int) -> Iterator[tuple[str, str, str]]:
    """A server's working directory is its data directory: it changes there at its start."""
    at = f"/proc/{pid}/cwd"
    try:
        yield at, os.readlink(at), f"cwd of process {pid}"
    except OSError:  # we may not trace it, or it ended: anybody may read its arguments
        for path in _argument(pid):
            yield path, path, f"-D of process {pid}"


def _argument(pid: int) -> list[str]:
    import psutil  # only here: the screen need not wait for it at its start

    try:
        words = ask(pid, lambda _: psutil.Process(pid).cmdline())
    except (Hangs, psutil.Error):  # psutil's: it ended, or is hidden
        return []
    return [after for word, after in itertools.pairwise(words) if word == "-D"]


def _configured(file: str) -> list[str]:
    return _DATA_DIRECTORY.findall(_text(file))


def _cluster(at: str, path: str, seen: str) -> Cluster | None:
    try:
        status = os.stat(at)
    except OSError:
        return None
    if not stat.S_ISDIR(status.st_mode):
        return None
    claims = _claims(_text(f"{at}/{_LOCK}"))
    return Cluster(path, seen, status.st_dev, status.st_ino, status.st_uid, claims)


def _claims(text: str) -> tuple[int, int] | None:
    """Line 7, `  5432001     98304`; the key as an unsigned long of a signed key_t."""
    lines = text.splitlines()
    words = lines[_SHMEM_LINE - 1].split() if len(lines) >= _SHMEM_LINE else []
    if len(words) != 2 or not all(word.isdecimal() for word in words):
        return None
    return int(words[0]) & 0xFFFFFFFF, int(words[1])


def _text(path: str) -> str:
    """The start of a regular file of anybody, who might have put a pipe or a link there; empty
    where it cannot be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return ""
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return ""
        return file.read(_MOST_BYTES).decode(errors="replace")
