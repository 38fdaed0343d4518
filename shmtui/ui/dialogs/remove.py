"""Asks before segments are removed: each with its verdict, who keeps it, and what would happen."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from textwrap import wrap
from typing import ClassVar, NamedTuple

from textual import events, on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Static

from shmtui.acts.removal_plan import Item, Plan
from shmtui.present.words import cell_width, visible
from shmtui.sysv.arguments import key_words, many, size_words
from shmtui.sysv.segment import Identity, Segment
from shmtui.ui.dialogs.dialog import Dialog
from shmtui.ui.dialogs.dump_words import DumpWords
from shmtui.ui.dialogs.fields import Cycle, InTurn, tick
from shmtui.ui.table_view import TableColumn, TableRow, TableView
from shmtui.ui.typed_line import InOrder

COLUMNS = (
    TableColumn(""),
    TableColumn("KEY", goes=2),
    TableColumn("ID", "right"),
    TableColumn("SIZE", "right", goes=1),
    TableColumn("STATE"),
    TableColumn("", most=37),
)
MOST_ROWS = 12
_LEAST_ROWS = 3
_BESIDES = 5
"""Lines of the dialog beside the segments: frame, options, what changed, buttons."""
_OF_DUMPS = 2
"""Lines of what is said of the dumps, where something is."""
_MORE_OPTIONS = 3
"""Lines of the options, where each has one of its own."""
NOT_TICKED = "Nothing will be dumped: the dump is not ticked."
WIDTH = 78
"""Cells, where the terminal has them."""
_AROUND = 10
"""Cells of the dialog that a remark cannot have: frame, indent, and the scrollbar."""
_BEFORE = 27
"""Cells before the consequence where KEY and SIZE have gone."""
TICKED, CLEAR, REFUSED = "[x]", "[ ]", " - "


class Removal(NamedTuple):
    """What the person agreed to."""

    items: tuple[Item, ...]
    typed: frozenset[int]
    """Shmids."""
    dump_to: Path | None
    """A directory; None: no dump."""


class RemovalTable(TableView, InTurn):
    """The segments; Space ticks."""

    GAP = 1
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "tick", "Tick", show=False),
        Binding("enter", "screen.accept", "Accept", show=False),
    ]

    def action_tick(self) -> None:
        self.post_message(self.Chosen(self, self.value))

    def action_choose(self) -> None:
        self.action_tick()


class RemoveDialog(Dialog[Removal]):
    """Live: what changed since it was shown is taken out until it is ticked again.

    Where dumps cannot go to the directory that was named, nothing is accepted.
    """

    AUTO_FOCUS = "#cancel"
    DEFAULT_CSS = """
    RemoveDialog #frame { width: 78; }
    RemoveDialog RemovalTable { width: 100%; }
    RemoveDialog #options { height: 1; }
    RemoveDialog #options Input { width: 1fr; margin-left: 1; background: $boost; }
    RemoveDialog .ask { width: auto; margin-left: 2; }
    RemoveDialog.-narrow.-tall #options { layout: vertical; height: auto; }
    RemoveDialog.-narrow.-tall .ask { margin-left: 0; }
    RemoveDialog #changed { height: auto; color: $text-warning; display: none; }
    RemoveDialog.-changed #changed { display: block; }
    """

    hint = "Space ticks"

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self._shown = {item.segment.identity: item for item in plan.items}
        """As the person was first shown it, or has ticked it again."""
        self._now = dict(self._shown)
        self._ticked = {item.segment.identity for item in plan.going}
        self.heading = plan.title
        self._dump_words = DumpWords()
        self._accepts = False
        """Remove was pressed, and waits for a look at the directory."""

    def body(self) -> Iterable[Widget]:
        yield RemovalTable(*COLUMNS, id="segments")
        yield Static(Content(), id="changed")
        with Horizontal(id="options"):
            yield tick("dump to", False, "dump")
            yield InOrder(".", compact=True, id="directory")
            yield Static("", classes="ask", id="ask")
            yield InOrder("", compact=True, id="typed", placeholder="________")
        yield self._dump_words

    def on_mount(self) -> None:
        self._draw()

    # What is known now

    def update_plan(self, plan: Plan) -> None:
        """Take the plan of another poll: a segment that went, or that is another now, goes out."""
        now = {item.segment.identity: item for item in plan.items}
        changed = [
            it
            for it in self._shown
            if it in self._ticked and not _same(self._shown[it], now.get(it))
        ]
        self._ticked -= set(changed)
        self._now = now
        if changed:
            words = f"{many(len(changed), 'segment')} changed and will not be removed"
            self.query_one("#changed", Static).update(Content(f"{words}, unless ticked again."))
            self.add_class("-changed")
        self._draw()

    def _going(self) -> list[Item]:
        """What Remove would remove."""
        typed = self._typed()
        return [
            item
            for identity, item in self._now.items()
            if identity in self._ticked and (not item.needs_typed_id or item.segment.shmid in typed)
        ]

    def _typed(self) -> frozenset[int]:
        words = self.query_one("#typed", Input).value.replace(",", " ").split()
        return frozenset(int(word) for word in words if word.isdecimal() and len(word) < 19)

    # Drawing

    def _draw(self) -> None:
        rows = [row for identity in self._shown for row in self._rows(identity)]
        table = self.query_one(RemovalTable)
        besides = _BESIDES + _OF_DUMPS * self._dump_words.has_class("-said")
        besides += _MORE_OPTIONS * self.has_class("-narrow", "-tall")
        room = max(_LEAST_ROWS, self.size.height - besides)
        table.styles.height = min(len(rows) + 1, MOST_ROWS, room)
        table.fill(rows)
        unsure = [
            item for it, item in self._now.items() if it in self._ticked and item.needs_typed_id
        ]
        self.query_one("#ask", Static).update(
            Content(f"{len(unsure)} in use: type {'its id' if len(unsure) == 1 else 'their ids'}")
        )
        for name in ("#ask", "#typed"):
            self.query_one(name).display = bool(unsure)
        going = self._going()
        size = sum(item.segment.size for item in going)
        words = f"Remove {many(len(going), 'segment')}"
        self.query_one("#frame").border_title = Content(f"{words} · {size_words(size)}")
        accept = self.query_one("#accept", Button)
        accept.label = Content(f"[ Remove {len(going)} ]")
        accept.refresh(layout=True)  # a label alone keeps the width of the one before

    def _rows(self, identity: Identity) -> Iterator[TableRow]:
        item = self._now.get(identity)
        if item is None:
            segment = self._shown[identity].segment
            yield TableRow(identity, (REFUSED, *_names(segment), "gone", ""), "dim")
            return
        segment = item.segment
        mark = TICKED if identity in self._ticked else REFUSED if item.refused else CLEAR
        names = _names(segment)
        consequence = visible(item.consequence)
        fits = cell_width(consequence) <= self._room(_BEFORE, COLUMNS[-1].most)
        look = "dim" if item.refused else ""
        yield TableRow(identity, (mark, *names, str(item.verdict), consequence * fits), look)
        if not fits:
            yield from self._remark(identity, look, item.consequence)
        yield from self._remark(identity, "dim", item.remark)
        if item.refused:
            yield from self._remark(identity, "warning", f"refused: {item.refused}")

    def _remark(self, identity: Identity, look: str, words: str) -> Iterator[TableRow]:
        for line in wrap(visible(words), self._room(_AROUND, WIDTH)):
            yield TableRow((identity, line), (line,), look)

    def _room(self, beside: int, most: int) -> int:
        """Cells, in the terminal as it is, for words that have others beside them."""
        return max(1, min(most, min(WIDTH, self.size.width) - beside))

    def on_resize(self) -> None:
        self._draw()

    # What the person does

    @on(TableView.Chosen)
    def _tick(self, event: TableView.Chosen) -> None:
        event.stop()
        value = event.value
        identity = value if isinstance(value, Identity) else None
        item = self._now.get(identity) if identity is not None else None
        if identity is None or item is None or item.refused:
            self.app.bell()
            return
        self._ticked ^= {identity}
        self._shown[identity] = item
        self._draw()
        self._look_at_directory()

    @on(Input.Changed, "#typed")
    def _typed_more(self) -> None:
        self._draw()
        self._look_at_directory()

    def result(self) -> Removal | None:
        going = self._going()
        return Removal(tuple(going), self._typed(), self._dump_to()) if going else None

    # Where the dumps go

    def _dump_to(self) -> Path | None:
        if self.query_one("#dump", Cycle).position == 0:
            return None
        # Not Path.expanduser, which raises where there is no such user.
        directory = Path(os.path.expanduser(self._directory()))
        try:
            return directory.absolute()  # The record of the removal tells where a dump is.
        except OSError:  # We stand in a directory that is gone: the look at it says so.
            return directory

    def _directory(self) -> str:
        return self.query_one("#directory", Input).value.strip() or "."

    def action_accept(self) -> None:
        """What dumps is accepted when the directory was looked at."""
        if self._dump_to() is None or not self._going():
            super().action_accept()
            return
        self._look_at_directory()
        self._accepts = True

    @on(Cycle.Changed)
    def _look_at_directory(self) -> None:
        """Other segments are to go there, or to another one, or to none."""
        self._accepts = False
        directory = self._dump_to()
        if directory is not None:
            self._dump_words.look(directory, [item.segment for item in self._going()])
        else:
            self._dump_words.say("" if self._directory() == "." else NOT_TICKED)

    @on(Input.Changed, "#directory")
    def _directory_typed(self, event: Input.Changed) -> None:
        if event.input.has_focus:
            self._accepts = False
            self._dump_words.say("")
        else:
            # Typed ahead of a Tab, and told of after it: what was asked for since holds for it.
            accepts = self._accepts
            self._look_at_directory()
            self._accepts = accepts

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """The field was left."""
        if event.widget.id == "directory" and self.is_current and not self._accepts:
            self._look_at_directory()

    @on(DumpWords.Looked)
    def _looked_at_directory(self, event: DumpWords.Looked) -> None:
        event.stop()
        self._draw()
        # Not under the help, which would be closed in its place, nor once it is closed itself.
        accepts, self._accepts = self._accepts and self.is_active, False
        if accepts and event.words:
            self.app.bell()
            self.query_one("#directory", Input).focus()
        elif accepts:
            super().action_accept()


def _names(segment: Segment) -> Sequence[str]:
    """What is marked for destruction has lost its key, and is not private for that."""
    key = "-" if segment.doomed else key_words(segment.key)
    return key, str(segment.shmid), size_words(segment.size)


def _same(before: Item, now: Item | None) -> bool:
    """Nothing happened that the person should look at again."""
    return (
        now is not None
        and now.target.fingerprint == before.target.fingerprint
        and now.verdict is before.verdict
        and now.refused == before.refused
    )
