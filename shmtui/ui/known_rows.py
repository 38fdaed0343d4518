"""The words of the list's rows, made again only where they differ: most stay as they are."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import set_cell_size

from shmtui.monitor.facts import Facts
from shmtui.present.columns import COLUMNS, Fitted
from shmtui.present.row import Row
from shmtui.present.table import Mark, TableModel
from shmtui.sysv.holders import Holder
from shmtui.sysv.segment import Identity

AGE = COLUMNS["age"]
KNOWN_ROWS = 1000
"""Rows whose words are kept: more than any terminal shows."""


class _Known(NamedTuple):
    """The words of a row, and what they were made from."""

    facts: Facts
    holders: tuple[Holder, ...]
    mark: Mark | None
    age: str
    text: str


class KnownRows:
    """What the rows of a model say in the columns on view."""

    def __init__(self, model: TableModel) -> None:
        self._model = model
        self._columns: Sequence[Fitted] = ()
        self._width = 0
        self._shows_age = False
        self._known: dict[Identity, _Known] = {}

    def fit(self, columns: Sequence[Fitted], width: int) -> None:
        """From now on these columns, in `width` cells."""
        self._columns, self._width = columns, width
        self._shows_age = any(column is AGE for column, _ in columns)
        self._known.clear()

    def words(self, identity: Identity, row: Row, mark: Mark | None) -> str:
        """The cells of a row, one after the other."""
        age = AGE.text(row) if self._shows_age else ""
        known = self._known.get(identity)
        if known and known.facts is row.facts and known[1:4] == (row.holders, mark, age):
            return known.text
        text = set_cell_size(" ".join(self._model.cells(identity, self._columns)), self._width)
        if len(self._known) > KNOWN_ROWS:
            self._known.clear()
        self._known[identity] = _Known(row.facts, row.holders, mark, age, text)
        return text

    def may_differ(self, identity: Identity) -> bool:
        """Of a row that no poll changed: False where it has the same age in words still."""
        known = self._known.get(identity)
        if known is None:
            return True
        return self._shows_age and known.age != AGE.text(self._model.row(identity))
