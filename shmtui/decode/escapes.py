r"""Bytes as text that people can paste: `caf\xe9\n`."""

from collections.abc import Callable, Iterator

_SHORT = {"\n": r"\n", "\t": r"\t", "\r": r"\r", "\0": r"\0", "\\": r"\\"}


def escaped(data: bytes, shows: Callable[[str], bool] = str.isprintable) -> str:
    r"""UTF-8; `\n`, `\t`, `\r`, `\0`, `\\`, and `\xNN` for bytes of what else does not show.

    `parse_needle("text:" + …)` makes the same bytes of it.
    """
    return "".join(_pieces(data.decode(errors="surrogateescape"), shows))


def _pieces(text: str, shows: Callable[[str], bool]) -> Iterator[str]:
    for char in text:
        if char in _SHORT:
            yield _SHORT[char]
        elif shows(char):
            yield char
        else:
            yield from (f"\\x{byte:02x}" for byte in char.encode(errors="surrogateescape"))
