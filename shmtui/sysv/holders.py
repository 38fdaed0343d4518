"""Which processes map a segment, where and how."""

import os
import time
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from collections.abc import Mapping as MappingOf
from typing import NamedTuple

from shmtui.sysv import maps
from shmtui.sysv.errors import ShmError
from shmtui.sysv.maps import Mapping
from shmtui.sysv.processes import ProcessTable
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


def scan(
    wanted: MappingOf[Identity, Segment],
    first: Iterable[int] = (),
    deadline_s: float = 5.0,
    exclude: Container[int] = (),
) -> Scan:
    """Looks through the processes for mappings of the segments `wanted`.

    Segments with nattch 0 are skipped. The pids `first` and the segments' lpids and cpids are
    looked at before the others, and the look ends as soon as the mappings found reach nattch
    everywhere. Processes `exclude` are no holders. Raises ShmError where /proc cannot be listed.
    """
    look = _Look(wanted, exclude)
    end = time.monotonic() + deadline_s
    complete = True
    for pid in _order(look.likely(), first):
        if not look.missing:
            break
        if time.monotonic() > end:
            complete = False
            break
        look.at(pid)
    return Scan(look.holders(), look.unreadable, time.time(), complete)


class _Look:
    """One scan under way."""

    def __init__(self, wanted: MappingOf[Identity, Segment], exclude: Container[int]) -> None:
        rows = [row for row in wanted.values() if row.nattch]
        self._rows = rows
        self._exclude = exclude
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

    def at(self, pid: int) -> None:
        """Takes up what the process maps. One that ends meanwhile maps nothing."""
        if pid in self._exclude:
            return
        try:
            found = maps.find(pid)
            namespace = maps.namespace_of(pid) if found else 0
        except PermissionError:
            self.unreadable += 1
        except (FileNotFoundError, ProcessLookupError):
            return
        else:
            if namespace in self._namespaces:
                self._take(pid, namespace, found)

    def _take(self, pid: int, namespace: int, found: list[maps.Found]) -> None:
        for shmid in {it.shmid for it in found}:
            identity = self._wanted.get((namespace, shmid))
            mappings = maps.select(found, identity) if identity else ()
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
        return {
            row.identity: tuple(
                Holder(pid, process.command, process.uid, mappings)
                for pid, mappings in sorted(self._found[row.identity].items())
                if (process := processes.alive(pid))
            )
            for row in self._rows
        }


def _order(likely: Iterable[int], first: Iterable[int]) -> Iterator[int]:
    """Every process once: `first`, then `likely`, then the rest. 0 is outside our pid namespace."""
    seen = {0}
    for pid in (*first, *likely):
        if pid not in seen:
            seen.add(pid)
            yield pid
    try:
        names = os.listdir("/proc")
    except OSError as error:
        raise ShmError(f"the processes cannot be listed: {error.strerror}") from error
    for name in names:
        if name.isdecimal() and int(name) not in seen:
            yield int(name)
