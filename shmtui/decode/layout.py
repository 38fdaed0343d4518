"""A struct as C declares it, as watches: `uint32_t magic; int pid; double rate; char name[16]`."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from shmtui.decode.errors import NotUnderstood, quoted
from shmtui.decode.types import Kind, parse_kind
from shmtui.decode.watch import MOST_NAME, Watch

MOST_ELEMENTS = 64
"""Of an array that are watched one by one; of a longer one, and of char, none: room is left."""

_C_TYPES = {
    "char": "i8",
    "signed char": "i8",
    "unsigned char": "u8",
    "bool": "u8",
    "_Bool": "u8",
    "short": "i16",
    "unsigned short": "u16",
    "int": "i32",
    "unsigned": "u32",
    "unsigned int": "u32",
    "long": "i64",
    "unsigned long": "u64",
    "long long": "i64",
    "unsigned long long": "u64",
    "float": "f32",
    "double": "f64",
    "size_t": "u64",
    "ssize_t": "i64",
    "time_t": "i64",
    "pid_t": "i32",
    "uid_t": "u32",
    "gid_t": "u32",
    **{f"int{bits}_t": f"i{bits}" for bits in (8, 16, 32, 64)},
    **{f"uint{bits}_t": f"u{bits}" for bits in (8, 16, 32, 64)},
}
"""Where long and pointers have 64 bits, as on every 64-bit Linux."""

_FIELD = re.compile(
    r"(?P<type>[A-Za-z_][\w ]*?)\s*(?P<stars>\*+)?\s*\b(?P<name>[A-Za-z_]\w*)"
    r"(?P<array>(?:\s*\[\s*[0-9]{1,9}\s*\])*)"
)
_PACKED = "packed "


class Layout(NamedTuple):
    """The fields of a struct at a place."""

    watches: tuple[Watch, ...]
    size: int
    """Bytes, with what the compiler adds at its end."""


def parse_layout(text: str, at: int) -> Layout:
    """The struct whose first byte is at offset `at`. Its fields are apart as C puts them, on
    multiples of their sizes; `packed` before them: one right behind the other.

    Types are C's or ours (`u32be`). Raises NotUnderstood.
    """
    body = text.strip()
    packed = body.startswith(_PACKED)
    fields = [word.strip() for word in re.split(r"[;,\n]", body.removeprefix(_PACKED))]
    watches: list[Watch] = []
    size, widest = 0, 1
    for field in filter(None, fields):
        kind, name, counts = _field(field)
        if not packed:
            size = -(-size // kind.size) * kind.size
            widest = max(widest, kind.size)
        watches += _watches(kind, name, counts, at + size)
        size += kind.size * _product(counts)
    if not size:
        raise NotUnderstood("a struct like: uint32_t magic; int pid; double rate; char name[16]")
    return Layout(tuple(watches), -(-size // widest) * widest)


def _field(text: str) -> tuple[Kind, str, tuple[int, ...]]:
    match = _FIELD.fullmatch(text)
    if match is None or len(match["name"]) > MOST_NAME:
        raise NotUnderstood(
            f"field {quoted(text)}: TYPE NAME, like uint32_t count or u16be port[4]"
        )
    counts = tuple(int(count) for count in re.findall(r"[0-9]+", match["array"]))
    if 0 in counts:
        raise NotUnderstood(f"field {quoted(text)}: an array has at least one element")
    word = " ".join(match["type"].split())
    kind = parse_kind("u64" if match["stars"] else _C_TYPES.get(word, word))
    return kind, match["name"], counts


def _watches(kind: Kind, name: str, counts: tuple[int, ...], offset: int) -> Iterator[Watch]:
    if not counts:
        yield Watch(offset, kind, name)
        return
    number = _product(counts)
    if number > MOST_ELEMENTS or kind.size == 1:
        return
    for index in range(number):
        yield Watch(offset + index * kind.size, kind, f"{name}{_place(index, counts)}")


def _place(index: int, counts: tuple[int, ...]) -> str:
    """`[1][3]`."""
    words = ""
    for count in reversed(counts):
        index, here = divmod(index, count)
        words = f"[{here}]{words}"
    return words


def _product(counts: tuple[int, ...]) -> int:
    product = 1
    for count in counts:
        product *= count
    return product
