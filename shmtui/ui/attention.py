"""What the pane looks at: which segment, pinned or following, in which view, by whose consent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shmtui.monitor.snapshot import Snapshot
from shmtui.present.table import TableModel
from shmtui.sysv.segment import Identity
from shmtui.sysv.window import Consent
from shmtui.ui.feeds import Feeds
from shmtui.ui.segment_pane import SegmentPane
from shmtui.ui.views import BY_NUMBER, VIEWS

if TYPE_CHECKING:
    from shmtui.monitor.source import Source

VIEW_NUMBERS = {view.name.lower(): view.number for view in VIEWS}
DETAILS = VIEW_NUMBERS["details"]
HOLDERS = VIEW_NUMBERS["holders"]


class Attention:
    """Decides; the pane shows, the feeds read. Closed at the start."""

    def __init__(self, pane: SegmentPane, model: TableModel, feeds: Feeds) -> None:
        self.is_open = False
        self.following = False
        self.content_view = VIEWS[0].number
        """The view of the content that was on show last: what Enter comes back to."""
        self._pane = pane
        self._model = model
        self._feeds = feeds
        self._pinned: Identity | None = None
        self._consents: dict[Identity, Consent] = {}

    @property
    def identity(self) -> Identity | None:
        """The segment looked at; a pinned one also after it went."""
        if not self.is_open:
            return None
        return self._model.cursor if self.following else self._pinned

    def open(self, view: int, following: bool) -> None:
        """Look at the cursor's segment: pinned, or following the cursor."""
        self.is_open = True
        self._follow(following)
        self.choose_view(view)

    def close(self) -> None:
        self.is_open = False
        self._feeds.want(None)
        self._feeds.want_holders(None)

    def toggle_following(self) -> None:
        self._follow(not self.following)

    def _follow(self, following: bool) -> None:
        self.following = following
        self._pinned = None if following else self._model.cursor

    def choose_view(self, view: int) -> None:
        if BY_NUMBER[view].of_content:
            self.content_view = view
        self._pane.set_view(view)

    def step_view(self, step: int) -> int:
        """The view after (1) or before (-1) the one on show, round the end."""
        numbers = [view.number for view in VIEWS]
        at = numbers.index(self._pane.view) + step if self.is_open else 0
        return numbers[at % len(numbers)]

    def show(self, snapshot: Snapshot | None) -> None:
        """Give the pane what this poll knows of the segment."""
        identity = self.identity
        there = identity is not None and snapshot is not None and identity in snapshot.facts
        row = self._model.row(identity) if identity is not None and there else None
        owner = self._feeds.owners.get(identity) if identity is not None else None
        self._pane.show(row, self.following, snapshot, owner)
        self._feeds.want_holders(self._pane.wants_holders if self.is_open else None)

    def read(self) -> None:
        """Have the pane's window read, from now on."""
        consent = self._consent(self._pane.identity)
        self._feeds.want(self._pane.request(consent) if self.is_open else None)

    def source(self, identity: Identity | None) -> Source:
        """A way to open all of a segment, by the consent that holds now. Any thread may call it.

        Raises NotThere where there is none.
        """
        return self._feeds.source(identity, self._pane.allowed(self._consent(identity)))

    def _consent(self, identity: Identity | None) -> Consent:
        return Consent.ASK if identity is None else self._consents.get(identity, Consent.ASK)

    def consent(self, identity: Identity, consent: Consent) -> None:
        """The person agreed, once for this segment."""
        self._consents[identity] = consent
        self.read()
