"""One line on stderr that tells how a long command goes; nothing where that is no terminal."""

import contextlib
import os
import sys
from collections.abc import Iterator

from shmtui.monitor.pace import Progress
from shmtui.present.progress import pace_words, share_words
from shmtui.present.words import cells
from shmtui.sysv.arguments import size_words


class ProgressLine:
    """Drawn over itself again and again, taken away at the end."""

    def __init__(self) -> None:
        self._drawn = False

    def show(self, progress: Progress) -> None:
        """Draws how far it is."""
        width = _width()
        if width:
            _write(f"\r{cells(words(progress), width - 1)}")
            self._drawn = True

    def clear(self) -> None:
        """Leaves an empty line for what is said next."""
        if self._drawn:
            _write(f"\r{' ' * (_width() - 1)}\r")
            self._drawn = False


@contextlib.contextmanager
def progress_line() -> Iterator[ProgressLine]:
    """The line is gone when the block is left, however that is."""
    line = ProgressLine()
    try:
        yield line
    finally:
        line.clear()


def words(progress: Progress) -> str:
    """`512M of 1.0G, 50 %, 1.2G/s, 1 s left`; what is not known yet is left out."""
    far = f"{size_words(progress.done)} of {size_words(progress.total)}"
    share = share_words(progress.done, progress.total)
    return ", ".join([far, share, *pace_words(progress.rate, progress.left_s)])


def _width() -> int:
    """Columns of the terminal that stderr is; 0: it is none."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError, AttributeError):  # a file, closed, or not there at all
        return 0


def _write(text: str) -> None:
    # A terminal that has gone is no reason to stop.
    with contextlib.suppress(OSError):
        sys.stderr.write(text)
        sys.stderr.flush()
