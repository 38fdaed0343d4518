"""The segment pane: one segment's content or facts, and which of its views is on show."""

from __future__ import annotations

import time
from collections.abc import Callable

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from shmtui.monitor.reading import WindowRead, WindowRequest
from shmtui.monitor.recognition import Owner
from shmtui.monitor.snapshot import Snapshot
from shmtui.present.details import details
from shmtui.present.row import Row
from shmtui.sysv.segment import Identity
from shmtui.sysv.window import Consent, Refusal
from shmtui.ui import pane_words
from shmtui.ui.bar import Bar, Part
from shmtui.ui.content_part import ContentPart
from shmtui.ui.details import DetailsView
from shmtui.ui.holders_view import HoldersView
from shmtui.ui.lines_view import LinesView
from shmtui.ui.messages import HoldersFound
from shmtui.ui.pane_title import title
from shmtui.ui.views import BY_NUMBER, VIEWS


class SegmentPane(Vertical):
    """Title with the views, and the content or the facts. It reads nothing itself.

    The application calls `show` at each poll, asks `request` when `part.wants` is called, and gives
    what the reader found to `take`.
    """

    DEFAULT_CSS = """
    SegmentPane > #pane-title { background: $panel; color: $foreground; }
    SegmentPane > #pane-notice { color: $text-warning; display: none; }
    SegmentPane > #pane-details, SegmentPane > #pane-holders, SegmentPane > #content {
        display: none;
    }
    SegmentPane.-content > #content { display: block; }
    SegmentPane.-facts > #pane-details { display: block; }
    SegmentPane.-holders > #pane-holders { display: block; }
    SegmentPane.-gone > #pane-notice { display: block; }
    SegmentPane.-gone.-content > #pane-notice { display: none; }
    """

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
        self.part = ContentPart()
        self._holders = HoldersView(id="pane-holders")
        self._details = DetailsView(id="pane-details")
        self._row: Row | None = None
        self._owner: Owner | None = None
        self._following = False
        self._gone_at: float | None = None
        self._mark_view()

    def compose(self) -> ComposeResult:
        yield self._title
        yield self._notice
        yield self.part
        yield self._holders
        yield self._details

    # Which view

    @property
    def view(self) -> int:
        """The number of the view on show."""
        return self._view.number

    def set_view(self, number: int) -> None:
        """Show this view; KeyError where none has the number."""
        self._view = BY_NUMBER[number]
        self._mark_view()
        if self._view.of_content:
            self.part.set_view(self._view)
        else:
            self.part.want()
        self._describe()

    def _mark_view(self) -> None:
        for shows in ("content", "holders", "facts"):
            self.set_class(self._view.shows == shows, f"-{shows}")

    @property
    def content(self) -> LinesView:
        """The widget that takes the focus: it has the actions that move."""
        if self._view.shows == "holders":
            return self._holders.table
        return self.part.window if self._view.of_content else self._details

    # Which segment

    @property
    def identity(self) -> Identity | None:
        """The segment on show, also after it went."""
        return self._row.facts.segment.identity if self._row else None

    def show(
        self,
        row: Row | None,
        following: bool,
        snapshot: Snapshot | None = None,
        owner: Owner | None = None,
    ) -> None:
        """Show this segment as of this poll.

        None while following: nothing is under the cursor. None while pinned: the segment is gone,
        its last picture stays. `snapshot`: what the poll knows of all others.
        `owner`: the program that it was recognised as.
        """
        before = self.identity, self._following
        self._following, self._owner = following, owner
        if row is None and not following and self._row is not None:
            self._gone_at = self._gone_at or self._clock()
        else:
            self._row, self._gone_at = row, None
        self.part.show(self._row, following, self._gone_at, snapshot)
        if self.identity != before[0] or self._row is None:
            self._holders.say(pane_words.LOOKING if self._row else pane_words.NOBODY)
        if (self.identity, following) != before:
            self.part.want()
        self._describe()

    @property
    def wants_holders(self) -> Identity | None:
        """The segment whose holders are on view; None: none."""
        return self.identity if self._view.shows == "holders" else None

    def take_holders(self, found: HoldersFound) -> None:
        """Show who maps the segment."""
        if self._row is not None and found.identity == self.identity:
            held = self._row.facts.segment.nattch > 0
            nobody = pane_words.NO_HOLDERS if held else pane_words.NO_ATTACHES
            self._holders.say("" if found.rows else nobody)
            self._holders.show(found.head, found.rows, found.now)

    # What is read of it

    def request(self, consent: Consent = Consent.ASK) -> WindowRequest | None:
        """What the reader should read now; None: nothing. While following never with an attach."""
        if not self._view.of_content:
            return None
        return self.part.request(self.allowed(consent))

    def allowed(self, consent: Consent) -> Consent:
        """What of a consent holds: none while the pane follows the cursor."""
        return Consent.TRACELESS if self._following else consent

    def take(self, read: WindowRead) -> None:
        """Show what the reader found."""
        self.part.take(read)
        if read.segment is None and read.request.identity == self.identity:
            self._gone_at = self._gone_at or read.gone_at or read.time
        self._describe()

    def ask_consent(self) -> bool:
        """Post ConsentWanted if the last read was refused but may be allowed; False: it was not,
        or what an attach would find is known: nothing was ever written.
        """
        read = self.part.last_read
        refusal = read.refusal if read else None
        if self._row is None or refusal is None or not refusal.overridable:
            return False
        if pane_words.is_hole(self._row.facts.segment):
            return False
        self.post_message(self.ConsentWanted(self._row.facts.segment.identity, refusal))
        return True

    @property
    def nothing_to_ask(self) -> str:
        """Why `ask_consent` asks nothing, in words."""
        return pane_words.nothing_to_ask(self.part.last_read, self._row, self._gone_at is not None)

    # What is said about it

    def on_resize(self) -> None:
        self._describe()

    @on(ContentPart.KindChosen)
    def _describe(self) -> None:
        """Bring title, facts and notice up to date."""
        segment = self._row.facts.segment if self._row else None
        mode = "gone" if self._gone_at is not None else "follow" if self._following else "pin"
        self._title.show(*title(self._view, self.part.kind.name, segment, mode, self.size.width))
        self.set_class(self._gone_at is not None, "-gone")
        self._notice.show(Part(" " + pane_words.gone(self._gone_at, "facts")))
        self._details.say("" if self._row else pane_words.NOBODY)
        self._details.dim(self._gone_at is not None)
        if self._view.shows == "facts" and self._row is not None:
            read = self.part.last_read
            self._details.show(details(self._row, self._owner) + pane_words.reading_facts(read))

    @on(Bar.Clicked)
    def _tab_clicked(self, event: Bar.Clicked) -> None:
        event.stop()
        self.post_message(self.ViewChosen(event.told))
