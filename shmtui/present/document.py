"""Rows as documents for programs: JSON with real types, CSV, and the plain table for people."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, repeat
from json.encoder import encode_basestring_ascii
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from shmtui.present.column import Column, Kind
from shmtui.present.row import Row
from shmtui.present.words import Align, cell_width, cells, instant, iso, visible

if TYPE_CHECKING:  # `shmtui list` recognises nothing, and starts faster without what that imports
    from shmtui.monitor.recognition import Owner

SCHEMA = 1
"""Grows when a name goes or changes its meaning."""

_ROWS_AT_ONCE = 256
"""Their text is built in memory that is used again, and not asked of the kernel page by page."""


def head(time_s: float) -> dict[str, Any]:
    """What begins every JSON document: the schema, the host, and when it was looked."""
    return {"schema": SCHEMA, "host": os.uname().nodename, "time": instant(time_s)}


def json_value(column: Column, row: Row) -> Any:
    """A column's value as JSON has it: times in ISO 8601, ages in seconds, None for unknown."""
    return _plain(column.kind, column.get(row))


def _plain(kind: Kind, value: Any) -> Any:
    if value is None:
        return None
    if kind == "time":
        return iso(value)
    if kind == "age":
        return round(value, 3)
    return list(value) if kind == "words" else value


def program(owner: "Owner | None") -> dict[str, Any] | None:
    """What a segment was recognised as, and how; None: as nothing."""
    if owner is None:
        return None
    return {**owner._asdict(), "guards": list(owner.guards), "place": owner.place or None}


def json_list(time_s: float, columns: Sequence[Column], rows: Sequence[Row]) -> Iterator[str]:
    """The text of `{…head, "segments": […]}`, a line for each segment, in large pieces."""
    yield json.dumps(head(time_s))[:-1] + ', "segments": ['
    known = [_Members(column) for column in columns]
    before = "\n{"
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        yield before + "},\n{".join(_json_rows(known, rows[start : start + _ROWS_AT_ONCE]))
        before = "},\n{"
    yield "}\n]}\n" if rows else "]}\n"


def _json_rows(known: Sequence["_Members"], rows: Sequence[Row]) -> Iterator[str]:
    """Column by column: most values repeat from row to row, and are then written once."""
    walk = _Walk(rows)
    # Lists, since row by row the processor's cache would lose every column's memory.
    members = [list(of.each(walk.sources(of.column))) for of in known]
    return map(", ".join, zip(*members, strict=True))


class _Walk:
    """Fetches the sources of columns from all rows at once.

    Rows are named tuples of named tuples, which zip() turns into one tuple a field: four times
    faster than to ask each row for each field.
    """

    def __init__(self, rows: Sequence[Row]) -> None:
        """There must be at least one row."""
        self._reached: dict[str, Sequence[Any]] = {"": rows}
        self._fields: dict[str, dict[str, Sequence[Any]]] = {}

    def sources(self, column: Column) -> Sequence[Any]:
        """What the column's `source` would give, row by row."""
        fetched = [self._fetch(path) for path in column.paths]
        return fetched[0] if len(fetched) == 1 else list(zip(*fetched, strict=True))

    def _fetch(self, path: str) -> Sequence[Any]:
        if path not in self._reached:
            start, _, name = path.rpartition(".")
            field = self._turned(start).get(name)
            self._reached[path] = field or list(map(attrgetter(name), self._reached[start]))
        return self._reached[path]

    def _turned(self, path: str) -> dict[str, Sequence[Any]]:
        if path not in self._fields:
            things = self._fetch(path)
            self._fields[path] = dict(
                zip(things[0]._fields, zip(*things, strict=True), strict=True)
            )
        return self._fields[path]


class _Members(dict[Any, str]):
    """`"owner": "root"` by what the column's source gave."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self.column = column
        self._name = json.dumps(column.name)
        self._is_plain_number = column.derive is None and column.kind in ("number", "size")

    def each(self, sources: Sequence[Any]) -> Iterator[str]:
        """The member of each row."""
        if self._is_plain_number and None not in sources:
            # Mostly different in each row: to remember them would cost more than to write them.
            return map(f"{self._name}: %d".__mod__, sources)
        return map(self.__getitem__, sources)

    def __missing__(self, source: Any) -> str:
        value = self.column.value(source)
        member = self[source] = f"{self._name}: {_encoded(self.column.kind, value)}"
        return member


def _encoded(kind: Kind, value: Any) -> str:
    encode = None if value is None else _ENCODE.get(kind)
    return encode(value) if encode else json.dumps(_plain(kind, value))


_ENCODE: dict[Kind, Callable[[Any], str]] = {
    "text": encode_basestring_ascii,
    "octal": encode_basestring_ascii,
    "number": str,
    "key": str,
    "size": str,
    "flag": lambda flag: "true" if flag else "false",
}
"""What json.dumps would write of these kinds, without the way there."""


def csv_rows(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[list[str]]:
    """The JSON values as cells: empty where unknown, foreign text made visible."""
    for row in rows:
        yield [_csv_cell(json_value(column, row)) for column in columns]


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return visible("; ".join(value) if isinstance(value, list) else str(value))


_LEFT: Iterable[Align] = repeat("left")


def table(lines: Sequence[Sequence[str]], aligns: Sequence[Align]) -> Iterator[str]:
    """Words side by side, each column as wide as its widest; those without an align stand left."""
    widths = [max(map(cell_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        parts = zip(line, widths, chain(aligns, _LEFT), strict=False)
        yield " ".join(cells(text, width, align) for text, width, align in parts).rstrip()
