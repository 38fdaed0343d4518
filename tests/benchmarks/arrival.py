"""When words arrived from a program on a terminal, after a key was sent to it."""

import re
import time
from collections.abc import Sequence

from tests.terminal import Chunk, Terminal
from tests.waiting import wait_until

_STYLE = re.compile(rb"\x1b\[[0-9;:]*m")


class QuickTerminal(Terminal):
    """Draws its screen only when somebody looks at it: pyte takes longer to draw a frame than a
    program to paint it, and what came next would be read late."""

    _undrawn = b""

    def _feed(self, data: bytes) -> None:
        self._undrawn += data

    @property
    def text(self) -> str:
        with self._changed:
            undrawn, self._undrawn = self._undrawn, b""
            super()._feed(undrawn)
            return super().text


def answer_s(terminal: Terminal, key: str, words: str, timeout_s: float = 10.0) -> float:
    """Seconds from sending the key until all of these words, which stand in one line, are there."""
    before = len(terminal.chunks)
    start = time.monotonic()
    terminal.send(key)

    def arrived() -> float | None:
        return arrival(terminal.chunks[before:], words)

    wait_until(lambda: arrived() is not None, timeout_s, f"{words!r} after {key!r}")
    at = arrived()
    assert at is not None
    return at - start


def arrival(chunks: Sequence[Chunk], words: str) -> float | None:
    """When the chunk came that completed these words; None: they are not there. Colours do not
    part them."""
    sought, data = words.encode(), b""
    for chunk in chunks:
        data += chunk.data
        if sought in _STYLE.sub(b"", data):
            return chunk.at
    return None


def wait_for_quiet(terminal: Terminal, seconds: float) -> None:
    """Until nothing came for so long."""

    def quiet() -> bool:
        return time.monotonic() - terminal.chunks[-1].at > seconds

    wait_until(quiet, timeout_s=30.0, what="a quiet terminal")
