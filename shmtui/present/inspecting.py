"""The inspector's lines: what the bytes at the cursor are in every type, laid out in columns."""

import textwrap
from collections.abc import Iterator, Mapping
from itertools import zip_longest

from shmtui.decode.inspector import NO_TIME, Fact, Inspection, Row
from shmtui.decode.types import TYPES, parse_kind
from shmtui.present.flowing import GAP, Block, flow, joined, side_by_side
from shmtui.present.toned import PanelLine, PanelTone, Piece, plain
from shmtui.present.words import cell_width, cells

COLUMN = 36
"""Cells of the narrowest column that stands beside another one."""

_NAME, _LABEL = 5, 9
"""Cells of `u64`, `bits`; and of `offset`, `u64le ns`."""
_LEAST = 12
"""Cells under which a number says nothing."""
_VALUES = 48
"""Most cells of both values of a row: further apart they are no pair to the eye."""
_RAW_BYTES = 8
"""As many as the widest type has."""
_SHORT = ("bits", "char")
"""Facts of the first byte: two of them fit on a line, as do its two types."""


def lines(
    inspection: Inspection, pointer: str, width: int, height: int, raw: bytes = b""
) -> list[PanelLine]:
    """At most `height` lines of at most `width` cells, in as few columns as hold all.

    `pointer`: what `pointing.pointer_words` said. `raw`: the bytes themselves, for their hex. Where
    there is too little room, signed types go that say what the unsigned ones say, then what the
    picture itself shows (the place, hex, bits), then whatever comes last, but neither the pointer
    nor a time that few bytes would be.
    """
    if width < _LEAST or height <= 0:
        return []
    most = max(1, (width + GAP) // (COLUMN + GAP))
    for shown, bare in _ever_less(inspection):
        for count in range(1, most + 1):
            layout = _Layout((width - GAP * (count - 1)) // count)
            blocks = [*layout.blocks(shown, raw, bare), *layout.rare(shown, pointer)]
            columns = flow(blocks, layout.heading, height)
            if len(columns) <= count:
                return side_by_side(columns, layout.width)
    blocks = [*layout.rare(shown, pointer), *layout.blocks(shown, raw, bare)]
    return side_by_side(flow(blocks, layout.heading, height)[:most], layout.width)


def _ever_less(inspection: Inspection) -> Iterator[tuple[Inspection, bool]]:
    """What is shown, and whether without what the picture itself shows."""
    short = _without_repeats(inspection)
    yield from ((inspection, False), (short, False), (short, True))


def _without_repeats(inspection: Inspection) -> Inspection:
    """Without the signed types that say what the unsigned ones say."""
    unsigned = {row.name: row for row in inspection.rows if row.name.startswith("u")}
    kept = (row for row in inspection.rows if row.name in TYPES or not _repeats(row, unsigned))
    return inspection._replace(rows=tuple(kept))


def _is_rare(fact: Fact) -> bool:
    """A time, and not one that many bytes are: in 32 bits most numbers are a second between 1980
    and 2100, and in 64 a fifth of them a nanosecond, among them digits read backwards.
    """
    kind, _, unit = fact.name.partition(" ")
    if not unit or kind not in TYPES or "32" in kind:
        return False
    return unit != "ns" or kind == parse_kind("u64").name


def _repeats(row: Row, unsigned: Mapping[str, Row]) -> bool:
    other = unsigned.get(f"u{row.name[1:]}")
    return other is not None and other is not row and (other.le, other.be) == (row.le, row.be)


class _Layout:
    """Columns of `width` cells."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._room = max(1, min(width - _NAME, _VALUES))
        self._half = (width - GAP) // 2
        self.heading = (Piece(self._two("le", "be").rjust(_NAME + self._room), "label"),)

    def blocks(self, inspection: Inspection, raw: bytes, bare: bool) -> Iterator[Block]:
        """What there is to say of any bytes; `bare`: without what the picture shows."""
        rows = [row for row in inspection.rows if row.name not in TYPES]
        bytewise = [Fact(row.name, row.le) for row in inspection.rows if row.name in TYPES]
        facts = [f for f in inspection.facts if f.value != NO_TIME and not _is_rare(f)]
        place = [fact for fact in facts if fact.name == "offset"]
        short = [fact for fact in facts if fact.name in _SHORT]
        rest = [fact for fact in facts if fact not in (*place, *short)]
        if raw:
            place.append(Fact("hex", raw[:_RAW_BYTES].hex(" ")))
        if bare:
            place = short = []
        yield from map(self._fact, place)
        yield from self._pairs([*bytewise, *short])
        yield from map(self._row, rows)
        yield from map(self._fact, rest)

    def rare(self, inspection: Inspection, pointer: str) -> Iterator[Block]:
        """What there is to say of few bytes."""
        yield from map(self._fact, filter(_is_rare, inspection.facts))
        if pointer:
            yield self._pointer(pointer)

    # The table

    def _row(self, row: Row) -> Block:
        name = Piece(row.name.ljust(_NAME), "label")
        both = self._two(row.le, row.be)
        if not row.be or cell_width(both) <= self._room:
            return Block(((name, Piece(cells(both, min(self._room, len(both))))),), True)
        first = (name, *self._ordered(row.le, " le"))
        return Block((first, (Piece(" " * _NAME), *self._ordered(row.be, " be"))), True)

    def _two(self, le: str, be: str) -> str:
        """Both values, each against the end of its half; the first gives way to a long second."""
        middle = (self._room - 1) // 2
        left = le.rjust(min(middle, self._room - 1 - len(be)))
        return left + be.rjust(max(len(be) + 1, self._room - len(left))) if be else left

    def _ordered(self, value: str, order: str) -> tuple[Piece, Piece]:
        room = max(1, self._room - len(order))
        return Piece(cells(value, room, "right")), Piece(order, "label")

    # The facts

    def _pairs(self, facts: list[Fact]) -> Iterator[Block]:
        """Two on a line where both fit into their halves."""
        for one, other in zip_longest(facts[::2], facts[1::2]):
            short = [self._short(fact) for fact in (one, other) if fact is not None]
            if all(cell_width(plain(line)) <= self._half for line in short):
                yield Block((joined(short, self._half),))
            else:
                yield from (Block((line,)) for line in short)

    def _short(self, fact: Fact) -> PanelLine:
        return self._line(fact.name.ljust(_NAME), fact.value)

    def _fact(self, fact: Fact) -> Block:
        """Beside its name; where it is too long for that but no line is, below it."""
        if self.width - _LABEL < cell_width(fact.value) < self.width:
            below = cells(fact.value, self.width, "right")
            return Block((self._line(fact.name, ""), (Piece(below),)))
        return Block((self._line(fact.name.ljust(_LABEL), fact.value),))

    def _pointer(self, words: str) -> Block:
        parts = textwrap.wrap(words, max(1, self.width - 2), break_on_hyphens=False)
        indents = ("", *["  "] * len(parts))
        return Block(
            tuple(self._line(*both, "strong") for both in zip(indents, parts, strict=False))
        )

    def _line(self, label: str, value: str, tone: PanelTone = "value") -> PanelLine:
        label = cells(label, min(self.width, cell_width(label)))
        room = self.width - cell_width(label)
        value = cells(value, min(room, cell_width(value)))
        return tuple(piece for piece in (Piece(label, "label"), Piece(value, tone)) if piece.text)
