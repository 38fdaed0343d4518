"""Details: the facts of a segment as label and words, wrapped to the width, scrolled by lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from shmtui.ui.lines_view import Drawn, LinesView, Look

Fact = tuple[str, str]
"""(label, words); an empty label goes on with the one before."""

_INDENT = 15
_NARROW = 40
"""Below this width the words stand under their label."""

_LABEL: Look = ("details--label",)
_WORDS: Look = ("details--words",)


class DetailsView(LinesView):
    """Shows what `show` gives it; only lines whose words changed are painted again."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"details--label", "details--words"}

    DEFAULT_CSS = """
    DetailsView > .details--label { color: $foreground 60%; }
    DetailsView > .details--words { color: $foreground; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._facts: Sequence[Fact] = ()
        self._lines: list[Drawn] = []

    def show(self, facts: Sequence[Fact]) -> None:
        """Show these facts. They must be safe to print."""
        if facts != self._facts:
            self._facts = facts
            self._wrap()

    def rows(self) -> int:
        return len(self._lines)

    def draw(self) -> list[Drawn]:
        return self._lines[self.top : self.top + self.room.height]

    def resized(self) -> None:
        self._wrap()

    def _wrap(self) -> None:
        if not self.room.width:
            return  # not laid out yet
        self._lines = list(lines(self._facts, self.room.width))
        self.redraw()


def lines(facts: Iterable[Fact], width: int) -> Iterator[Drawn]:
    """A line starts with its label; its words are wrapped beside it, or under it where narrow."""
    narrow = width < _NARROW
    indent = 2 if narrow else _INDENT
    for label, words in facts:
        if narrow and label:
            yield ((f" {label}", _LABEL),)
        first = " " * indent if narrow else f" {label}".ljust(indent)
        for part in textwrap.wrap(words, max(1, width - indent)) or [""]:
            yield ((first, _LABEL), (part, _WORDS))
            first = " " * indent
