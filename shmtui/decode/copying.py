"""What a selection becomes on the clipboard: text, hex, a hexdump, C, Python, JSON."""

import json
from collections.abc import Callable
from typing import NamedTuple

from shmtui.decode import hexdump
from shmtui.decode.escapes import escaped
from shmtui.decode.spans import GapLike

_HEXDUMP_WIDTH = 80
"""Sixteen bytes a row."""
_LINE = 12
"""Bytes a line of an array: within 80 columns."""


class _Window(NamedTuple):
    offset: int
    data: bytes
    gaps: tuple[GapLike, ...] = ()


def as_text(offset: int, data: bytes) -> str:
    r"""UTF-8, with `\n`, `\x1b` and the like for what does not show."""
    return escaped(data)


def as_hex(offset: int, data: bytes) -> str:
    """`2a 00 ff`."""
    return data.hex(" ")


def as_hexdump(offset: int, data: bytes) -> str:
    """Rows of sixteen bytes; the first begins at `offset`, wherever that is."""
    columns = hexdump.stride(_HEXDUMP_WIDTH, 0)
    rows = hexdump.lines(_Window(offset, data), b"", _HEXDUMP_WIDTH, -(-len(data) // columns))
    return "\n".join("".join(span.text for span in row) for row in rows)


def as_c_array(offset: int, data: bytes) -> str:
    """`static const unsigned char bytes_at_0x40[2] = {…};`"""
    if not data:
        return f"/* no bytes at {offset:#x} */"  # C has no array of none
    parts = (data[at : at + _LINE] for at in range(0, len(data), _LINE))
    rows = ["    " + " ".join(f"0x{byte:02x}," for byte in part) for part in parts]
    head = f"static const unsigned char bytes_at_{offset:#x}[{len(data)}] = {{"
    return "\n".join((head, *rows, "};"))


def as_python(offset: int, data: bytes) -> str:
    """`b'*\\x00'`."""
    return repr(data)


def as_json(offset: int, data: bytes) -> str:
    """`{"offset": 64, "hex": "2a00", "text": "*\\\\0"}`; the text is that of `as_text`."""
    members = {"offset": offset, "hex": data.hex(), "text": escaped(data)}
    return json.dumps(members, ensure_ascii=False)


FORMATS: dict[str, Callable[[int, bytes], str]] = {
    "text": as_text,
    "hex": as_hex,
    "hexdump": as_hexdump,
    "C array": as_c_array,
    "Python bytes": as_python,
    "JSON": as_json,
}
"""By the name that people choose; each takes the offset in bytes from the segment's start."""
