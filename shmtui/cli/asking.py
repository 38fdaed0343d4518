"""A question at the command line that only a person at a terminal can answer."""

import sys

from shmtui.cli.saying import UsageError
from shmtui.present.words import visible


def agreed(question: str, option: str) -> bool:
    """Asks `question` on stderr; True for y or yes, and nothing else.

    Raises UsageError where there is no terminal to ask on, naming the `option` that answers it.
    """
    if not (_is_terminal(sys.stdin) and _is_terminal(sys.stderr)):
        raise UsageError(f"{question} There is no terminal to ask on: {option} says yes")
    print(f"shmtui: {visible(question)} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _is_terminal(stream: object) -> bool:
    """A closed one is None."""
    return stream is not None and bool(getattr(stream, "isatty", bool)())
