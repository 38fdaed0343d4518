"""Which program a segment belongs to, as far as there is evidence that leaves no trace."""

import re
import struct
from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol

from shmtui.monitor.clusters import Cluster, Clusters
from shmtui.monitor.diagnosis import Actor, Judge
from shmtui.sysv.holders import Holder
from shmtui.sysv.processes import ProcessTable
from shmtui.sysv.segment import Segment

Kind = Literal["PostgreSQL", "X11 MIT-SHM", "PHP", "counter"]


class Owner(NamedTuple):
    """The program that a segment was recognised as, and how."""

    kind: Kind
    words: str
    """`PostgreSQL data directory /var/lib/pg, postmaster 1234 alive`. Raw: foreign text."""
    source: str
    """What says so: `header by peek`, `postmaster.pid line 7`. Raw: foreign text."""
    guards: tuple[int, ...] = ()
    """Processes to stop before it is removed."""
    protected: bool = False
    """Removing it now would defeat the program's own interlock: refuse it. False where nothing
    is attached and its maker is gone."""
    place: str = ""
    """The data directory, if it is known. Raw: foreign text."""


class Read(Protocol):
    """Reads content without a trace: see traceless.Traceless."""

    @property
    def name(self) -> str:
        """Of the tap that read last; empty before."""

    def __call__(self, offset: int, length: int) -> bytes | None:
        """Those bytes; None where one of them cannot be read without a trace."""


def recognise(
    segment: Segment,
    holders: Sequence[Holder],
    read: Read,
    processes: ProcessTable,
    clusters: Clusters | None = None,
) -> Owner | None:
    """The program, or None where nothing proves one. `processes` must have been refreshed.

    `segment`: without what our own attaches overwrote. Looks into files and at processes: never
    call it in a poll.
    """
    clusters = clusters or Clusters(processes)
    start = (read(0, _LOOKED_AT) if segment.nattch else None) or b""
    header = _header(start)
    if header or (segment.key and segment.mode == _POSTGRES_MODE):
        cluster = clusters.claiming(segment) or (
            header and clusters.at(header.device, header.inode)
        )
        if header or cluster:
            return _postgres(segment, holders, processes, header, cluster or None, read.name)
    return _by_magic(segment, start, read.name) or _x11(segment, holders)


_LOOKED_AT = 64


# PostgreSQL


class _Header(NamedTuple):
    """PGShmemHeader (storage/pg_shmem.h of PostgreSQL) on a 64-bit machine, what we want of it."""

    magic: int
    creator: int
    """As its own pid namespace sees it."""
    device: int
    """Of the data directory: st_dev and st_ino."""
    inode: int


_LAYOUT = struct.Struct("@ii32xQQ")
_POSTGRES_MAGIC = 679834894
_POSTGRES_MODE = 0o600


def _header(start: bytes) -> _Header | None:
    if len(start) < _LAYOUT.size:
        return None
    header = _Header._make(_LAYOUT.unpack_from(start))
    return header if header.magic == _POSTGRES_MAGIC and header.creator > 0 else None


def _postgres(
    segment: Segment,
    holders: Sequence[Holder],
    processes: ProcessTable,
    header: _Header | None,
    cluster: Cluster | None,
    tap: str,
) -> Owner:
    postmaster = Judge(processes).creator(segment)
    if cluster:
        where = f"data directory {cluster.path}"
    else:
        where = f"data directory unknown, inode {header.inode if header else segment.key}"
    return Owner(
        "PostgreSQL",
        f"PostgreSQL {where}, {_postmaster(postmaster)}",
        ", ".join(_sources(segment, header, cluster, tap)),
        _guards(postmaster, holders),
        segment.nattch > 0 or postmaster.alive is True,
        cluster.path if cluster else "",
    )


def _postmaster(actor: Actor) -> str:
    if not actor.pid:
        return "postmaster outside our pid namespace"
    state = {True: "alive", False: "gone", None: "perhaps alive"}[actor.alive]
    return f"postmaster {actor.pid} {state}"


def _sources(
    segment: Segment, header: _Header | None, cluster: Cluster | None, tap: str
) -> list[str]:
    found = [f"header by {tap}"] if header else []
    if cluster and cluster.claims == (segment.key, segment.shmid):
        found.append("postmaster.pid line 7")
    elif cluster:
        found.append("the header's inode")
    return [*found, cluster.seen] if cluster else found


def _guards(postmaster: Actor, holders: Sequence[Holder]) -> tuple[int, ...]:
    """The postmaster first: at its end it ends its children."""
    first = (postmaster.pid,) if postmaster.itself else ()
    return tuple(dict.fromkeys((*first, *(holder.pid for holder in holders))))


# Others

_PHP_MAGIC = b"PHP_SM"
"""sysvshm_chunk_head (ext/sysvshm/php_sysvshm.h of PHP)."""
_COUNTER = re.compile(rb"[0-9]{1,20}\0")
_COUNTER_BYTES = 1024
_X_SERVERS = frozenset(
    ("X", "Xorg", "Xorg.bin", "Xwayland", "Xvfb", "Xephyr", "Xnest", "Xvnc", "Xtigervnc", "nxagent")
)
"""By the kernel's short name of them."""


def _by_magic(segment: Segment, start: bytes, tap: str) -> Owner | None:
    if start.startswith(_PHP_MAGIC):
        return Owner("PHP", "PHP variables (shm_attach)", f"magic PHP_SM by {tap}")
    if segment.size == _COUNTER_BYTES and _COUNTER.match(start):
        words = "a counter for another program to read"
        return Owner("counter", words, f"a decimal and NUL at the start of 1 KiB by {tap}")
    return None


def _x11(segment: Segment, holders: Sequence[Holder]) -> Owner | None:
    """A server maps what a client made: the client asked it to (ShmAttach of MIT-SHM)."""
    server = next((it for it in holders if it.command in _X_SERVERS), None)
    if server is None or segment.cpid == server.pid:
        return None
    clients = [it for it in holders if it.command not in _X_SERVERS]
    client = f"of {clients[0].command} {clients[0].pid}" if clients else "whose client let go of it"
    words = f"X11 MIT-SHM picture {client}, server {server.command} {server.pid}"
    return Owner("X11 MIT-SHM", words, f"process {server.pid} maps it, an X server by its name")
