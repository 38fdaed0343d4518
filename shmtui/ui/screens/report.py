"""A report to scroll through: titles, and lines that are wrapped where they do not fit."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.binding import BindingType

from shmtui.present.limits import Section
from shmtui.ui.commands import bindings
from shmtui.ui.lines_view import Drawn, LinesView, Look

_TITLE: Look = ("report--title",)
_LINE: Look = ("report--line",)
_STRONG: Look = ("report--strong",)

_INDENT = " "
_FURTHER = "     "
"""Before what is left of a line that was wrapped."""


class ReportView(LinesView, inherit_bindings=False):
    """Shows what `fill` gives it. A section without a title stands out."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings("rows"))
    COMPONENT_CLASSES: ClassVar[set[str]] = {"report--title", "report--line", "report--strong"}
    DEFAULT_CSS = """
    ReportView > .report--title { color: $text-primary; text-style: bold; }
    ReportView > .report--line { color: $foreground; }
    ReportView > .report--strong { color: $text-warning; text-style: bold; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._sections: Sequence[Section] = ()
        self._lines: list[Drawn] = []

    def fill(self, sections: Sequence[Section]) -> None:
        """Show these from now on. Their words must be safe to print."""
        self._sections = tuple(sections)
        self.resized()

    def rows(self) -> int:
        return len(self._lines)

    def draw(self) -> list[Drawn]:
        return self._lines[self.top : self.top + self.room.height]

    def resized(self) -> None:
        self._lines = list(_lines(self._sections, self.room.width)) if self.room.width else []
        self.redraw()


def _lines(sections: Sequence[Section], width: int) -> Iterator[Drawn]:
    for number, (title, words) in enumerate(sections):
        if number:
            yield ()
        if title:
            yield ((_INDENT + title, _TITLE),)
        look = _LINE if title else _STRONG
        # Lines without a label tell where the words of the others begin.
        further = max([_FURTHER, *(_INDENT + _blanks(one) for one in words)], key=len)
        yield from (((line, look),) for one in words for line in _wrapped(one, width, further))


def _blanks(words: str) -> str:
    return words[: len(words) - len(words.lstrip())]


def _wrapped(words: str, width: int, further: str) -> list[str]:
    room = max(len(further) + 8, width)
    return textwrap.wrap(words, room, initial_indent=_INDENT, subsequent_indent=further) or [""]
