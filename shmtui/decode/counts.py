"""Numbers of bytes in words."""


def byte_words(count: int) -> str:
    """`1 byte`, `2 bytes`."""
    return f"{count} byte{'' if count == 1 else 's'}"
