"""What the command line says beside its output: on stderr, in words, never a traceback."""

import contextlib
import os
import sys

from shmtui.present.words import visible


class UsageError(Exception):
    """Wrong usage that shows only after the arguments were parsed: exit 2."""


def say(words: str) -> None:
    """Says each line of `words` on stderr, what is foreign in it made visible."""
    if sys.stderr is None:  # closed, and print() would take stdout instead
        return
    # Where nobody listens to errors either, the exit code must do.
    with contextlib.suppress(OSError):
        for line in words.split("\n"):
            print(f"shmtui: {visible(line)}", file=sys.stderr, flush=True)


def drop_output() -> None:
    """Nobody reads stdout any more. What is left in the buffer would fail once more when Python
    ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
