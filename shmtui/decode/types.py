"""The types of numbers in memory: `u32le` and the like, their values and their words."""

import math
import struct
import sys
from itertools import product
from typing import NamedTuple

from shmtui.decode.errors import NotUnderstood, quoted

Buffer = bytes | bytearray | memoryview


class Kind(NamedTuple):
    """A type of number at an offset."""

    name: str
    """`u32le`; of one byte `u8`, which has no order."""
    code: str
    """As struct names it, with its order: `<I`."""
    size: int
    """Bytes."""

    @property
    def is_float(self) -> bool:
        return self.name.startswith("f")


_CODES = {"u16": "H", "i16": "h", "u32": "I", "i32": "i", "u64": "Q", "i64": "q"} | {
    "f32": "f",
    "f64": "d",
}
_ORDERS = {"le": "<", "be": ">"}
_OWN_ORDER = {"little": "le", "big": "be"}[sys.byteorder]
_FLOAT_WIDTHS = {4: 15, 8: 24}
"""`-1.17549435e-38`, `-2.2250738585072014e-308`."""
_LEAST_DIGITS, _MOST_DIGITS = 6, 9
"""A float of 32 bits keeps any 6 decimal digits, and 9 tell any two of them apart."""


def _kind(name: str, code: str) -> Kind:
    return Kind(name, code, struct.calcsize(code))


TYPES: dict[str, Kind] = {"u8": _kind("u8", "<B"), "i8": _kind("i8", "<b")} | {
    base + order: _kind(base + order, _ORDERS[order] + code)
    for (base, code), order in product(_CODES.items(), _ORDERS)
}
"""By name: u8 i8, then u16 to f64, of each the little endian before the big endian."""

BASES: tuple[str, ...] = ("u8", "i8", *_CODES)
"""The names without an order."""


def parse_kind(text: str) -> Kind:
    """`u32le`; without an order (`u32`) this machine's own. Raises NotUnderstood."""
    word = text.strip().lower()
    kind = TYPES.get(word) or TYPES.get(word + _OWN_ORDER)
    if kind is None:
        raise NotUnderstood(f"type {quoted(text)}: one of {' '.join(BASES)}, with le or be")
    return kind


def turned(kind: Kind) -> Kind:
    """The same type in the other byte order; of one byte itself."""
    base, order = kind.name[:-2], kind.name[-2:]
    return TYPES[base + ("be" if order == "le" else "le")] if order in _ORDERS else kind


def unpack(kind: Kind, data: Buffer, at: int = 0) -> int | float | None:
    """The value whose first byte is `data[at]`, `at` >= 0; None: too few bytes."""
    if at + kind.size > len(data):
        return None
    value: int | float = struct.unpack_from(kind.code, data, at)[0]
    return value


def words(kind: Kind, value: int | float) -> str:
    """The shortest words that tell this value, as `unpack` gives it, from any other of its type."""
    if not kind.is_float:
        return str(value)
    return _single(value) if kind.size == 4 and math.isfinite(value) else repr(value)


def width(kind: Kind) -> int:
    """Cells that the longest words of this type take."""
    if kind.is_float:
        return _FLOAT_WIDTHS[kind.size]
    bits = 8 * kind.size
    return len(str(2**bits - 1 if kind.name.startswith("u") else -(2 ** (bits - 1))))


def _single(value: float) -> str:
    """As repr does for 64 bits: the one that `0.1` became is `0.1`, not `0.10000000149011612`."""
    for digits in range(_LEAST_DIGITS, _MOST_DIGITS):
        text = f"{value:.{digits}g}"
        if struct.unpack("<f", struct.pack("<f", float(text)))[0] == value:
            break
    else:
        text = f"{value:.{_MOST_DIGITS}g}"
    return text if "." in text or "e" in text else f"{text}.0"
