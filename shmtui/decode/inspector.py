"""The inspector: the bytes at one place as every type of number, as times, and as text."""

import math
import time
from collections.abc import Iterator
from typing import NamedTuple

from shmtui.decode.characters import TAIL_CUT, shows
from shmtui.decode.escapes import escaped
from shmtui.decode.types import BASES, TYPES, Kind, unpack, words

MOST_BYTES = 32
"""What is looked at from the place on."""

TOO_FEW = "too few bytes"
"""Instead of a number that the segment's end cuts."""
NOT_READ = "not read"
NO_TIME = "none from 1980 to 2100"


class Row(NamedTuple):
    """A type of number in both byte orders."""

    name: str
    le: str
    be: str
    """Empty where there is no order: one byte, or too few."""


class Fact(NamedTuple):
    """Something else that the bytes may be."""

    name: str
    value: str
    """Printable."""


class Inspection(NamedTuple):
    """All that can be said: the same rows for any bytes, and about as many facts; of no bytes only
    that they were not read.
    """

    rows: tuple[Row, ...]
    facts: tuple[Fact, ...]


def inspect(data: bytes, offset: int) -> Inspection:
    """The bytes from `offset` of the segment on; beyond MOST_BYTES they are not looked at."""
    rows = tuple(_row(base, data) for base in BASES if data)
    return Inspection(rows, tuple(_facts(data[:MOST_BYTES], offset)))


def _row(base: str, data: bytes) -> Row:
    if base in TYPES:
        return Row(base, _number(TYPES[base], data), "")
    le, be = (_number(TYPES[base + order], data) for order in ("le", "be"))
    return Row(base, le, "" if le == TOO_FEW else be)


def _number(kind: Kind, data: bytes) -> str:
    value = unpack(kind, data)
    return TOO_FEW if value is None else words(kind, value)


def _facts(data: bytes, offset: int) -> Iterator[Fact]:
    yield Fact("offset", f"{offset:#x} = {offset}")
    if not data:
        yield Fact("bytes", NOT_READ)
        return
    yield Fact("bits", f"{data[0] >> 4:04b} {data[0] & 15:04b}")
    yield Fact("char", _character(data))
    yield Fact("text", _text(data))
    times = list(_times(data))
    yield from times or [Fact("time", NO_TIME)]


# Text


def _character(data: bytes) -> str:
    """`'é' U+00E9`, of what is no character its byte."""
    for length in range(1, 5):
        try:
            char = data[:length].decode()
        except UnicodeDecodeError:
            continue
        return f"'{escaped(data[:length], shows)}' U+{ord(char):04X}"
    return f"'{escaped(data[:1])}'"


def _text(data: bytes) -> str:
    """Up to the NUL that would end a C string."""
    text, nul, _ = data.partition(b"\0")
    if len(text) == MOST_BYTES:
        text = TAIL_CUT.sub(b"", text)
    return f'"{escaped(text, shows)}"' + ("" if nul else "…")


# Times

_EARLIEST_S, _LATEST_S = 315_532_800, 4_102_444_800
"""1980 and 2100 in UTC: small numbers are counts, not times."""
_UNITS = (("s", 0), ("ms", 3), ("µs", 6), ("ns", 9))
"""How many decimal digits of a second; no number is plausible in two of them."""
_TIME_KINDS = ("u32le", "u32be", "u64le", "u64be", "f64le", "f64be")


def _times(data: bytes) -> Iterator[Fact]:
    for name in _TIME_KINDS:
        value = unpack(TYPES[name], data)
        if value is None or not math.isfinite(value):
            continue
        for unit, digits in _UNITS[:1] if isinstance(value, float) else _UNITS:
            seconds, part = _split(value, digits)
            if _EARLIEST_S <= seconds < _LATEST_S:
                yield Fact(f"{name} {unit}", _iso(seconds, part))


def _split(value: int | float, digits: int) -> tuple[int, str]:
    """Whole seconds, and the digits of the rest. Of a float (as Python's time.time) six digits,
    which is what 64 bits keep of a present time."""
    if isinstance(value, float):
        seconds, rest = divmod(value, 1)
        return int(seconds), f".{int(rest * 1e6):06d}"
    seconds, rest = divmod(value, 10**digits)
    return seconds, f".{rest:0{digits}d}" if digits else ""


def _iso(seconds: int, part: str) -> str:
    """ISO 8601 in the local zone."""
    local = time.localtime(seconds)
    zone = time.strftime("%z", local)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', local)}{part}{zone[:-2]}:{zone[-2:]}"
