"""Which processes map a segment, where and how."""

import time
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator
from collections.abc import Mapping as MappingOf
from functools import partial
from itertools import chain
from types import MappingProxyType
from typing import NamedTuple

from shmtui.sysv import maps, processes
from shmtui.sysv.maps import Mapping
from shmtui.sysv.patience import PATIENCE_S, Walk, stuck, walk
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
    known: MappingOf[Identity, Iterable[Holder]] = MappingProxyType({}),
    deadline_s: float = 5.0,
    exclude: Container[int] = (),
    patience_s: float = PATIENCE_S,
) -> Scan:
    """Looks through the processes for mappings of the segments `wanted`.

    Segments with nattch 0 are skipped. It looks first only where the holders `known` had mapped
    them, then through all processes, the segments' lpids and cpids before the others, and ends as
    soon as the mappings found reach nattch everywhere. Processes `exclude` are no holders; nor is
    one that hangs the look for `patience_s` seconds (see sysv.patience). Raises ShmError where
    /proc cannot be listed.
    """
    end = time.monotonic() + deadline_s
    look = _Look(wanted)
    ended = Walk(True, stuck())

    def walked(pids: Iterable[int], find: _Find) -> Walk:
        left_s = end - time.monotonic()
        return walk(pids, partial(_mapped_by, find), look.take, left_s, patience_s)

    if look.missing:
        pids = [pid for pid in processes.listed() if pid not in exclude]
        places = _places(known.get(identity, ()) for identity in look.missing)
        if places:
            there = (pid for pid in pids if pid in places)
            ended = walked(there, lambda pid: maps.at(pid, places[pid]))
        if look.missing:
            everybody = _order(chain(look.likely(), places), pids)
            ended = walked(everybody, lambda pid: maps.find(pid, look.shmids))
    return Scan(look.holders(), len(look.unreadable), time.time(), *ended)


_Find = Callable[[int], list[maps.Found]]


class _Mapped(NamedTuple):
    """What a process maps of the segments looked for."""

    found: list[maps.Found]
    namespace: int
    """Inode of its IPC namespace."""
    command: str
    uid: int


_Seen = _Mapped | PermissionError | None
"""Why it may not be looked into; None: it maps none of them, or it has ended meanwhile."""


def _mapped_by(find: _Find, pid: int) -> _Seen:
    try:
        found = find(pid)
        return _Mapped(found, *_facts(pid)) if found else None
    except PermissionError as error:
        return error
    except (FileNotFoundError, ProcessLookupError):
        return None


def _facts(pid: int) -> tuple[int, str, int]:
    """Raises OSError, of a zombie too."""
    return maps.namespace_of(pid), processes.command(pid), processes.effective_user(pid)


class _Look:
    """One scan under way."""

    def __init__(self, wanted: MappingOf[Identity, Segment]) -> None:
        rows = [row for row in wanted.values() if row.nattch]
        self._rows = rows
        self._wanted = {(row.identity.namespace, row.shmid): row.identity for row in rows}
        self._found: dict[Identity, dict[int, Holder]] = defaultdict(dict)
        self.shmids = {row.shmid for row in rows}
        self.missing = {row.identity: row.nattch for row in rows}
        """Attaches that no mapping explains yet."""
        self.unreadable: set[int] = set()

    def likely(self) -> Iterator[int]:
        """Who attached or made what is still missing."""
        for row in self._rows:
            if row.identity in self.missing:
                yield row.lpid
                yield row.cpid

    def take(self, pid: int, seen: _Seen) -> bool:
        """Takes up what the process maps. False: no attach is missing any more."""
        if isinstance(seen, _Mapped):
            self._take(pid, seen)
        elif seen:
            self.unreadable.add(pid)
        return bool(self.missing)

    def _take(self, pid: int, seen: _Mapped) -> None:
        mappings: dict[Identity, list[Mapping]] = defaultdict(list)
        for it in seen.found:
            identity = self._wanted.get((seen.namespace, it.shmid))
            if identity and maps.fits(it, identity):
                mappings[identity].append(it.mapping)
        for identity, them in mappings.items():
            self._hold(identity, Holder(pid, seen.command, seen.uid, tuple(them)))

    def _hold(self, identity: Identity, holder: Holder) -> None:
        """Instead of what the same process was seen to map before."""
        before = self._found[identity].get(holder.pid)
        self._found[identity][holder.pid] = holder
        left = self.missing.get(identity, 0) - len(holder.mappings)
        left += len(before.mappings) if before else 0
        if left > 0:
            self.missing[identity] = left
        else:
            self.missing.pop(identity, None)

    def holders(self) -> dict[Identity, tuple[Holder, ...]]:
        """Who they are, by pid."""
        return {
            row.identity: tuple(sorted(self._found[row.identity].values())) for row in self._rows
        }


def _places(holders: Iterable[Iterable[Holder]]) -> dict[int, set[int]]:
    """The addresses where each process had mapped something."""
    places: dict[int, set[int]] = defaultdict(set)
    for holder in chain.from_iterable(holders):
        places[holder.pid].update(mapping.start for mapping in holder.mappings)
    return places


def _order(first: Iterable[int], pids: Iterable[int]) -> Iterator[int]:
    """Each of `pids` once, those of `first` before the others."""
    rest = dict.fromkeys(pids)
    for pid in first:
        if pid in rest:
            del rest[pid]
            yield pid
    yield from rest
