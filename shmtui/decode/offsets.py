"""The offset that begins a line of a view, in ten cells."""

from shmtui.decode.spans import Span

CELLS = 10
"""Eight digits and two spaces; more digits take the spaces, up to 1 TiB."""


def offset_digits(start: int) -> str:
    """Eight to ten hex digits; of what is longer the last nine, after `…`."""
    digits = f"{start:08x}"
    return digits if len(digits) <= CELLS else "…" + digits[1 - CELLS :]


def offset_span(start: int) -> Span:
    """In exactly CELLS cells: the next piece begins with a space of its own."""
    return Span(offset_digits(start).ljust(CELLS), "offset")
