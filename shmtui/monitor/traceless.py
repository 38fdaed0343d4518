"""A few bytes of a segment through those that map it, by taps that leave no trace."""

import contextlib
import os
from collections.abc import Sequence

from shmtui.sysv import mapfile, peer
from shmtui.sysv.content import Refusal, can_peek
from shmtui.sysv.errors import ShmError
from shmtui.sysv.filling import windows
from shmtui.sysv.holders import Holder
from shmtui.sysv.mapfile import MapFile
from shmtui.sysv.peek import NAME as PEEK
from shmtui.sysv.segment import Segment
from shmtui.sysv.window import Window

_ENDED = (PermissionError, FileNotFoundError, ProcessLookupError)


class Traceless:
    """Reads by peek, else by peer; opens, reads and closes at each call.

    Peek goes straight to the mappings that the last scan found: to look for them anew would read
    all of a process's maps for each of its segments.
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
        tap = peer.choose(self._segment, [holder.pid for holder in self._holders])
        if isinstance(tap, Refusal):
            return None
        self.name = tap.name
        return tap.read(offset, length)
