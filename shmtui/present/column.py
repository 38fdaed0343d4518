"""What a column is: how to get its value from a row, and how to say that value in words."""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from shmtui.present.row import Row
from shmtui.present.words import Align, age_words, iso, visible
from shmtui.sysv.arguments import key_words, size_words

Kind = Literal["text", "number", "key", "size", "age", "time", "flag", "octal", "words"]


class Column(NamedTuple):
    """One column: `get` gives the value that is sorted and filtered, `show` its words.

    The way to the value has two steps, so that thousands of rows can be told at C speed: attrgetter
    fetches, and what it fetched is derived and written once for all rows that have it.
    """

    name: str
    """As JSON and the command line call it."""
    title: str
    """The heading."""
    width: int
    """Terminal columns on the screen."""
    kind: Kind
    paths: tuple[str, ...]
    """Where in a Row its source lies: attributes joined by dots. Several give a tuple."""
    source: Callable[[Row], Any]
    """Fetches that: hashable, and mostly the same from row to row."""
    help: str
    derive: Callable[[Any], Any] | None = None
    """What the column makes of it; None: nothing else."""
    unknown: str = "?"
    """What stands for None."""
    in_json: bool = True
    """A part of a segment's JSON document where no columns are named."""

    def get(self, row: Row) -> Any:
        """str, int, float, bool, or a tuple of str where the kind is `words`; None: never, or
        unknown."""
        return self.value(self.source(row))

    def value(self, source: Any) -> Any:
        """The column's value, from what `source` gave."""
        return source if self.derive is None else self.derive(source)

    @property
    def align(self) -> Align:
        return "right" if self.kind in ("number", "size", "age") else "left"

    def show(self, value: Any) -> str:
        """The value in words, safe to print on one line."""
        return self.unknown if value is None else _SHOW[self.kind](value)

    def text(self, row: Row) -> str:
        """The words of this column for a row."""
        return self.show(self.get(row))


_SHOW: dict[Kind, Callable[[Any], str]] = {
    "text": visible,
    "number": str,
    "key": key_words,
    "size": size_words,
    "age": age_words,
    "time": lambda unix_s: iso(unix_s) or "never",
    "flag": lambda flag: "yes" if flag else "no",
    "octal": str,
    "words": lambda words: visible("; ".join(words)),
}
