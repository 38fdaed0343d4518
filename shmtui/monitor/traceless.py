"""A few bytes of a segment through those that map it, by taps that leave no trace."""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from shmtui.sysv import mapfile
from shmtui.sysv.content import can_peek
from shmtui.sysv.errors import ShmError
from shmtui.sysv.filling import windows
from shmtui.sysv.holders import Holder
from shmtui.sysv.mapfile import MapFile
from shmtui.sysv.maps import Mapping
from shmtui.sysv.pages import PAGE_SIZE
from shmtui.sysv.patience import PATIENCE_S, ask
from shmtui.sysv.peek import NAME as PEEK
from shmtui.sysv.peer import NAME as PEER
from shmtui.sysv.peer import Together
from shmtui.sysv.residency import is_huge
from shmtui.sysv.segment import Segment
from shmtui.sysv.status import in_words
from shmtui.sysv.touched import touched
from shmtui.sysv.window import Content

_T = TypeVar("_T")
_Mappings = tuple[Mapping, ...]
_ENDED = (PermissionError, FileNotFoundError, ProcessLookupError)
_MOST_HOLDERS = 8
"""What so many do not give, hardly anybody does."""


class Traceless:
    """Reads by peek, else by peer; opens, reads and closes at each call.

    Both go straight to the mappings that the last scan found: to look for them anew would read all
    of a process's maps for each of its segments.
    """

    def __init__(
        self, segment: Segment, holders: Sequence[Holder], patience_s: float = PATIENCE_S
    ) -> None:
        """`patience_s`: how long one process may keep us waiting (see sysv.patience)."""
        self.name = ""
        """Of the tap that read last; empty before."""
        self._segment = segment
        self._holders = [holder for holder in holders if holder.pid != os.getpid()]
        self._patience_s = patience_s

    def __call__(self, offset: int, length: int) -> bytes | None:
        """Those bytes; None where one of them cannot be read so, or is not resident."""
        through = self._peek if can_peek() else self._peer
        for holder in self._holders[:_MOST_HOLDERS]:
            data = self._ask(holder, partial(through, holder.mappings, offset, length))
            if data is not None:
                self.name = PEEK if can_peek() else PEER
                return data
        return None

    def resident_bytes(self) -> int | None:
        """What of it is in memory, huge pages rightly counted; None without peek."""
        if can_peek():
            for holder in self._holders[:_MOST_HOLDERS]:
                found = self._ask(holder, partial(self._resident, holder.mappings))
                if found is not None:
                    return found
        return None

    def _ask(self, holder: Holder, look: Callable[[int], _T | None]) -> _T | None:
        """None where it hangs or ended, or the segment went: another may know more."""
        try:
            return ask(holder.pid, look, self._patience_s)
        except ShmError:
            return None

    def _peek(self, mappings: _Mappings, offset: int, length: int, pid: int) -> bytes | None:
        with self._file(mappings, pid) as file:
            if file is None:
                return None
            return self._bytes(MapFile(self._segment, file), offset, length)

    def _resident(self, mappings: _Mappings, pid: int) -> int | None:
        with self._file(mappings, pid) as file:
            if file is None:
                return None
            if is_huge(file):  # never swapped: all that it takes is in memory
                return os.fstat(file).st_blocks * 512
            return MapFile(self._segment, file).count(0, self._segment.size).resident * PAGE_SIZE

    @contextlib.contextmanager
    def _file(self, mappings: _Mappings, pid: int) -> Iterator[int | None]:
        """A descriptor until the end."""
        descriptor = self._opened(mappings, pid)
        try:
            yield descriptor
        finally:
            if descriptor is not None:
                os.close(descriptor)

    def _opened(self, mappings: _Mappings, pid: int) -> int | None:
        for mapping in mappings:
            with contextlib.suppress(*_ENDED):
                found = mapfile.open_mapping(pid, mapping, self._segment.identity)
                if found is not None:
                    return found
        return None

    def _peer(self, mappings: _Mappings, offset: int, length: int, pid: int) -> bytes | None:
        with contextlib.ExitStack() as stack:
            with in_words(self._segment):
                known = stack.enter_context(touched(pid, self._segment.identity, mappings))
            if known is None:
                return None
            return self._bytes(Together(self._segment, [known]), offset, length)

    def _bytes(self, content: Content, offset: int, length: int) -> bytes | None:
        (window,) = windows(content, [(offset, length)], self._segment.size)
        return None if any(gap.why != "never written" for gap in window.gaps) else window.data
