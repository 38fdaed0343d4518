"""Scans told beforehand: of slow machines, and of processes that cannot be had at will."""

from collections.abc import Iterable, Mapping

from shmtui.sysv.errors import ShmError
from shmtui.sysv.holders import Holder, Scan
from shmtui.sysv.segment import Identity, Segment


class Looks:
    """What a look at the processes finds, told beforehand."""

    def __init__(self, *answers: Scan | ShmError) -> None:
        self._answers = list(answers)
        self.wanted: list[set[Identity]] = []
        self.known: list[set[int]] = []
        """The pids of the holders known at each look."""

    def __call__(
        self,
        wanted: Mapping[Identity, Segment],
        known: Mapping[Identity, Iterable[Holder]],
        deadline_s: float = 5.0,
        exclude: object = (),
    ) -> Scan:
        self.wanted.append(set(wanted))
        self.known.append({who.pid for holders in known.values() for who in holders})
        answer = self._answers.pop(0)
        if isinstance(answer, ShmError):
            raise answer
        return answer
