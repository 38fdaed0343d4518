"""What a person types to be compared with a column, understood by the column's kind."""

import re
from collections.abc import Callable
from typing import Any

from shmtui.present.column import Kind
from shmtui.present.words import visible
from shmtui.sysv.arguments import parse_age, parse_key, parse_size
from shmtui.sysv.errors import BadArgument

NOTHING = ("never", "unknown", "null")
"""Words for None, where the kind is not a text."""


def parse_value(kind: Kind, text: str) -> Any:
    """The value to compare with; None: never or unknown. Raises BadArgument in words."""
    if kind in ("text", "words"):
        return visible(text).casefold()
    return None if text.lower() in NOTHING else _PARSE[kind](text)


def _number(text: str) -> int:
    if re.fullmatch(r"0[xX][0-9a-fA-F]{1,16}", text):
        return int(text, 16)
    if not re.fullmatch(r"-?[0-9]{1,20}", text):
        raise BadArgument(f"'{visible(text)}' is not a number")
    return int(text)


def _key(text: str) -> int:
    return parse_key(text) or 0  # `private`


def _octal(text: str) -> int:
    if not re.fullmatch(r"(0o)?[0-7]{1,6}", text):
        raise BadArgument(f"'{visible(text)}' is not a mode: write it in octal, 0600")
    return int(text, 8)


def _flag(text: str) -> bool:
    word = text.lower()
    if word not in ("yes", "true", "no", "false"):
        raise BadArgument(f"'{visible(text)}' is neither yes nor no")
    return word in ("yes", "true")


def _time(text: str) -> float:
    from datetime import datetime  # as long to import as a short list takes

    try:
        return datetime.fromisoformat(text).astimezone().timestamp()
    except (ValueError, OverflowError, OSError) as error:
        raise BadArgument(
            f"'{visible(text)}' is not a time: write 2026-01-31 or 2026-01-31T06:24"
        ) from error


_PARSE: dict[Kind, Callable[[str], Any]] = {
    "number": _number,
    "key": _key,
    "size": parse_size,
    "age": parse_age,
    "time": _time,
    "flag": _flag,
    "octal": _octal,
}
