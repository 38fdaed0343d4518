"""Parsers of typed words as argparse wants them: their sentence becomes a usage error, exit 2."""

import argparse
from collections.abc import Callable
from typing import TypeVar

from shmtui.decode.errors import NotUnderstood
from shmtui.sysv.arguments import parse_size
from shmtui.sysv.errors import BadArgument

T = TypeVar("T")


def typed(parse: Callable[[str], T]) -> Callable[[str], T]:
    """`parse` as an argparse type. What it raises as BadArgument or NotUnderstood is said as it
    is."""

    def understood(text: str) -> T:
        try:
            return parse(text)
        except (BadArgument, NotUnderstood) as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return understood


def count(text: str) -> int:
    """A number from 1 up. Raises BadArgument."""
    if not (text.isascii() and text.isdecimal() and len(text) < 19 and int(text)):
        raise BadArgument(f"{text!r} is not a number from 1 up")
    return int(text)


def length(text: str) -> int:
    """Bytes as `64` or `1K`, at least one. Raises BadArgument."""
    size = parse_size(text)
    if not size:
        raise BadArgument("length 0 reads nothing")
    return size
