"""The words of a filter, read into terms: `!size>1m and "odd name"`."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_SPACE = re.compile(r"\s*")
_AND = re.compile(r"and(?=\s|$)", re.IGNORECASE)
_OPERATOR = re.compile(r"!=|<=|>=|=|<|>|~")
_QUOTED = r"\"[^\"]*\"|'[^']*'"
_WORD = re.compile(rf"(?:{_QUOTED}|!(?!=)|[^\s=<>~!\"'])+")
_VALUE = re.compile(rf"(?:{_QUOTED}|[^\s\"'])+")
_QUOTES = re.compile(r"\"([^\"]*)\"|'([^']*)'")


class FilterError(ValueError):
    """The expression cannot be understood, or not yet. `position`: where, counted from 0."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


class Term(NamedTuple):
    """One term. Places count from 0."""

    negated: bool
    word: str
    at: int
    op: str = ""
    """Empty: a bare word."""
    value: str = ""
    value_at: int = 0


def terms(expr: str) -> Iterator[Term]:
    """Each in its turn; none in an expression of blanks. Raises FilterError."""
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


def _term(expr: str, at: int) -> tuple[Term, int]:
    start, negated = at, False
    while expr[at : at + 1] == "!" and expr[at : at + 2] != "!=":
        at, negated = _skip(expr, at + 1), not negated
    word, end = _read(_WORD, expr, at, f"a term is missing after {expr[start:at].strip()!r}")
    op = _OPERATOR.match(expr, _skip(expr, end))
    if op is None:
        return Term(negated, word, at), end
    value_at = _skip(expr, op.end())
    value, end = _read(_VALUE, expr, value_at, f"a value is missing after {op.group()}")
    return Term(negated, word, at, op.group(), value, value_at), end


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
