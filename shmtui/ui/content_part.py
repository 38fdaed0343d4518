"""The content of the segment on show, and what its keys do with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.message import Message

from shmtui.decode.places import parse_place
from shmtui.decode.types import BASES, Kind, parse_kind, turned
from shmtui.monitor.snapshot import Snapshot
from shmtui.present.row import Row
from shmtui.sysv.window import Window
from shmtui.ui import pane_words
from shmtui.ui.commands import bindings
from shmtui.ui.content_panel import ContentPanel
from shmtui.ui.copying import Copying
from shmtui.ui.map_strip import MapStrip
from shmtui.ui.prompt import Question, ask
from shmtui.ui.saving import Saving
from shmtui.ui.searching import Searching
from shmtui.ui.watching import Watching


class ContentPart(ContentPanel):
    """Goes to places, searches, freezes, steps through time, watches, copies, saves."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings("pane", of_part=True))

    class KindChosen(Message):
        """Numbers are of another type now."""

    def __init__(self) -> None:
        super().__init__()
        self._searching = Searching(self)
        self._watching = Watching(self)
        self._copying = Copying(self)
        self._saving = Saving(self)
        self._order = "be" if self.kind.code.startswith(">") else "le"

    def show(
        self, row: Row | None, following: bool, gone_at: float | None, snapshot: Snapshot | None
    ) -> None:
        super().show(row, following, gone_at, snapshot)
        # Not while the cursor runs over the list: that would read a file at each row.
        if not following:
            self._watching.load()

    def began(self) -> None:
        self._searching.forget()

    def marks(self, window: Window) -> Sequence[tuple[int, int]]:
        return self._searching.marks(window)

    def ask(self, question: Question, text: str = "") -> None:
        """Ask about the segment on show; where there is none, say so."""
        if self.identity is None:
            self.say(pane_words.NOBODY)
        else:
            ask(self, question, text)

    def action_inspector(self) -> None:
        shown = self.has_class("-beside") or self.has_class("-below")
        self.inspects = not shown
        self.lay_out()
        self.call_after_refresh(self.inspect_cursor)

    def action_goto_offset(self) -> None:
        def place(text: str) -> int:
            return parse_place(text, self.window.cursor, self.size_bytes)

        self.ask(
            Question(
                "offset",
                "offset: ",
                answered=lambda text: self.go_to(place(text)),
                wrong=lambda text: pane_words.misunderstood(place, text),
            )
        )

    def clear_selection(self) -> bool:
        """Select nothing; False: nothing was."""
        return self.window.clear_selection()

    def go_to(self, offset: int) -> None:
        """Put the cursor on this byte."""
        self.hold_paint()
        self.window.clear_selection()
        self.window.go_to(offset)
        self.want()

    @on(MapStrip.GoTo)
    def _pointed_at(self, event: MapStrip.GoTo) -> None:
        event.stop()
        self.go_to(event.offset)

    def action_search(self, backwards: bool = False) -> None:
        self._searching.ask(backwards)

    def action_next_match(self) -> None:
        self._searching.again(reverse=False)

    def action_previous_match(self) -> None:
        self._searching.again(reverse=True)

    def action_next_change(self) -> None:
        self._go_to_change(self.study.next_change(self.window.cursor) if self.study else None)

    def action_previous_change(self) -> None:
        self._go_to_change(self.study.previous_change(self.window.cursor) if self.study else None)

    def _go_to_change(self, offset: int | None) -> None:
        if offset is None:
            self.say("Nothing was seen to change yet, in the windows that were on view.")
        else:
            self.go_to(offset)

    def action_number_type(self) -> None:
        at = next(i for i, base in enumerate(BASES) if self.kind.name.startswith(base))
        base = BASES[(at + 1) % len(BASES)]
        self._choose_kind(parse_kind(base if base in ("u8", "i8") else base + self._order))

    def action_byte_order(self) -> None:
        if turned(self.kind) == self.kind:
            self.say(f"{self.kind.name} has one byte, and no order: t chooses another type.")
        else:
            self._order = "le" if self._order == "be" else "be"
            self._choose_kind(turned(self.kind))

    def _choose_kind(self, kind: Kind) -> None:
        self.kind = kind
        if self.view.typed:
            self.set_view(self.view)
        else:
            self.say(f"Numbers are {kind.name} now: 3 shows them.")
        self.post_message(self.KindChosen())

    def action_freeze(self) -> None:
        if self.study is None:
            return
        if self.study.frozen:
            self.study.thaw()
        elif not self.study.freeze():
            self.say("There is no picture to freeze yet.")
        self.refresh_picture()

    def action_pause_on_change(self) -> None:
        if self.study is None:
            return
        self.study.pause_on_change = not self.study.pause_on_change
        if self.study.pause_on_change:
            self.study.thaw()
            self.say("The next change on view pauses the picture. P again: not.")
        else:
            self.say("Changes do not pause the picture.")
        self.refresh_picture()

    def action_history(self, direction: int) -> None:
        if self.study is None:
            return
        if not self.study.step(direction):
            self.say("No older picture." if direction < 0 else "This is the live picture.")
        self.refresh_picture()

    def action_watch(self) -> None:
        self._watching.ask()

    def action_struct(self) -> None:
        self._watching.ask_struct()

    def action_copy(self) -> None:
        self._copying.ask()

    def copy_selection(self) -> bool:
        """Copy what is selected as text; False: nothing is."""
        return self._copying.copy_selection()

    def action_dump(self) -> None:
        self._saving.ask_dump()

    def action_export(self) -> None:
        self._saving.ask_export()
