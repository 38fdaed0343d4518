"""The filter language, the same on the screen and at the command line: `size>1m !owner=root`.

Terms are joined by space or `and`. A bare word is a part of the key, id, owner, command or state,
or the key as C writes it, without leading zeros; `column op value` compares; `!` before a term
turns it round. Quotes hold spaces together. Case never matters. `~` asks whether the column's words
contain the value. The command is that of any process that maps the segment, and `pid=1234` asks
for what that process maps.
"""

import operator
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from shmtui.present.column import Column
from shmtui.present.columns import COLUMNS, find
from shmtui.present.row import Row
from shmtui.present.terms import FilterError, Term, terms
from shmtui.present.values import parse_value
from shmtui.present.words import visible
from shmtui.sysv.errors import BadArgument

__all__ = ["Filter", "FilterError", "Predicate", "compile_filter"]

Predicate = Callable[[Row], bool]

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}

_COMMAND = COLUMNS["command"]
_KEY = COLUMNS["key"]
_PID = "pid"
"""No column: many processes may map a segment."""
_BARE = [COLUMNS[name] for name in ("key", "id", "owner", "command", "verdict")]


class Filter(NamedTuple):
    """A compiled expression."""

    expr: str
    terms: tuple[Predicate, ...]
    columns: frozenset[str]
    """Names of the columns that it looks at."""
    ages: frozenset[float]
    """Seconds that it compares ages with: its answer changes as a row reaches them."""

    def matches(self, row: Row) -> bool:
        """Whether all terms hold."""
        # Not all(…): a generator for each row doubles the time of 32768 rows.
        for term in self.terms:  # noqa: SIM110
            if not term(row):
                return False
        return True


def compile_filter(expr: str) -> Filter:
    """A filter from its words; one without terms matches everything. Raises FilterError."""
    compiled = [_compiled(term) for term in terms(expr)]
    return Filter(
        expr,
        tuple(one.holds for one in compiled),
        frozenset(column.name for one in compiled for column in one.columns),
        frozenset(one.age for one in compiled if one.age is not None),
    )


class _Compiled(NamedTuple):
    holds: Predicate
    columns: Sequence[Column]
    age: float | None = None


def _compiled(term: Term) -> _Compiled:
    if not term.op:
        return _Compiled(_turned(_contains_anywhere(term.word), term.negated), _BARE)
    if term.word.lower() == _PID:
        return _mapped_by(term)
    column = find(term.word)
    if column is None:
        raise FilterError(f"there is no column '{visible(term.word)}'", term.at)
    value = _value(column, term)
    negated = term.negated is not (term.op == "!=")
    holds = _turned(_comparison(column, term.op, value), negated)
    return _Compiled(holds, (column,), value if column.kind == "age" else None)


def _turned(predicate: Predicate, negated: bool) -> Predicate:
    return (lambda row: not predicate(row)) if negated else predicate


def _contains_anywhere(word: str) -> Predicate:
    wanted = visible(word).casefold()
    key = int(wanted, 16) if re.fullmatch("0x[0-9a-f]+", wanted) else None

    def holds(row: Row) -> bool:
        if key is not None and _KEY.get(row) == key:
            return True
        shown = (column.text(row).casefold() for column in _BARE)
        return any(wanted in text for text in chain(shown, _commands(row)))

    return holds


def _mapped_by(term: Term) -> _Compiled:
    if term.op not in ("=", "!="):
        raise FilterError("pid goes with = and != only", term.value_at)
    try:
        pid = parse_value("number", term.value)
    except BadArgument as error:
        raise FilterError(f"pid: {error}", term.value_at) from error
    if pid is None:
        raise FilterError(f"pid: '{visible(term.value)}' is not a number", term.value_at)
    negated = term.negated is not (term.op == "!=")
    holds = _turned(lambda row: any(who.pid == pid for who in row.holders), negated)
    return _Compiled(holds, (_COMMAND,))


def _commands(row: Row) -> Iterator[str]:
    """Of each process that maps it, as it is shown and in one case."""
    return (visible(holder.command).casefold() for holder in row.holders)


def _value(column: Column, term: Term) -> Any:
    """What the column is compared with; None: never, or unknown. Raises FilterError."""
    if term.op == "~":
        if column.kind == "age":
            raise FilterError(f"{column.name} goes with = != < > <= >= only", term.value_at)
        return visible(term.value).casefold()
    try:
        value = parse_value(column.kind, term.value)
    except BadArgument as error:
        raise FilterError(f"{column.name}: {error}", term.value_at) from error
    if value is None and term.op not in ("=", "!="):
        raise FilterError(f"{visible(term.value)} goes with = and != only", term.value_at)
    return value


def _comparison(column: Column, op: str, wanted: Any) -> Predicate:
    """`!=` is decided as `=` here, and turned round by the caller."""
    if op == "~":
        return _any_of(column, lambda text: wanted in text)
    if column is _COMMAND and op in ("=", "!=") and wanted is not None:
        return _any_of(column, lambda text: text == wanted)
    return _compared(_comparable(column), _COMPARE[op], wanted)


def _any_of(column: Column, holds: Callable[[str], bool]) -> Predicate:
    """Of the column's words; of the command also for each process that maps the segment."""
    if column is _COMMAND:
        return lambda row: any(map(holds, (column.text(row).casefold(), *_commands(row))))
    return lambda row: holds(column.text(row).casefold())


def _compared(
    get: Callable[[Row], Any], compare: Callable[[Any, Any], bool], wanted: Any
) -> Predicate:
    if wanted is None:
        return lambda row: get(row) is None

    def holds(row: Row) -> bool:
        value = get(row)
        return value is not None and compare(value, wanted)

    return holds


def _comparable(column: Column) -> Callable[[Row], Any]:
    """The column's value; texts as they are shown, in one case."""
    get, show = column.get, column.show
    if column.kind == "octal":
        return lambda row: int(get(row), 8)
    if column.kind not in ("text", "words"):
        return get

    def text(row: Row) -> str | None:
        value = get(row)
        return None if value is None else show(value).casefold()

    return text
