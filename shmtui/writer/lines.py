"""Lines as they come; in memory none gets longer than the segment that it goes into."""

import os
from typing import Literal

_PIECE = 65536


class Lines:
    """Cuts what comes from `descriptor` into lines of at most `limit` bytes, without their end."""

    def __init__(self, descriptor: int, limit: int) -> None:
        self.descriptor = descriptor
        self.ended = False
        self._limit = limit
        self._pending = bytearray()
        self._searched = 0
        self._skipping = False

    def feed(self) -> None:
        """Reads what is there. Call when there is input and `take` had no line."""
        piece = os.read(self.descriptor, _PIECE)
        self._pending += piece
        self.ended = not piece

    def take(self) -> bytes | Literal["too long"] | None:
        """The next line; `too long`, once for each that is; None until more was fed."""
        while True:
            at = self._pending.find(b"\n", self._searched)
            self._searched = len(self._pending)
            if at < 0:
                return self._unfinished()
            line = bytes(self._pending[:at])
            self._drop(at + 1)
            if not self._skipping:
                return line if len(line) <= self._limit else "too long"
            self._skipping = False

    def _unfinished(self) -> bytes | Literal["too long"] | None:
        """What stands without a line end: too long already, or the last line of the input."""
        was_skipping = self._skipping
        if self.ended or was_skipping or len(self._pending) > self._limit:
            rest = bytes(self._pending)
            self._drop(len(rest))
            if was_skipping or not rest:
                return None
            self._skipping = len(rest) > self._limit
            return "too long" if self._skipping else rest
        return None

    def _drop(self, length: int) -> None:
        del self._pending[:length]
        self._searched = 0
