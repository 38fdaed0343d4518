"""The filter language, the same on the screen and at the command line: `size>1m !owner=root`.

Terms are joined by space or `and`. A bare word is a part of the key, id, owner, command or state;
`column op value` compares; `!` before a term turns it round. Quotes hold spaces together. Case
never matters. `~` asks whether the column's words contain the value.
"""

import operator
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from shmtui.present.column import Column
from shmtui.present.columns import COLUMNS, find
from shmtui.present.row import Row
from shmtui.present.values import parse_value
from shmtui.present.words import visible
from shmtui.sysv.errors import BadArgument

Predicate = Callable[[Row], bool]

_SPACE = re.compile(r"\s*")
_AND = re.compile(r"and(?=\s|$)", re.IGNORECASE)
_OPERATOR = re.compile(r"!=|<=|>=|=|<|>|~")
_QUOTED = r"\"[^\"]*\"|'[^']*'"
_WORD = re.compile(rf"(?:{_QUOTED}|!(?!=)|[^\s=<>~!\"'])+")
_VALUE = re.compile(rf"(?:{_QUOTED}|[^\s\"'])+")
_QUOTES = re.compile(r"\"([^\"]*)\"|'([^']*)'")

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}

_BARE = [COLUMNS[name] for name in ("key", "id", "owner", "command", "verdict")]


class FilterError(ValueError):
    """The expression cannot be understood, or not yet. `position`: where, counted from 0."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


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


class _Term(NamedTuple):
    negated: bool
    word: str
    at: int
    op: str = ""
    value: str = ""
    value_at: int = 0


def compile_filter(expr: str) -> Filter:
    """A filter from its words; one without terms matches everything. Raises FilterError."""
    compiled = [_compiled(term) for term in _terms(expr)]
    return Filter(
        expr,
        tuple(one.holds for one in compiled),
        frozenset(column.name for one in compiled for column in one.columns),
        frozenset(one.age for one in compiled if one.age is not None),
    )


# Reading


def _terms(expr: str) -> Iterator[_Term]:
    at, first = _skip(expr, 0), True
    while at < len(expr):
        joint = _AND.match(expr, at)
        if joint:
            if first:
                raise FilterError("a term is missing before `and`", at)
            at = _skip(expr, joint.end())
            if at == len(expr) or _AND.match(expr, at):
                raise FilterError("a term is missing after `and`", at)
        term, at = _term(expr, at)
        yield term
        at, first = _skip(expr, at), False


def _term(expr: str, at: int) -> tuple[_Term, int]:
    start, negated = at, False
    while expr[at : at + 1] == "!" and expr[at : at + 2] != "!=":
        at, negated = _skip(expr, at + 1), not negated
    word, end = _read(_WORD, expr, at, f"a term is missing after {expr[start:at].strip()!r}")
    op = _OPERATOR.match(expr, _skip(expr, end))
    if op is None:
        return _Term(negated, word, at), end
    value_at = _skip(expr, op.end())
    value, end = _read(_VALUE, expr, value_at, f"a value is missing after {op.group()}")
    return _Term(negated, word, at, op.group(), value, value_at), end


def _read(pattern: re.Pattern[str], expr: str, at: int, missing: str) -> tuple[str, int]:
    match = pattern.match(expr, at)
    end = match.end() if match else at
    if expr[end : end + 1] in ("'", '"'):
        raise FilterError("the quote is not closed", end)
    if match is None:
        if _OPERATOR.match(expr, at):
            missing = "a column is missing before the comparison"
        raise FilterError(missing, at)
    return _QUOTES.sub(lambda quoted: quoted[1] or quoted[2] or "", match.group()), end


def _skip(expr: str, at: int) -> int:
    match = _SPACE.match(expr, at)
    return match.end() if match else at


# Deciding


class _Compiled(NamedTuple):
    holds: Predicate
    columns: Sequence[Column]
    age: float | None = None


def _compiled(term: _Term) -> _Compiled:
    if not term.op:
        return _Compiled(_turned(_contains_anywhere(term.word), term.negated), _BARE)
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
    return lambda row: any(wanted in column.text(row).casefold() for column in _BARE)


def _value(column: Column, term: _Term) -> Any:
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
        return lambda row: wanted in column.text(row).casefold()
    return _compared(_comparable(column), _COMPARE[op], wanted)


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
