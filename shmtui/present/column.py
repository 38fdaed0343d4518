"""What a column is: how to get its value from a row, and how to say that value in words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from shmtui.present.row import Row
from shmtui.present.words import Align, age_words, iso, size_words, visible

Kind = Literal["text", "number", "key", "size", "age", "time", "flag", "octal", "words"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `get` gives the value that is sorted and filtered, `show` its words."""

    name: str
    """As JSON and the command line call it."""
    title: str
    """The heading."""
    width: int
    """Terminal columns on the screen."""
    kind: Kind
    get: Callable[[Row], Any]
    """str, int, float, bool, or a tuple of str where the kind is `words`; None: never, unknown."""
    help: str
    unknown: str = "?"
    """What stands for None."""
    in_json: bool = True
    """A part of a segment's JSON document where no columns are named."""

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
    "key": lambda key: f"{key:#010x}" if key else "private",
    "size": size_words,
    "age": age_words,
    "time": lambda unix_s: iso(unix_s) or "never",
    "flag": lambda flag: "yes" if flag else "no",
    "octal": str,
    "words": lambda words: visible("; ".join(words)),
}
