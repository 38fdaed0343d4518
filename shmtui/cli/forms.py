"""The forms in which `shmtui read` prints a window: text, a hexdump, numbers, raw bytes."""

import math
import struct
from collections.abc import Callable
from typing import Any, NamedTuple

from shmtui.decode import hexdump
from shmtui.decode.types import BASES, TYPES, Kind, parse_kind, words
from shmtui.present.words import visible
from shmtui.sysv.window import Window

_HEX_WIDTH = 80
"""Terminal columns: sixteen bytes a row."""


class Form(NamedTuple):
    """One word of `--as`."""

    name: str
    unit: int
    """Bytes of the smallest thing that it prints."""
    length: int | None
    """Bytes where nobody said `--length`; None: to the segment's end."""
    show: Callable[[Window], str]
    """Lines for people, safe to print."""
    member: str
    """Its member in a JSON document."""
    value: Callable[[Window], Any]
    """That member's value."""


def _text(window: Window) -> str:
    """The C string, as a program that prints it with %s would."""
    return visible(window.data.partition(b"\0")[0].decode(errors="surrogateescape"))


def _plain_text(window: Window) -> str:
    return window.data.partition(b"\0")[0].decode(errors="backslashreplace")


def _hex(window: Window) -> str:
    rows = -(-len(window.data) // hexdump.stride(_HEX_WIDTH, 0))
    lines = hexdump.lines(window, b"", _HEX_WIDTH, rows)
    return "\n".join("".join(span.text for span in line) for line in lines)


def _values(kind: Kind, window: Window) -> list[int | float]:
    return [value for (value,) in struct.iter_unpack(kind.code, window.data)]


def _number_form(name: str) -> Form:
    """Without an order in its name: in the machine's own."""
    kind = parse_kind(name)
    return Form(
        name,
        kind.size,
        kind.size,
        lambda window: " ".join(words(kind, value) for value in _values(kind, window)),
        "values",
        # JSON has no infinity, and nothing that is not a number.
        lambda window: [v if math.isfinite(v) else None for v in _values(kind, window)],
    )


FORMS = {
    form.name: form
    for form in (
        Form("text", 1, 4096, _text, "text", _plain_text),
        Form("hex", 1, 256, _hex, "hex", lambda window: window.data.hex()),
        *map(_number_form, dict.fromkeys((*BASES, *TYPES))),
        Form("raw", 1, None, _hex, "hex", lambda window: window.data.hex()),
    )
}
"""By name."""
