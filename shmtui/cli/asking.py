"""Questions at the command line that only a person at a terminal can answer."""

import sys

from shmtui.cli.saying import UsageError
from shmtui.present.words import visible


def agreed(question: str, option: str) -> bool:
    """Asks `question` on stderr; True for y or yes, and nothing else.

    Raises UsageError where there is no terminal to ask on, naming the `option` that answers it.
    """
    if not can_ask():
        raise UsageError(f"{question} There is no terminal to ask on: {option} says yes")
    return _answer(f"{question} [y/N]").lower() in ("y", "yes")


def typed(question: str, expected: str) -> bool:
    """Asks for a word; True where exactly `expected` is typed.

    Raises UsageError where there is no terminal to ask on: no option answers this.
    """
    if not can_ask():
        raise UsageError(f"{question} There is no terminal to ask on, and no option answers this")
    return _answer(question) == expected


def can_ask() -> bool:
    """There is a person to answer."""
    return _is_terminal(sys.stdin) and _is_terminal(sys.stderr)


def _answer(question: str) -> str:
    print(f"shmtui: {visible(question)} ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()


def _is_terminal(stream: object) -> bool:
    """A closed one is None."""
    return stream is not None and bool(getattr(stream, "isatty", bool)())
