"""A few bytes of a segment through those that map it, by taps that leave no trace."""

import contextlib
import os
from collections.abc import Sequence

from shmtui.sysv import mapfile
from shmtui.sysv.content import can_peek
from shmtui.sysv.errors import ShmError
from shmtui.sysv.filling import windows
from shmtui.sysv.holders import Holder
from shmtui.sysv.mapfile import MapFile
from shmtui.sysv.peek import NAME as PEEK
from shmtui.sysv.peer import NAME as PEER
from shmtui.sysv.peer import Together
from shmtui.sysv.segment import Segment
from shmtui.sysv.status import in_words
from shmtui.sysv.touched import touched
from shmtui.sysv.window import Window

_ENDED = (PermissionError, FileNotFoundError, ProcessLookupError)

_MOST_PEERS = 8
"""What so many did not touch at its start, hardly anybody did."""


class Traceless:
    """Reads by peek, else by peer; opens, reads and closes at each call.

    Both go straight to the mappings that the last scan found: to look for them anew would read all
    of a process's maps for each of its segments.
    """

    def __init__(self, segment: Segment, holders: Sequence[Holder]) -> None:
        self.name = ""
        """Of the tap that read last; empty before."""
        self._segment = segment
        self._holders = [holder for holder in holders if holder.pid != os.getpid()]

    def __call__(self, offset: int, length: int) -> bytes | None:
        """Those bytes; None where one of them cannot be read so, or is not resident."""
        try:
            window = self._peek(offset, length) if can_peek() else self._peer(offset, length)
        except ShmError:  # it went, or its process did: then nothing is known of it
            return None
        if window is None or any(gap.why != "never written" for gap in window.gaps):
            return None
        return window.data

    def _peek(self, offset: int, length: int) -> Window | None:
        descriptor = self._opened()
        if descriptor is None:
            return None
        self.name = PEEK
        try:
            content = MapFile(self._segment, descriptor)
            return windows(content, [(offset, length)], self._segment.size)[0]
        finally:
            os.close(descriptor)

    def _opened(self) -> int | None:
        for holder in self._holders:
            for mapping in holder.mappings:
                with contextlib.suppress(*_ENDED):
                    found = mapfile.open_mapping(holder.pid, mapping, self._segment.identity)
                    if found is not None:
                        return found
        return None

    def _peer(self, offset: int, length: int) -> Window | None:
        with contextlib.ExitStack() as stack, in_words(self._segment):
            opened = (
                stack.enter_context(touched(it.pid, self._segment.identity, it.mappings))
                for it in self._holders[:_MOST_PEERS]
            )
            able = [it for it in opened if it is not None]
            if not able:
                return None
            self.name = PEER
            content = Together(self._segment, able)
            return windows(content, [(offset, length)], self._segment.size)[0]
        return None
