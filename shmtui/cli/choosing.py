"""Which columns, in which order, and which rows: `--columns`, `--sort`, `--filter`."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from shmtui.cli.saying import UsageError
from shmtui.present.column import Column
from shmtui.present.columns import COLUMNS, find
from shmtui.present.words import visible

if TYPE_CHECKING:
    from shmtui.present.filter import Filter


class Sort(NamedTuple):
    """A column, and whether its largest value comes first."""

    column: Column
    reverse: bool


def check_columns(words: str) -> list[Column]:
    """Columns by their names or headings, joined by commas. Raises UsageError."""
    return [_column(word.strip()) for word in words.split(",")]


def check_sort(word: str) -> Sort:
    """A column, `-` before it: the largest first. Raises UsageError."""
    return Sort(_column(word.removeprefix("-")), word.startswith("-"))


def check_filter(expr: str) -> "Filter":
    """Raises UsageError, pointing at the place."""
    from shmtui.present.filter import FilterError, compile_filter

    try:
        return compile_filter(expr)
    except FilterError as error:
        before = visible(expr[: error.position])
        raise UsageError(f"filter: {error}\n  {visible(expr)}\n  {' ' * len(before)}^") from error


def describe(columns: Iterable[Column]) -> str:
    """A line for each: name, heading, meaning."""
    return "\n".join(f"  {column.name:<22} {column.title:<9} {column.help}" for column in columns)


def _column(word: str) -> Column:
    column = find(word)
    if column is None:
        raise UsageError(f"there is no column {word!r}. Columns: {', '.join(COLUMNS)}")
    return column
