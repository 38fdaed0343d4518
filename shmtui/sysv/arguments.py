"""What people type for a key, a size, a mode, an interval, an age: understood here alone.

And keys, sizes and counts as they read them.
"""

import re

from shmtui.sysv.errors import BadArgument

MAX_KEY = 0xFFFFFFFF
MAX_SIZE = 2**63 - 1
MIN_INTERVAL_S = 0.001
MAX_INTERVAL_S = 86400.0

_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
# Compiled where they are used: commands that parse none of these start a millisecond earlier.
_SIZE = r"([0-9]{1,30})(?:\.([0-9]{1,12}))?([A-Za-z]*)"
_KEY = r"0[xX][0-9A-Fa-f]{1,30}|[0-9]{1,30}"
_MODE = r"(?:0o)?[0-7]{1,30}"
_AGES = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_AGE = r"([0-9]{1,12})(\.[0-9]{1,3})?([smhdSMHD]?)"
_INTERVAL = r"([0-9]{0,12}\.?[0-9]{1,20}|[0-9]{1,12}\.) ?s?"


def parse_key(text: str) -> int | None:
    """A key in decimal or 0x…; None for `private`. Raises BadArgument."""
    word = text.strip()
    if word.lower() == "private":
        return None
    if not re.fullmatch(_KEY, word):
        raise BadArgument(f"key {_quoted(text)}: a number like 3306 or 0xcea, or the word private")
    key = int(word, 16 if word[:2] in ("0x", "0X") else 10)
    if key == 0:
        raise BadArgument("key 0 is no key: private segments have it (IPC_PRIVATE)")
    if key > MAX_KEY:
        raise BadArgument(f"key {_quoted(word)}: keys go up to {MAX_KEY:#x} ({MAX_KEY})")
    return key


def key_words(key: int | None) -> str:
    """`0x00000cea`, as ipcs prints it; None and 0 (IPC_PRIVATE): `private`."""
    return f"{key:#010x}" if key else "private"


def parse_size(text: str) -> int:
    """Bytes from `4096`, `64K`, `1.5M`, `2G`, `1T`; K is 1024. Raises BadArgument.

    0 is understood: a filter may compare with it, shmget refuses it.
    """
    match = re.fullmatch(_SIZE, text.strip())
    if match is None:
        raise BadArgument(f"size {_quoted(text)}: a number of bytes like 4096, or 64K, 1M, 2G")
    whole, fraction, unit = match[1], match[2] or "", match[3].upper()
    if unit not in _UNITS:
        raise BadArgument(f"size {_quoted(text)}: {_unit_help(unit)}")
    scale: int = 10 ** len(fraction)
    size, part = divmod(int(whole + fraction) * _UNITS[unit], scale)
    if part:
        raise BadArgument(f"size {_quoted(text)} is not a whole number of bytes")
    if size > MAX_SIZE:
        raise BadArgument(f"size {_quoted(text)} is more than any address space has")
    return size


def size_words(size_bytes: int) -> str:
    """`56`, `1.0K`, `80K`, `1.0G`: at most five columns, steps of 1024, rounded to the nearest."""
    value, unit = float(size_bytes), ""
    for following in "KMGTPE":
        if value < 1023.5:  # from here on it would be rounded to 1024, which is 1.0 of the next
            break
        value, unit = value / 1024, following
    if not unit:
        return str(size_bytes)
    return f"{value:.1f}{unit}" if value < 9.95 else f"{value:.0f}{unit}"


def many(count: int, thing: str, things: str = "") -> str:
    """`1 page`, `2 pages`; `things` where its plural is not that with an s."""
    return f"{count} {thing if count == 1 else things or f'{thing}s'}"


def bytes_words(size_bytes: int) -> str:
    """`56 bytes`, `1.0K`: where no heading tells that a bare number is one of bytes."""
    words = size_words(size_bytes)
    return many(size_bytes, "byte") if words.isdecimal() else words


def parse_mode(text: str) -> int:
    """Nine permission bits from octal: `0600`, `600`, `0o600`. Raises BadArgument."""
    word = text.strip()
    if not re.fullmatch(_MODE, word):
        raise BadArgument(f"mode {_quoted(text)}: octal digits like 0600")
    mode = int(word, 8)
    if mode > 0o777:
        raise BadArgument(f"mode {_quoted(word)}: only the nine permission bits, up to 0777")
    return mode


def parse_interval(text: str) -> float:
    """Seconds, `0.5`, `1.0 s`, `2s`: from a millisecond to a day. Raises BadArgument."""
    match = re.fullmatch(_INTERVAL, text.strip())
    if match is None:
        raise BadArgument(f"interval {_quoted(text)}: seconds like 1 or 0.5")
    interval_s = float(match[1])
    if not MIN_INTERVAL_S <= interval_s <= MAX_INTERVAL_S:
        raise BadArgument(
            f"interval {_quoted(text)}: from {MIN_INTERVAL_S:g} to {MAX_INTERVAL_S:g} seconds"
        )
    return interval_s


def parse_age(text: str) -> float:
    """Seconds of `30s`, `5m`, `1h`, `2d`. Raises BadArgument."""
    match = re.fullmatch(_AGE, text)
    if match is None:
        raise BadArgument(f"{_quoted(text)} is not an age: write 30s, 5m, 1h or 2d")
    whole, fraction, unit = match.groups()
    return float(whole + (fraction or "")) * _AGES[unit.lower()]


def _quoted(text: str) -> str:
    """What was typed, control characters made visible, cut to a length that fits a line."""
    return repr(text if len(text) <= 40 else text[:39] + "…")


def _unit_help(unit: str) -> str:
    plain = unit.removesuffix("B").removesuffix("I")
    if plain != unit and plain in _UNITS:
        return f"say {plain or 'the bytes alone'}{' (1024 steps)' if plain else ''}"
    return "units are K, M, G, T (1024 steps)"
