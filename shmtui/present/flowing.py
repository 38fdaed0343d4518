"""Blocks of lines that flow into columns beside each other."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import NamedTuple

from shmtui.present.toned import PanelLine, Piece, plain
from shmtui.present.words import cell_width

GAP = 3
"""Cells between two columns."""

Column = list[PanelLine]


class Block(NamedTuple):
    """Lines that stay together."""

    lines: tuple[PanelLine, ...]
    is_row: bool = False
    """Of a table: it stands under the table's heading."""


def flow(blocks: Iterable[Block], heading: PanelLine, height: int) -> list[Column]:
    """As many columns of at most `height` lines as there have to be.

    The heading stands over the first row of the table, and again in each column that it goes on in.
    """
    columns: list[Column] = [[]]
    in_table = False
    for block in blocks:
        wanted = _headed(block, heading, in_table)
        if columns[-1] and len(columns[-1]) + len(wanted) > height:
            columns.append([])
            wanted = _headed(block, heading, False)
        columns[-1] += wanted[:height]
        in_table = block.is_row
    return columns


def side_by_side(columns: Iterable[Column], width: int) -> list[PanelLine]:
    """The lines of all columns, each column `width` cells wide."""
    return [joined(parts, width) for parts in zip_longest(*columns, fillvalue=())]


def joined(parts: Sequence[PanelLine], width: int) -> PanelLine:
    """One line of several: each but the last is filled up to `width` cells and the gap."""
    pieces: list[Piece] = []
    for part in parts[:-1]:
        blank = " " * (width - cell_width(plain(part)) + GAP)
        pieces += [*part, Piece(blank)]
    return (*pieces, *parts[-1])


def _headed(block: Block, heading: PanelLine, in_table: bool) -> tuple[PanelLine, ...]:
    return block.lines if in_table or not block.is_row else (heading, *block.lines)
