"""Stretches that somebody wants to know the pages of, looked at when there is an occasion."""

from collections.abc import Callable

from shmtui.sysv.window import PageCount

_KEPT = 4096
_LOOK_BYTES = 256 << 20
"""With one occasion: mincore takes 16 ms a GiB where none of it is in our page table."""


class Wants:
    """What was asked for, and what was last seen there."""

    def __init__(self) -> None:
        self._seen: dict[tuple[int, int], PageCount | None] = {}
        """Those looked at last are last."""

    def ask(self, start: int, end: int) -> PageCount | None:
        """What was seen from `start` to `end`; None: not looked at yet."""
        if (start, end) not in self._seen and len(self._seen) >= _KEPT:
            self._seen.clear()
        return self._seen.setdefault((start, end))

    def look(self, count: Callable[[int, int], PageCount]) -> None:
        """The occasion: looks at those never looked at, then again at the others, oldest first."""
        looked = 0
        for start, end in sorted(self._seen, key=lambda part: self._seen[part] is not None):
            looked += end - start
            del self._seen[start, end]
            self._seen[start, end] = count(start, end)
            if looked >= _LOOK_BYTES:
                return
