"""Processes as they cannot be had at will: one that got the pid of a dead one."""

from collections.abc import Set

from shmtui.sysv.processes import Absence, Process, ProcessTable


class FakeProcessTable(ProcessTable):
    """Has the processes it was given; another may be set between refreshes."""

    def __init__(self, *found: Process, hidden: int = 0) -> None:
        super().__init__()
        self.processes = {process.pid: process for process in found}
        self._hidden_pid = hidden

    def look(self, pid: int) -> Process | Absence:
        if pid == self._hidden_pid:
            return Absence.HIDDEN
        return self.processes.get(pid, Absence.GONE)

    def present(self, pids: Set[int]) -> Set[int]:
        return pids
