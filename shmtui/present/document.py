"""Rows as documents for programs: JSON with real types, CSV, and the plain table for people."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, repeat
from json.encoder import encode_basestring_ascii
from operator import attrgetter
from typing import Any

from shmtui.present.column import Column
from shmtui.present.row import Row
from shmtui.present.words import Align, cell_width, cells, instant, iso, visible

SCHEMA = 1
"""Grows when a name goes or changes its meaning."""


def head(time_s: float) -> dict[str, Any]:
    """What begins every JSON document: the schema, the host, and when it was looked."""
    return {"schema": SCHEMA, "host": os.uname().nodename, "time": instant(time_s)}


def json_value(column: Column, row: Row) -> Any:
    """A column's value as JSON has it: times in ISO 8601, ages in seconds, None for unknown."""
    value = column.get(row)
    if value is None:
        return None
    if column.kind == "time":
        return iso(value)
    if column.kind == "age":
        return round(value, 3)
    return list(value) if column.kind == "words" else value


def json_list(time_s: float, columns: Sequence[Column], rows: Sequence[Row]) -> Iterator[str]:
    """The text of `{…head, "segments": […]}`, a line for each segment."""
    yield json.dumps(head(time_s))[:-1] + ', "segments": ['
    if rows:
        yield "\n{"
        yield "},\n{".join(_json_rows(columns, rows))
        yield "}\n"
    yield "]}\n"


def _json_rows(columns: Sequence[Column], rows: Sequence[Row]) -> Iterator[str]:
    """Column by column: most values repeat from row to row, and are then written once."""
    walk = _Walk(rows)
    # Lists, since row by row the processor's cache would lose every column's memory.
    members = [list(map(_Members(column).__getitem__, walk.sources(column))) for column in columns]
    return map(", ".join, zip(*members, strict=True))


class _Walk:
    """Fetches the sources of columns from all rows, common beginnings of their paths once."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._reached: dict[str, Sequence[Any]] = {"": rows}

    def sources(self, column: Column) -> Iterable[Any]:
        fetched = [self._fetch(path) for path in column.paths]
        return fetched[0] if len(fetched) == 1 else zip(*fetched, strict=True)

    def _fetch(self, path: str) -> Iterable[Any]:
        start, _, name = path.rpartition(".")
        if start not in self._reached:
            self._reached[start] = list(self._fetch(start))
        return map(attrgetter(name), self._reached[start])


class _Members(dict[Any, str]):
    """`"size": 4096` by what the column's source gave."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self._column = column
        self._name = json.dumps(column.name)
        self._encode = _ENCODE[column.kind]

    def __missing__(self, source: Any) -> str:
        value = self._column.value(source)
        text = "null" if value is None else self._encode(value)
        member = self[source] = f"{self._name}: {text}"
        return member


_ENCODE: dict[str, Callable[[Any], str]] = {
    "text": encode_basestring_ascii,
    "octal": encode_basestring_ascii,
    "number": str,
    "key": str,
    "size": str,
    "age": lambda age_s: json.dumps(round(age_s, 3)),
    "time": lambda unix_s: json.dumps(iso(unix_s)),
    "flag": lambda flag: "true" if flag else "false",
    "words": lambda words: json.dumps(list(words)),
}


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
