"""Words for numbers, and text from the kernel made safe to print: the same on every surface."""

import time
import unicodedata
from functools import lru_cache
from typing import Literal

Align = Literal["left", "right"]

_BLANKS = frozenset(
    (
        # Printable to Unicode, yet they show nothing or stick to the letter before: fillers,
        # variation selectors and other default-ignorable marks (DerivedCoreProperties.txt).
        *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0),
        *range(0x180B, 0x1810),
        *range(0xFE00, 0xFE10),
        *range(0xE0100, 0xE01F0),
    )
)


def age_words(seconds: float) -> str:
    """`3s`, `5m`, `1h`, `2d`, rounded down. A time ahead of the clock is `0s`."""
    whole = max(0, int(seconds))
    for unit, length in (("d", 86400), ("h", 3600), ("m", 60)):
        if whole >= length:
            return f"{whole // length}{unit}"
    return f"{whole}s"


def ago_words(seconds: float) -> str:
    """`3 h ago`; a time ahead of the clock says so."""
    if seconds <= -1:
        return f"in {ago_words(-seconds).removesuffix(' ago')}"
    words = age_words(seconds)
    return f"{words[:-1]} {words[-1].replace('m', 'min')} ago"


@lru_cache(maxsize=16384)
def iso(unix_s: int) -> str | None:
    """ISO 8601 in the local zone, `2026-01-02T03:04:05+01:00`; None for 0, which means never."""
    if not unix_s:
        return None
    # Not datetime: its import takes longer than a short list.
    text = time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(unix_s))
    return f"{text[:-2]}:{text[-2:]}"


def instant(unix_s: float) -> str:
    """As `iso`, to the millisecond."""
    whole, thousandths = divmod(round(unix_s * 1000), 1000)
    text = time.strftime("%Y-%m-%dT%H:%M:%S.%%03d%z", time.localtime(whole)) % thousandths
    return f"{text[:-2]}:{text[-2:]}"


def moment(unix_s: float) -> str:
    """Local date and time for people: `2026-01-02 03:04:05`."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(unix_s))


# Foreign text


def visible(text: str) -> str:
    r"""The same text with everything that would not show as itself written as `\x1b`, `\u202e`.

    That is: control characters, line ends, bidi and zero-width characters, blanks that are not a
    space, undecodable bytes, and a combining mark with nothing before it to combine with.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char if _shows(char, first) else _escaped(char)
        for char, first in zip(text, (True, *[False] * len(text)), strict=False)
    )


def _shows(char: str, first: bool) -> bool:
    if not char.isprintable() or ord(char) in _BLANKS:
        return False
    return not (first and unicodedata.category(char).startswith("M"))


def _escaped(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        # A byte that was not UTF-8, as surrogateescape keeps it.
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


# Terminal cells


def cell_width(text: str) -> int:
    """Terminal columns that a visible text takes: wide glyphs two, combining marks none."""
    return len(text) if text.isascii() else sum(map(_char_width, text))


@lru_cache(maxsize=4096)
def _char_width(char: str) -> int:
    if unicodedata.category(char)[0] == "M":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def cells(text: str, width: int, align: Align = "left") -> str:
    """The text in exactly `width` terminal columns: padded, or cut with `…` at its end."""
    room = width - cell_width(text)
    if room < 0:
        text = _cut(text, width)
        room = width - cell_width(text)
    return " " * room + text if align == "right" else text + " " * room


def _cut(text: str, width: int) -> str:
    if width <= 0:
        return ""
    used, kept = 0, []
    for char in text:
        used += _char_width(char)
        if used > width - 1:
            break
        kept.append(char)
    return "".join(kept) + "…"
