"""The list as a tree: groups with their sums, and below them segments as the list shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType

from shmtui.present.columns import Fitted
from shmtui.present.table import Repaint, TableModel
from shmtui.present.totals import Totals
from shmtui.present.tree import By, Group, TreeModel
from shmtui.present.words import cell_width, cells
from shmtui.sysv.arguments import many, size_words
from shmtui.sysv.segment import Identity
from shmtui.ui.commands import bindings
from shmtui.ui.heading import GUTTER
from shmtui.ui.list_pane import Drawn, ListPane

LEAST_LABEL = 24
"""Cells before the first sum from which the sums stand in their columns."""


class TreeView(ListPane):
    """Stands in the list's place. Only lines that differ are painted again, as there."""

    INDENT: ClassVar[int] = 2
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("tree"))
    COMPONENT_CLASSES: ClassVar[set[str]] = {"list--group"}
    DEFAULT_CSS = """
    TreeView > .list--group { background: $background; color: $foreground; text-style: bold; }
    """

    def __init__(self, model: TableModel) -> None:
        super().__init__(model, id="tree")
        self.grouping = TreeModel(model)

    def group_by(self, by: By | None) -> None:
        """Show the segments in these groups, unfolded; None: in none, the list has them again."""
        self.grouping.leave()
        self.grouping = TreeModel(self._model, by)

    # Which lines there are: those of the tree

    def lines(self) -> int:
        return len(self.grouping.lines)

    def segment_at(self, line: int) -> Identity | None:
        return self.grouping.lines[line].member if line < self.lines() else None

    @property
    def cursor_line(self) -> int | None:
        return self.grouping.at if self.grouping.lines else None

    def put_cursor(self, line: int) -> None:
        self.grouping.move_to(line)

    def line_of(self, identity: Identity) -> int | None:
        return self.grouping.reveal(identity)

    def no_segment(self, to_do: str) -> str:
        cursor = self.grouping.cursor
        if cursor is None or cursor.member is not None:
            return super().no_segment(to_do)
        count = len(self.grouping.groups[cursor.who].members)
        if to_do == "remove":
            return f"A group: Space tags its {many(count, 'segment')}, d removes what is tagged."
        return f"A group of {many(count, 'segment')}: move onto the one to {to_do}."

    def apply(self, repaint: Repaint, cursor_was_at: int | None) -> None:
        before = self.grouping.cursor
        repaint = self.grouping.apply(repaint)
        super().apply(repaint, cursor_was_at if self.grouping.cursor == before else None)

    def rearranged(self) -> None:
        self.grouping.regroup()
        super().rearranged()

    # Drawing

    def _line(self, line: int) -> Drawn | None:
        if line >= self.lines() or self.segment_at(line) is not None:
            return super()._line(line)
        group = self.grouping.groups[self.grouping.lines[line].who]
        text = self._group_gutter(group) + group_words(
            group, self.grouping.is_folded(group.who), self.columns, self.size.width - GUTTER
        )
        return Drawn(text, "group", line == self.cursor_line)

    def _group_gutter(self, group: Group) -> str:
        tagged = self._model.tags.intersection(group.members) if self._model.tags else ()
        all_ = len(tagged) == len(group.members)
        return ("●" if all_ else "○" if tagged else " ") + " "

    # Keys and the mouse

    def action_choose(self) -> None:
        """Read the segment, or fold the group."""
        if self.grouping.turn():
            self._folded()
        elif self.lines():
            self.post_message(self.Chosen())

    def action_fold(self) -> None:
        self.grouping.fold()
        self._folded()

    def action_unfold(self) -> None:
        self.grouping.unfold()
        self._folded()

    def _folded(self) -> None:
        self.repaint()
        if self.lines():
            self.move_to(self.grouping.at)

    def action_tag(self) -> None:
        self.grouping.tag()
        self._tagged()
        if self.lines():
            self.move_to(self.grouping.at)

    def action_copy_row(self) -> None:
        cursor = self.grouping.cursor
        if cursor is None or cursor.member is not None:
            super().action_copy_row()
            return
        group = self.grouping.groups[cursor.who]
        words = "  ".join((group.name, *sums_words(group.totals)))
        self.app.copy_to_clipboard(words)
        self.post_message(self.Copied(words))

    def on_click(self, event: events.Click) -> None:
        line = event.y + self.scroll_offset.y
        if line >= self.lines() or self.segment_at(line) is not None:
            return
        event.prevent_default()
        self.move_to(line)
        if event.chain == 2 or GUTTER <= event.x < GUTTER + self.INDENT:
            self.action_choose()


def group_words(group: Group, folded: bool, columns: Sequence[Fitted], width: int) -> str:
    """`▾ postgres · 12 segments     1.2G  640M` in `width` cells, the sums in their columns.

    Where one of these is not on view, or there is too little room before them, they stand behind
    the name as words.
    """
    sign = "▸ " if folded else "▾ "
    places = {"size": group.totals.size_bytes, "rss": group.totals.rss_bytes}
    names = [column.name for column, _ in columns]
    before = min((names.index(name) for name in places if name in names), default=0)
    room = sum(taken + 1 for _, taken in columns[:before]) - 1
    if room < LEAST_LABEL or not places.keys() <= set(names):
        return cells(sign + _in_words(group, width - 2), width)
    sums = [
        cells(_size(places[column.name]) if column.name in places else "", taken, column.align)
        for column, taken in columns[before:]
    ]
    count = f" · {many(group.totals.segments, 'segment')}"
    return cells(" ".join((sign + _label(group.name, count, room), *sums)), width)


def sums_words(totals: Totals) -> tuple[str, str, str]:
    """`12 segments`, `size 1.2G`, `rss 640M`."""
    return (
        many(totals.segments, "segment"),
        f"size {_size(totals.size_bytes)}",
        f"rss {_size(totals.rss_bytes)}",
    )


def _in_words(group: Group, width: int) -> str:
    """The number of segments goes first where there is too little room, the sum of sizes last."""
    count, size, rss = sums_words(group.totals)
    bare = _size(group.totals.size_bytes)
    choices = [(count, size, rss), (size, rss), (bare, rss), (bare,)]
    for parts in choices:
        words = "".join(f" · {part}" for part in parts)
        if cell_width(group.name + words) <= width:
            break
    return _label(group.name, words, width).rstrip()


def _label(name: str, words: str, width: int) -> str:
    """The name gives way, the words behind it stay."""
    room = max(1, width - cell_width(words))
    return cells(cells(name, min(room, cell_width(name))) + words, width)


def _size(size_bytes: int | None) -> str:
    return "?" if size_bytes is None else size_words(size_bytes)
