"""What to search for: `text:abc` or just `abc`, `x:2a00`, `u32le:42`, as the bytes in memory."""

import math
import re
import struct
from collections.abc import Iterator
from typing import NamedTuple

from shmtui.decode.errors import NotUnderstood, quoted
from shmtui.decode.escapes import escaped
from shmtui.decode.types import Kind, parse_kind

MOST_BYTES = 4096

_NUMBER = re.compile(r"([uif][0-9]+(?:[lb]e)?):(.*)", re.DOTALL)
"""Text that begins so by chance needs its `text:`; a type with a slip would never be found."""
_ESCAPES = {"n": b"\n", "t": b"\t", "r": b"\r", "0": b"\0", "\\": b"\\"}
_TEXT = re.compile(r"\\x([0-9A-Fa-f]{2})|\\([ntr0\\])|([^\\]+)|(.)", re.DOTALL)
_INTEGER = re.compile(r"([+-]?)(?:0[xX]([0-9A-Fa-f]{1,30})|([0-9]{1,30}))")


class Needle(NamedTuple):
    """Bytes that are searched for."""

    words: str
    """How to say it; printable, and `parse_needle` understands it as these same bytes."""
    data: bytes
    """From 1 to MOST_BYTES of them."""


def parse_needle(text: str) -> Needle:
    r"""What was typed. In text `\n`, `\t`, `\r`, `\0`, `\\` and `\xNN` are bytes.

    Raises NotUnderstood.
    """
    needle = _needle(text)
    if not needle.data:
        raise NotUnderstood(r"nothing to search for: say text, x:2a00, or u32le:42")
    if len(needle.data) > MOST_BYTES:
        raise NotUnderstood(f"{len(needle.data)} bytes to search for: at most {MOST_BYTES}")
    return needle


def _needle(text: str) -> Needle:
    if number := _NUMBER.fullmatch(text):
        return _number(parse_kind(number[1]), number[2].strip())
    if text.startswith("x:"):
        return _hex(text[2:])
    data = b"".join(_bytes_of(text.removeprefix("text:")))
    return Needle(f"text:{escaped(data)}", data)


def _number(kind: Kind, word: str) -> Needle:
    value = _float(kind, word) if kind.is_float else _integer(kind, word)
    try:
        return Needle(f"{kind.name}:{word}", struct.pack(kind.code, value))
    except (struct.error, OverflowError) as error:
        raise NotUnderstood(f"{quoted(word)} does not fit {kind.name}") from error


def _integer(kind: Kind, word: str) -> int:
    match = _INTEGER.fullmatch(word)
    if match is None:
        raise NotUnderstood(f"{quoted(word)} is no {kind.name}: a whole number like 42 or 0x2a")
    size = int(match[2], 16) if match[2] else int(match[3])
    return -size if match[1] == "-" else size


def _float(kind: Kind, word: str) -> float:
    try:
        value = float(word)
    except ValueError as error:
        raise NotUnderstood(f"{quoted(word)} is no {kind.name}: a number like 1.5") from error
    if math.isnan(value):
        raise NotUnderstood("nan has many forms in memory: search for its bytes, x:…")
    return value


def _hex(digits: str) -> Needle:
    try:
        data = bytes.fromhex(digits)
    except ValueError as error:
        raise NotUnderstood(f"x:{digits[:40]}: pairs of hex digits like x:2a00") from error
    return Needle(f"x:{data.hex()}", data)


def _bytes_of(text: str) -> Iterator[bytes]:
    for code, escape, plain, stray in (match.groups() for match in _TEXT.finditer(text)):
        if stray:
            raise NotUnderstood(rf"{quoted(text)}: after \ comes n t r 0 \ or xNN")
        if code:
            yield bytes.fromhex(code)
        elif escape:
            yield _ESCAPES[escape]
        else:
            yield _encoded(plain)


def _encoded(plain: str) -> bytes:
    """UTF-8; bytes of an argument that were none come back as they were typed."""
    try:
        return plain.encode(errors="surrogateescape")
    except UnicodeEncodeError as error:
        raise NotUnderstood(f"{quoted(plain)} is no text: say its bytes, x:…") from error
