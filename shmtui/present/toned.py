"""Pieces of a line that a panel draws: safe words, and a tone that adds to them."""

from collections.abc import Iterable
from typing import Literal, NamedTuple, get_args

PanelTone = Literal["label", "value", "fresh", "strong"]
"""`label` names something, `fresh` is a value that has just changed, `strong` is a find."""

PANEL_TONES: tuple[PanelTone, ...] = get_args(PanelTone)


class Piece(NamedTuple):
    """Words of one tone. The words alone say what is meant."""

    text: str
    tone: PanelTone = "value"


PanelLine = tuple[Piece, ...]


def plain(line: Iterable[Piece]) -> str:
    """The line's words without their tones."""
    return "".join(piece.text for piece in line)
