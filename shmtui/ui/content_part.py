"""The content of the segment on show: the window with what is said, known and watched about it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical
from textual.message import Message

from shmtui.decode.inspector import MOST_BYTES, inspect
from shmtui.decode.types import BASES, Kind, parse_kind, turned
from shmtui.monitor.facts import Facts
from shmtui.monitor.reading import WindowRead, WindowRequest
from shmtui.monitor.snapshot import Snapshot
from shmtui.monitor.study import Study
from shmtui.present import inspecting, watching
from shmtui.present.pointing import pointer_words
from shmtui.present.row import Row
from shmtui.present.words import cell_width
from shmtui.sysv.holders import Holder
from shmtui.sysv.segment import Identity, Segment
from shmtui.sysv.window import Consent
from shmtui.ui import pane_words
from shmtui.ui.bar import Bar, Part
from shmtui.ui.commands import bindings
from shmtui.ui.copying import Copying
from shmtui.ui.inspector import InspectorView
from shmtui.ui.map_strip import MapStrip
from shmtui.ui.messages import Say
from shmtui.ui.prompt import Question, Severity, ask
from shmtui.ui.saving import Saving
from shmtui.ui.searching import Searching
from shmtui.ui.views import VIEWS, PaneView
from shmtui.ui.watch_table import WatchTable
from shmtui.ui.watching import Watching
from shmtui.ui.window_view import WindowView

BESIDE_COLUMNS = 80 + 37
"""From here on the inspector stands beside sixteen bytes of hex."""
BELOW_HEIGHTS = ((1, 16), (2, 11), (99, 8))
"""Rows of the inspector below the content: with at most so many columns, so many."""
BELOW_ROWS = 28
"""From here on the inspector stands below, without being asked for."""
LEAST_STRIP = 12
"""Columns that the map has at least, beside the status."""
STRIP_ROWS = 16
"""From here on the map has a line of its own."""
WHY_ROWS = 10
"""From here on a line says why no better tap reads."""
LATELY_S = 10.0
"""For so long the map shows where something changed."""


class ContentPart(Vertical):
    """Asks for the window on view, and shows what was read of it. It reads nothing itself."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings("pane", of_part=True))

    DEFAULT_CSS = """
    ContentPart > #content-notice { color: $text-warning; display: none; }
    ContentPart.-notice > #content-notice { display: block; }
    ContentPart > #content-body { height: 1fr; layout: vertical; }
    ContentPart #pane-window { width: 1fr; height: 1fr; }
    ContentPart #inspector { display: none; }
    ContentPart.-beside > #content-body { layout: horizontal; }
    ContentPart.-beside #inspector {
        display: block; width: 37; height: 100%; padding: 0 0 0 1;
        border-left: vkey $foreground 30%;
    }
    ContentPart.-below #inspector { display: block; width: 100%; padding: 0 1; }
    ContentPart > #content-status { height: 1; layout: horizontal; color: $foreground 80%; }
    ContentPart #map { width: 1fr; margin: 0 1 0 0; }
    ContentPart.-tall > #content-status { height: 2; layout: vertical; }
    ContentPart.-tall #map { width: 100%; margin: 0 1; }
    ContentPart > #content-why { color: $foreground 60%; display: none; }
    ContentPart.-why > #content-why { display: block; }
    """

    class WindowWanted(Message):
        """Another window is wanted now, or none: ask `request()` for it."""

    def __init__(self) -> None:
        super().__init__(id="content")
        self.window = WindowView(VIEWS[0].decoder_for(parse_kind("u32")), id="pane-window")
        self.study: Study | None = None
        self.row: Row | None = None
        """The segment as of the last poll that had it."""
        self.kind: Kind = parse_kind("u32")
        """What the view of numbers shows."""
        self._view = VIEWS[0]
        self._holders: Mapping[Identity, Sequence[Holder]] = {}
        self._facts: Mapping[Identity, Facts] = {}
        self._following = False
        self._gone_at: float | None = None
        self._read: WindowRead | None = None
        self._generation = 0
        self._inspects: bool | None = None
        """None: where there is room."""
        self._searching = Searching(self)
        self._watching = Watching(self)
        self._copying = Copying(self)
        self._saving = Saving(self)
        self._notice = Bar(id="content-notice")
        self._inspector = InspectorView(id="inspector")
        self._watches = WatchTable(id="watches")
        self._status = Bar(id="pane-status")
        self._map = MapStrip(id="map")
        self._why = Bar(id="content-why")

    def compose(self) -> ComposeResult:
        yield self._notice
        with Container(id="content-body"):
            yield self.window
            yield self._inspector
        yield self._watches
        with Container(id="content-status"):
            yield self._status
            yield self._map
        yield self._why

    # What is on show

    @property
    def identity(self) -> Identity | None:
        """The segment on show, also after it went."""
        return self.row.facts.segment.identity if self.row else None

    @property
    def size_bytes(self) -> int:
        return self.identity.size if self.identity else 0

    @property
    def last_read(self) -> WindowRead | None:
        """The newest reading of this segment, also a refused one."""
        return self._read

    def show(
        self, row: Row | None, following: bool, gone_at: float | None, snapshot: Snapshot | None
    ) -> None:
        """Show this segment as of this poll; `gone_at`: when it went. `snapshot`: of all."""
        before = self.identity
        self.row, self._gone_at = row, gone_at
        if snapshot is not None:
            self._facts = snapshot.facts
            self._holders = snapshot.holders.holders if snapshot.holders else {}
        self._following = following
        if self.identity != before:
            self._begin()
        self.describe()

    def set_view(self, view: PaneView) -> None:
        """Show the content in this way."""
        self._view = view
        self.window.set_view(view.decoder_for(self.kind))
        self.want()
        self.describe()

    def _begin(self) -> None:
        """Another segment, of which nothing is known yet."""
        self._read = None
        self.study = Study(self.identity) if self.identity else None
        self.window.show_segment(self.size_bytes)
        self._searching.forget()
        if not self._following:
            self._watching.load()

    # Reading

    def request(self, consent: Consent) -> WindowRequest | None:
        """What is to be read now; None: nothing."""
        offset, length = self.window.wanted
        if self.identity is None or self.study is None or not length:
            return None
        watched = self.study.watched
        return WindowRequest(self.identity, offset, length, consent, self._generation, watched)

    def want(self) -> None:
        """Whatever is being read is not it any more."""
        self._generation += 1
        self.post_message(self.WindowWanted())

    @on(WindowView.WindowWanted)
    def _scrolled(self, event: WindowView.WindowWanted) -> None:
        event.stop()
        self.want()

    def take(self, read: WindowRead) -> None:
        """Show what the reader found; the answer to an older request is ignored."""
        if read.request.generation != self._generation or self.study is None:
            return
        self._read = read
        was_frozen = self.study.frozen
        self.study.take(read)
        if self.study.paused_by_change and not was_frozen:
            self.say("Something changed: the picture is paused. f goes on.", "warning")
        if read.segment is None:
            self._gone_at = self._gone_at or read.gone_at or read.time
        self.refresh_picture()

    def refresh_picture(self) -> None:
        """Draw the picture on show: the live one, or the one that is pinned."""
        shot = self.study.shown if self.study else None
        if shot is not None:
            self.window.set_marks(self._searching.marks(shot.window))
            self.window.take(shot.window, shot.ages)
        self.describe()

    # What is said about it

    def say(self, words: str, severity: Severity = "info") -> None:
        self.post_message(Say(words, severity))

    def on_resize(self) -> None:
        self.set_class(self.size.height >= STRIP_ROWS, "-tall")
        self._lay_out()
        self.describe()

    def _lay_out(self) -> None:
        """Where the inspector stands."""
        width, height = self.size
        roomy = width >= BESIDE_COLUMNS
        wanted = self._inspects if self._inspects is not None else roomy or height >= BELOW_ROWS
        self.set_class(wanted and roomy, "-beside")
        self.set_class(wanted and not roomy, "-below")
        if wanted and not roomy:
            columns = (width - 2) // inspecting.COLUMN
            rows = next(rows for most, rows in BELOW_HEIGHTS if columns <= most)
            self._inspector.styles.height = min(rows, max(1, height // 2))
        else:
            self._inspector.styles.height = "100%"

    def describe(self) -> None:
        """Bring everything around the picture up to date."""
        now = self._now()
        self._describe_notice(now)
        self.window.say(self._place())
        self.window.dim(self._gone_at is not None)
        self._describe_status(now)
        if self.study is not None:
            self._watches.show(watching.table(self.study.tracks, self.size.width, now))
            lately = self.study.places.lately(now, LATELY_S)
            pages = self._read.map if self._read else None
            self._map.show(pages, self.window.wanted, lately, self.size_bytes)
        self._inspect()

    def _now(self) -> float:
        """When what is on show was known, and not the clock: times in words stand still with it."""
        return max(self.row.now if self.row else 0.0, self._read.time if self._read else 0.0)

    def _describe_notice(self, now: float) -> None:
        words = pane_words.notice(self.study, self._gone_at, self.window.has_picture)
        self.set_class(bool(words), "-notice")
        self._notice.show(Part(" " + words))

    def _place(self) -> str:
        if self.row is None:
            return pane_words.NOBODY
        if self._gone_at is not None:
            return "" if self.window.has_picture else pane_words.gone(self._gone_at)
        if self.study is not None and self.study.frozen:
            return ""
        return pane_words.place(self._read, self.row)

    def _describe_status(self, now: float) -> None:
        read, tall = self._read, self.has_class("-tall")
        if read is None or self.row is None:
            self._status.show()
            return
        why = " · ".join(pane_words.why_not(read)) if self.size.height >= WHY_ROWS else ""
        self.set_class(bool(why), "-why")
        self._why.show(Part(" " + why))
        room = self.size.width - (0 if tall else LEAST_STRIP)
        where = pane_words.Where(
            self.window.cursor,
            self.window.selection,
            bool(self.study and self.study.pause_on_change),
        )
        words = pane_words.status(read, where, now, room, told_why=bool(why))
        self._status.styles.width = "100%" if tall else cell_width(words) + 1
        self._status.show(Part(words))

    @on(WindowView.CursorMoved)
    def _cursor_moved(self, event: WindowView.CursorMoved) -> None:
        event.stop()
        self._describe_status(self._now())
        self._inspect()

    def _inspect(self) -> None:
        if not (self.has_class("-beside") or self.has_class("-below")):
            return
        cursor, shot = self.window.cursor, self.study.shown if self.study else None
        data = pane_words.bytes_at(shot.window, cursor, MOST_BYTES) if shot else b""
        inspection = inspect(data, cursor)
        pointer = ""
        if self.identity is not None and len(data) >= 8:
            value = int.from_bytes(data[:8], sys.byteorder)
            pointer = pointer_words(value, self._holders, self.identity, self._segments())
        lines = inspecting.lines(inspection, pointer, *self._inspector.size, raw=data)
        self._inspector.show(lines)

    def _segments(self) -> dict[Identity, Segment]:
        return {identity: facts.segment for identity, facts in self._facts.items()}

    # What the keys do

    def ask(self, question: Question, text: str = "") -> None:
        ask(self, question, text)

    def action_inspector(self) -> None:
        shown = self.has_class("-beside") or self.has_class("-below")
        self._inspects = not shown
        self._lay_out()
        self.call_after_refresh(self._inspect)

    def action_goto_offset(self) -> None:
        from shmtui.decode.places import parse_place

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
        self.window.clear_selection()
        self.window.go_to(offset)

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
        order = "be" if self.kind.code.startswith(">") else "le"
        self._choose_kind(parse_kind(base if base in ("u8", "i8") else base + order))

    def action_byte_order(self) -> None:
        if turned(self.kind) == self.kind:
            self.say(f"{self.kind.name} has one byte, and no order: t chooses another type.")
        else:
            self._choose_kind(turned(self.kind))

    class KindChosen(Message):
        """Numbers are of another type now."""

    def _choose_kind(self, kind: Kind) -> None:
        self.kind = kind
        if self._view.typed:
            self.set_view(self._view)
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

    def action_copy(self) -> None:
        self._copying.ask()

    def copy_selection(self) -> bool:
        """Copy what is selected as text; False: nothing is."""
        return self._copying.copy_selection()

    def action_dump(self) -> None:
        self._saving.ask_dump()

    def action_export(self) -> None:
        self._saving.ask_export()
