"""The tap for those who may ptrace a holder: the pages it has touched, through `/proc/PID/mem`."""

import contextlib
from collections.abc import Iterator, Sequence

from shmtui.sysv.filling import Opening
from shmtui.sysv.ranges import Range, missing, split, tally, union
from shmtui.sysv.segment import Segment
from shmtui.sysv.status import in_words, lost, unmapped
from shmtui.sysv.touched import Touched, touched
from shmtui.sysv.window import Extent, Gone, Lost, PageCount, Refusal

NAME = "peer"

_STEP_BYTES = 16 << 20


class Peer(Opening):
    """Reads what several holders have touched, together.

    Only pages that are present in the holder's page table are read: reading another would allocate
    it or swap it in. What none of them touched is a gap.
    """

    name = NAME

    def __init__(self, segment: Segment, pids: Sequence[int]) -> None:
        super().__init__(segment)
        self._pids = pids

    def count(self, start: int, end: int) -> PageCount | None:
        """What the pages from `start`, a page's, to `end` are: resident where one of the holders
        has touched them, else unknown. None: none of them maps it any more. Raises ShmError."""
        try:
            with self.opened() as content:
                return tally(content.extents(start, end))
        except (Lost, Gone):
            return None

    @contextlib.contextmanager
    def opened(self) -> Iterator["Together"]:
        """The memory of all that still map it, until the end. Raises Gone, Lost, ShmError."""
        with contextlib.ExitStack() as stack:
            with in_words(self._segment):
                those = [
                    stack.enter_context(touched(pid, self._segment.identity)) for pid in self._pids
                ]
            holders = [one for one in those if one is not None]
            if not holders:
                raise lost(self._segment)
            yield Together(self._segment, holders)

    def close(self) -> None:
        """Nothing is kept open."""


class Together:
    """The content that some holders have touched. See window.Content."""

    spell_bytes = 4 << 20

    def __init__(self, segment: Segment, holders: Sequence[Touched]) -> None:
        self._segment = segment
        self._holders = holders

    def extents(self, start: int, end: int) -> Iterator[Extent]:
        """What any of them has in its page table can be read. Raises ShmError."""
        for at in range(start // _STEP_BYTES * _STEP_BYTES, end, _STEP_BYTES):
            part = Range(start, end).clip(at, at + _STEP_BYTES)
            with in_words(self._segment):
                present = union(run for one in self._holders for run in one.present(part))
            yield from split(part, present, "not mapped by that process")

    def read_into(self, room: memoryview, offset: int) -> None:
        """From each holder what it has, as it may have let go of a page since `extents` told.

        Raises Lost where none has a page any more, ShmError."""
        wanted = Range(offset, offset + len(room))
        got: list[Range] = []
        for one in self._holders:
            with in_words(self._segment):
                for part in list(missing(wanted, got)):
                    got = union([*got, *one.read_into(room, offset, part)])
            if got == [wanted]:
                return
        raise Lost(f"{self._segment}: the processes that it was read through let go of a page")


def choose(segment: Segment, pids: Sequence[int]) -> Peer | Refusal:
    """The tap through those of the processes `pids` that we may ptrace, or why not."""
    able = [pid for pid in pids if _able(pid, segment)]
    if able:
        return Peer(segment, able)
    reason = unmapped(segment, pids) or "No process that maps it may be traced by you."
    return Refusal(NAME, reason, False)


def _able(pid: int, segment: Segment) -> bool:
    with touched(pid, segment.identity) as holder:
        return holder is not None
