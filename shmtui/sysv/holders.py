"""Which processes map a segment, where and how."""

import time
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from collections.abc import Mapping as MappingOf
from typing import NamedTuple

from shmtui.sysv import maps
from shmtui.sysv.maps import Mapping
from shmtui.sysv.patience import PATIENCE_S, stuck, walk
from shmtui.sysv.processes import ProcessTable, listed
from shmtui.sysv.segment import Identity, Segment


class Holder(NamedTuple):
    """A process that maps a segment."""

    pid: int
    command: str
    """The kernel's short name of it, raw: foreign text."""
    uid: int
    """Effective user id."""
    mappings: tuple[Mapping, ...]


class Scan(NamedTuple):
    """What one look at all processes found."""

    holders: dict[Identity, tuple[Holder, ...]]
    """A key for every segment looked for that something is attached to; pids ascending."""
    unreadable: int
    """Processes looked at whose maps we may not read: they may hold anything."""
    finished: float
    """Unix seconds."""
    complete: bool
    """False where the deadline came first."""
    stuck: tuple[int, ...] = ()
    """Processes that hang who looks. Left out until that ends: they may hold anything."""


def scan(
    wanted: MappingOf[Identity, Segment],
    first: Iterable[int] = (),
    deadline_s: float = 5.0,
    exclude: Container[int] = (),
    patience_s: float = PATIENCE_S,
) -> Scan:
    """Looks through the processes for mappings of the segments `wanted`.

    Segments with nattch 0 are skipped. The pids `first` and the segments' lpids and cpids are
    looked at before the others, and the look ends as soon as the mappings found reach nattch
    everywhere. Processes `exclude` are no holders; nor is one that hangs the look for `patience_s`
    seconds (see sysv.patience). Raises ShmError where /proc cannot be listed.
    """
    look = _Look(wanted)
    if not look.missing:
        return Scan(look.holders(), 0, time.time(), True, stuck())
    pids = _order(look.likely(), first, exclude)
    ended = walk(pids, _mapped_by, look.take, deadline_s, patience_s)
    return Scan(look.holders(), look.unreadable, time.time(), *ended)


class _Mapped(NamedTuple):
    """What a process maps."""

    found: list[maps.Found]
    namespace: int
    """Inode of its IPC namespace; 0 where it maps no segment."""


def _mapped_by(pid: int) -> _Mapped | None:
    """None: it may not be read. One that ends meanwhile maps nothing."""
    try:
        found = maps.find(pid)
        return _Mapped(found, maps.namespace_of(pid)) if found else _NOTHING
    except PermissionError:
        return None
    except (FileNotFoundError, ProcessLookupError):
        return _NOTHING


_NOTHING = _Mapped([], 0)


class _Look:
    """One scan under way."""

    def __init__(self, wanted: MappingOf[Identity, Segment]) -> None:
        rows = [row for row in wanted.values() if row.nattch]
        self._rows = rows
        self._wanted = {(row.identity.namespace, row.shmid): row.identity for row in rows}
        self._namespaces = {row.identity.namespace for row in rows}
        self._found: dict[Identity, dict[int, tuple[Mapping, ...]]] = defaultdict(dict)
        self.missing = {row.identity: row.nattch for row in rows}
        """Attaches that no mapping explains yet."""
        self.unreadable = 0

    def likely(self) -> Iterator[int]:
        """Who attached or made what is still missing."""
        for row in self._rows:
            if row.identity in self.missing:
                yield row.lpid
                yield row.cpid

    def take(self, pid: int, mapped: _Mapped | None) -> bool:
        """Takes up what the process maps. False: no attach is missing any more."""
        if mapped is None:
            self.unreadable += 1
        elif mapped.namespace in self._namespaces:
            self._take(pid, *mapped)
        return bool(self.missing)

    def _take(self, pid: int, found: list[maps.Found], namespace: int) -> None:
        by_id: dict[int, list[maps.Found]] = defaultdict(list)
        for it in found:
            by_id[it.shmid].append(it)
        for shmid, same in by_id.items():
            identity = self._wanted.get((namespace, shmid))
            mappings = maps.select(same, identity) if identity else ()
            if identity and mappings:
                self._found[identity][pid] = mappings
                self._explain(identity, len(mappings))

    def _explain(self, identity: Identity, mappings: int) -> None:
        left = self.missing.get(identity, 0) - mappings
        if left > 0:
            self.missing[identity] = left
        else:
            self.missing.pop(identity, None)

    def holders(self) -> dict[Identity, tuple[Holder, ...]]:
        """Who they are. A process that ended meanwhile is left out."""
        processes = ProcessTable()
        if self._found:
            processes.refresh()
            processes.load(pid for found in self._found.values() for pid in found)
        return {
            row.identity: tuple(
                Holder(pid, process.command, process.uid, mappings)
                for pid, mappings in sorted(self._found[row.identity].items())
                if (process := processes.alive(pid))
            )
            for row in self._rows
        }


def _order(likely: Iterable[int], first: Iterable[int], exclude: Container[int]) -> Iterator[int]:
    """Every process once: `first`, then `likely`, then the rest. 0 is outside our pid namespace."""
    seen = {0}
    for pid in (*first, *likely):
        if pid not in seen and pid not in exclude:
            seen.add(pid)
            yield pid
    yield from (pid for pid in listed() if pid not in seen and pid not in exclude)
