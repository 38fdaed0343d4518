"""The segment pane: one segment's content or facts, which view, and how it was read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from shmtui.decode import hexdump, spans, text
from shmtui.monitor.reading import WindowRead, WindowRequest
from shmtui.present.details import details
from shmtui.present.row import Row
from shmtui.present.words import cell_width
from shmtui.sysv.arguments import key_words
from shmtui.sysv.segment import Identity
from shmtui.sysv.window import Consent, Refusal
from shmtui.ui import pane_words
from shmtui.ui.bar import Bar, Part
from shmtui.ui.details import DetailsView
from shmtui.ui.window_view import WindowView


class View(NamedTuple):
    """One view of the pane, chosen by its number."""

    number: int
    name: str
    decoder: spans.View | None
    """None: not a view of the content."""


VIEWS: tuple[View, ...] = (
    View(1, text.NAME, text),
    View(2, hexdump.NAME, hexdump),
    View(7, "Details", None),
)


class SegmentPane(Vertical):
    """Title with the views, the content, and the status line. It reads nothing itself.

    The application calls `show` at each poll, asks `request` when `WindowWanted` comes, and gives
    what the reader found to `take`.
    """

    DEFAULT_CSS = """
    SegmentPane > #pane-title { background: $panel; color: $foreground; }
    SegmentPane:focus-within > #pane-title { text-style: bold; background: $primary 40%; }
    SegmentPane > #pane-notice { color: $text-warning; display: none; }
    SegmentPane > #pane-status { color: $foreground 80%; }
    SegmentPane > #pane-details { display: none; }
    SegmentPane.-facts > #pane-details { display: block; }
    SegmentPane.-facts > #pane-window { display: none; }
    SegmentPane.-gone > #pane-notice { display: block; }
    """

    class WindowWanted(Message):
        """Another window is wanted now, or none: ask `request()` for it."""

    class ConsentWanted(Message):
        """The person asked for content that only an attach of ours can read."""

        def __init__(self, identity: Identity, refusal: Refusal) -> None:
            super().__init__()
            self.identity = identity
            self.refusal = refusal

    class ViewChosen(Message):
        """A tab of the title was clicked; the pane does not change its view by itself."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002
        clock: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(id=id)
        self._clock = clock
        self._view = VIEWS[0]
        self._title = Bar(id="pane-title")
        self._notice = Bar(id="pane-notice")
        self._window = WindowView(text, id="pane-window")
        self._details = DetailsView(id="pane-details")
        self._status = Bar(id="pane-status")
        self._row: Row | None = None
        self._following = False
        self._gone_at: float | None = None
        self._read: WindowRead | None = None
        self._generation = 0

    def compose(self) -> ComposeResult:
        yield self._title
        yield self._notice
        yield self._window
        yield self._details
        yield self._status

    # Which view

    @property
    def view(self) -> int:
        """The number of the view on show."""
        return self._view.number

    def set_view(self, number: int) -> None:
        """Show this view; KeyError where none has the number."""
        self._view = {view.number: view for view in VIEWS}[number]
        if self._view.decoder is not None:
            self._window.set_view(self._view.decoder)
        self.set_class(self._view.decoder is None, "-facts")
        self._want()
        self._describe()

    @property
    def content(self) -> WindowView | DetailsView:
        """The widget that takes the focus: it has the actions that move."""
        return self._details if self._view.decoder is None else self._window

    # Which segment

    @property
    def identity(self) -> Identity | None:
        """The segment on show, also after it went."""
        return self._row.facts.segment.identity if self._row else None

    def show(self, row: Row | None, following: bool) -> None:
        """Show this segment as of this poll.

        None while following: nothing is under the cursor. None while pinned: the segment is gone,
        its last picture stays.
        """
        before = self.identity, self._following
        self._following = following
        if row is None and not following and self._row is not None:
            self._gone_at = self._gone_at or self._clock()
        else:
            self._row, self._gone_at = row, None
        if self.identity != before[0]:
            self._read = None
            self._window.show_segment(self.identity.size if self.identity else 0)
        if (self.identity, following) != before:
            self._want()
        self._describe()

    # What is read of it

    def request(self, consent: Consent = Consent.ASK) -> WindowRequest | None:
        """What the reader should read now; None: nothing. While following never with an attach."""
        offset, length = self._window.wanted
        if self.identity is None or self._view.decoder is None or not length:
            return None
        allowed = Consent.TRACELESS if self._following else consent
        return WindowRequest(self.identity, offset, length, allowed, self._generation)

    def take(self, read: WindowRead) -> None:
        """Show what the reader found; the answer to an older request is ignored."""
        if read.request.generation != self._generation:
            return
        self._read = read
        if read.segment is None:
            self._gone_at = self._gone_at or read.gone_at or read.time
        if read.window is not None:
            self._window.take(read.window, read.ages)
        self._describe()

    def ask_consent(self) -> bool:
        """Post ConsentWanted if the last read was refused but may be allowed; False: it was not,
        or what an attach would find is known: nothing was ever written.
        """
        refusal = self._read.refusal if self._read else None
        if self._row is None or refusal is None or not refusal.overridable:
            return False
        if pane_words.is_hole(self._row.facts.segment):
            return False
        self.post_message(self.ConsentWanted(self._row.facts.segment.identity, refusal))
        return True

    @on(WindowView.WindowWanted)
    def _want(self, event: Message | None = None) -> None:
        if event is not None:
            event.stop()
        self._generation += 1
        self.post_message(self.WindowWanted())

    # What is said about it

    def on_resize(self) -> None:
        self._describe()

    def _describe(self) -> None:
        """Bring title, notice, sentences, facts and status up to date."""
        is_gone = self._gone_at is not None
        in_facts = self._view.decoder is None
        picture = self._window.has_picture
        self.set_class(is_gone and (in_facts or picture), "-gone")
        self._title.show(*self._title_parts(self.size.width))
        below = "facts" if in_facts else "picture"
        self._notice.show(Part(" " + pane_words.gone(self._gone_at, below)))
        self.content.say(self._place())
        self.content.dim(is_gone)
        if in_facts and self._row is not None:
            self._details.show(details(self._row) + pane_words.reading_facts(self._read))
        self._status.show(Part(self._status_words()))

    def _place(self) -> str:
        if self._row is None:
            return pane_words.NOBODY
        if self._view.decoder is None:
            return ""
        if self._gone_at is not None:
            return "" if self._window.has_picture else pane_words.gone(self._gone_at)
        return pane_words.place(self._read, self._row)

    def _status_words(self) -> str:
        if self._read is None or self._row is None or self._view.decoder is None:
            return ""
        now = max(self._row.now, self._read.time)
        return pane_words.status(self._read, self._window.wanted[0], now, self.size.width)

    def _title_parts(self, width: int) -> list[Part]:
        tabs = [Part(" "), *_tabs(self._view, short=False)]
        if _width(tabs) > width:
            tabs = [Part(" "), *_tabs(self._view, short=True)]
        room = width - _width(tabs)
        words = next((words for words in self._names() if cell_width(words) < room), "")
        return [*tabs, Part(" " * (room - cell_width(words)) + words)]

    def _names(self) -> list[str]:
        """Which segment, and whether it follows the cursor: in full, and ever shorter."""
        if self._row is None:
            return []
        mode = "gone" if self._gone_at is not None else "follow" if self._following else "pin"
        segment = self._row.facts.segment
        number = f"id {segment.identity.shmid} {mode}"
        key = [] if segment.doomed else [f"{key_words(segment.key)} {number}"]
        return [*key, number, mode]

    @on(Bar.Clicked)
    def _tab_clicked(self, event: Bar.Clicked) -> None:
        event.stop()
        self.post_message(self.ViewChosen(event.told))


def _tabs(current: View, short: bool) -> Iterator[Part]:
    for view in VIEWS:
        name = f"{view.number}{'' if short else view.name}"
        yield Part(f"[{name}]" if view is current else name, click=view.number)
        yield Part(" ")


def _width(parts: Iterable[Part]) -> int:
    return sum(cell_width(part.text) for part in parts)
