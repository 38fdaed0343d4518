"""How the content of the segment on show is drawn, and what is said and known around it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.geometry import Size

from shmtui.decode.inspector import MOST_BYTES, inspect
from shmtui.decode.types import Kind, parse_kind
from shmtui.monitor.facts import Facts
from shmtui.monitor.reading import WindowRead, WindowRequest
from shmtui.monitor.snapshot import Snapshot
from shmtui.monitor.study import Study
from shmtui.monitor.track import Track
from shmtui.present import inspecting, watching
from shmtui.present.pointing import pointer_words
from shmtui.present.row import Row
from shmtui.present.words import cell_width, cells
from shmtui.sysv.holders import Holder
from shmtui.sysv.segment import Identity, Segment
from shmtui.sysv.window import Consent, Window
from shmtui.ui import pane_words
from shmtui.ui.bar import Bar, Part
from shmtui.ui.inspector import InspectorView
from shmtui.ui.map_strip import MapStrip
from shmtui.ui.messages import Say
from shmtui.ui.prompt import Severity
from shmtui.ui.views import VIEWS, PaneView
from shmtui.ui.watch_table import WatchTable
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
HOLD_S = 0.05
"""The longest that painting waits for the window that is being read."""
LATELY_S = 10.0
"""For so long the map shows where something changed."""


class _Inspected(NamedTuple):
    """What the inspector's lines were made from."""

    identity: Identity | None
    cursor: int
    data: bytes
    size: Size
    holders: Mapping[Identity, Sequence[Holder]]


class ContentPanel(Vertical):
    """Asks for the window on view, and shows what was read of it. It reads nothing itself."""

    DEFAULT_CSS = """
    ContentPanel > #content-notice { color: $text-warning; display: none; }
    ContentPanel.-notice > #content-notice { display: block; }
    ContentPanel > #content-body { height: 1fr; layout: vertical; }
    ContentPanel #pane-window { width: 1fr; height: 1fr; }
    ContentPanel #inspector { display: none; }
    ContentPanel.-beside > #content-body { layout: horizontal; }
    ContentPanel.-beside #inspector {
        display: block; width: 37; height: 100%; padding: 0 0 0 1;
        border-left: vkey $foreground 30%;
    }
    ContentPanel.-below #inspector { display: block; width: 100%; padding: 0 1; }
    ContentPanel > #content-status { height: 1; layout: horizontal; color: $foreground 80%; }
    ContentPanel #map { width: 1fr; margin: 0 1 0 0; }
    ContentPanel.-tall > #content-status { height: 2; layout: vertical; }
    ContentPanel.-tall #map { width: 100%; margin: 0 1; }
    ContentPanel > #content-why { color: $foreground 60%; display: none; }
    ContentPanel.-why > #content-why { display: block; }
    """

    def __init__(self) -> None:
        super().__init__(id="content")
        self.window = WindowView(VIEWS[0].decoder_for(parse_kind("u32")), id="pane-window")
        self.study: Study | None = None
        self.row: Row | None = None
        """The segment as of the last poll that had it."""
        self.kind: Kind = parse_kind("u32")
        """What the view of numbers shows."""
        self.view = VIEWS[0]
        self._holders: Mapping[Identity, Sequence[Holder]] = {}
        self._facts: Mapping[Identity, Facts] = {}
        self.following = False
        self._gone_at: float | None = None
        self._read: WindowRead | None = None
        self._inspected: _Inspected | None = None
        self._watched = 0
        """Watches, which take room too."""
        self._generation = 0
        self._asked = (0, 0)
        """The window that is wanted, as it was told last."""
        self.wants: Callable[[], object] = lambda: None
        """Called when another window is wanted, or none: ask `request()` for it. Not a message: it
        would wait until all that is pending is drawn."""
        self._held = ExitStack()
        """Holds the painting back."""
        self.inspects: bool | None = None
        """None: where there is room."""
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
            self._holders = snapshot.held
        self.following = following
        if self.identity != before:
            self._begin()
        self.describe()

    def set_view(self, view: PaneView) -> None:
        """Show the content in this way."""
        self.view = view
        self.window.set_view(view.decoder_for(self.kind))
        self.want()
        self.describe()

    def _begin(self) -> None:
        """Another segment, of which nothing is known yet."""
        self._read = None
        self.study = Study(self.identity) if self.identity else None
        self.window.show_segment(self.size_bytes)
        self.began()

    def began(self) -> None:
        """Called when another segment came on show."""

    def marks(self, window: Window) -> Sequence[tuple[int, int]]:
        """Start and end of the stretches of a window that are to stand out."""
        return ()

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
        self._asked = self.window.wanted
        self.wants()

    @on(WindowView.WindowWanted)
    def _scrolled(self, event: WindowView.WindowWanted) -> None:
        event.stop()
        if self.window.wanted != self._asked:
            self.want()

    def take(self, read: WindowRead) -> None:
        """Show what the reader found. The answer to an older request is not shown, but what it
        saw to change is remembered.
        """
        if self.study is None:
            return
        was_frozen = self.study.frozen
        self.study.take(read)
        if self.study.paused_by_change and not was_frozen:
            self.say("Something changed: the picture is paused. f goes on.", "warning")
        if read.request.generation != self._generation:
            return
        self._read = read
        if read.segment is None:
            self._gone_at = self._gone_at or read.gone_at or read.time
        self.refresh_picture()
        self._held.close()

    def hold_paint(self) -> None:
        """Paint nothing until the next window is read, though not for long: one paint shows the
        place and what is there, and not first that it was not read.
        """
        self._held.close()
        self._held.enter_context(self.app.batch_update())
        self.set_timer(HOLD_S, self._held.close)

    def refresh_picture(self) -> None:
        """Draw the picture on show: the live one, or the one that is pinned."""
        shot = self.study.shown if self.study else None
        if shot is not None:
            self.window.set_marks(self.marks(shot.window))
            self.window.take(shot.window, shot.ages)
        self.describe()

    # What is said about it

    def say(self, words: str, severity: Severity = "info") -> None:
        self.post_message(Say(words, severity))

    def on_resize(self) -> None:
        self.set_class(self.size.height >= STRIP_ROWS, "-tall")
        self.lay_out()
        self.describe()

    def lay_out(self) -> None:
        """Where the inspector stands."""
        width, height = self.size
        roomy = width >= BESIDE_COLUMNS
        wanted = self.inspects if self.inspects is not None else roomy or height >= BELOW_ROWS
        self.set_class(wanted and roomy, "-beside")
        self.set_class(wanted and not roomy, "-below")
        if wanted and not roomy:
            columns = (width - 2) // inspecting.COLUMN
            rows = next(rows for most, rows in BELOW_HEIGHTS if columns <= most)
            left = height - min(self._watched + 1, height // 3) if self._watched else height
            self._inspector.styles.height = min(rows, max(1, left // 2))
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
            self._show_watches(self.study.tracks, now)
            lately = self.study.places.lately(now, LATELY_S)
            pages = self._read.map if self._read else None
            self._map.show(pages, self.window.on_view, lately, self.size_bytes)
        self.inspect_cursor()

    def _show_watches(self, tracks: Sequence[Track], now: float) -> None:
        self._watches.show(watching.table(tracks, self.size.width, now))
        if len(tracks) != self._watched:
            self._watched = len(tracks)
            self.lay_out()

    def _now(self) -> float:
        """When what is on show was known, and not the clock: times in words stand still with it."""
        return max(self.row.now if self.row else 0.0, self._read.time if self._read else 0.0)

    def _describe_notice(self, now: float) -> None:
        room = self.size.width - 1
        words = pane_words.notice(self.study, self._gone_at, self.window.has_picture, room)
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
        self._why.show(Part(cells(" " + why, self.size.width)))
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
        self.inspect_cursor()

    def inspect_cursor(self) -> None:
        if not (self.has_class("-beside") or self.has_class("-below")):
            return
        cursor, shot = self.window.cursor, self.study.shown if self.study else None
        data = pane_words.bytes_at(shot.window, cursor, MOST_BYTES) if shot else b""
        of = _Inspected(self.identity, cursor, data, self._inspector.size, self._holders)
        if of == self._inspected:  # as at most refreshes
            return
        self._inspected = of
        inspection = inspect(data, cursor)
        pointer = ""
        if self.identity is not None and len(data) >= 8:
            value = int.from_bytes(data[:8], sys.byteorder)
            pointer = pointer_words(value, self._holders, self.identity, self._segments())
        lines = inspecting.lines(inspection, pointer, *self._inspector.size, raw=data)
        self._inspector.show(lines)

    def _segments(self) -> dict[Identity, Segment]:
        return {identity: facts.segment for identity, facts in self._facts.items()}
