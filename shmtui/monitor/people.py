"""Who stands in the table: only what a changed process touches needs a new verdict."""

from collections import defaultdict

from shmtui.sysv.processes import Absence, Process, ProcessTable
from shmtui.sysv.segment import Identity, Segment

_Found = Process | Absence


class People:
    """The pids that rows name, the segments of each, and what was found of them last."""

    def __init__(self, processes: ProcessTable) -> None:
        self._processes = processes
        self._segments: defaultdict[int, set[Identity]] = defaultdict(set)
        self._found: dict[int, _Found] = {}

    def add(self, row: Segment) -> None:
        """A row that came."""
        self._segments[row.identity.cpid].add(row.identity)
        self._segments[row.lpid].add(row.identity)

    def remove(self, row: Segment) -> None:
        """A row that was added, and went."""
        for pid in {row.identity.cpid, row.lpid}:
            segments = self._segments[pid]
            segments.remove(row.identity)
            if not segments:
                del self._segments[pid]

    def load(self) -> None:
        """Looks at all of them, before anybody judges. After a refresh of the process table."""
        self._processes.load(self._processes.present(self._segments.keys()))

    def moved(self) -> set[Identity]:
        """The segments whose creator or last operator is another process, or a changed one, than
        at the last call; new people are among them. After a refresh of the process table."""
        look = self._processes.look
        present = self._processes.present(self._segments.keys())
        found: dict[int, _Found] = {
            pid: it for pid in present if (it := look(pid)) is not Absence.GONE
        }
        pids = [pid for pid in found.keys() | self._found.keys() if self._differs(pid, found)]
        self._found = found
        return {identity for pid in pids for identity in self._segments.get(pid, ())}

    def _differs(self, pid: int, found: dict[int, _Found]) -> bool:
        return found.get(pid) is not self._found.get(pid)
