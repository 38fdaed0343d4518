"""The parts of the main screen, how they share the room, and which of them has the focus."""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.dom import DOMNode
from textual.geometry import Size
from textual.screen import Screen

from shmtui.ui.commands import Context, Home
from shmtui.ui.header import Header
from shmtui.ui.jobs import Job, JobEnded, Jobs, JobStepped
from shmtui.ui.key_bar import KeyBar
from shmtui.ui.list_part import ListPart
from shmtui.ui.messages import JobProgress, Say
from shmtui.ui.prompt import Prompt
from shmtui.ui.segment_pane import SegmentPane

WIDE_COLUMNS = 150
ROOMY = (120, 30)
"""Columns and rows from which the header has a second row."""
LOW_ROWS = 14
"""Below this many rows the list and the pane do not fit one above the other."""


class PartsScreen(Screen[None]):
    """Header, list, segment pane, message line and footer. What the parts say, it shows."""

    AUTO_FOCUS = "ListPane"

    def __init__(self, part: ListPart, pane: SegmentPane, barred: bool) -> None:
        """`barred`: nothing may be changed, and the footer says so."""
        super().__init__(classes="focus-list")
        self.list_part = part
        self.pane = pane
        self.header = Header()
        self.prompt = Prompt()
        self.jobs = Jobs(self.post_message)
        self._keys = KeyBar("list", barred=barred)

    def compose(self) -> ComposeResult:
        # Before there is a child: each class that comes later styles all of them again.
        self._fit(self.app.size)
        yield self.header
        with Container(id="body"):
            yield self.list_part
        yield self.prompt
        yield self._keys

    def on_resize(self, event: events.Resize) -> None:
        self._fit(event.size)

    def _fit(self, size: Size) -> None:
        width, height = size
        self.set_class(width >= WIDE_COLUMNS, "-wide")
        self.set_class(width >= ROOMY[0] and height >= ROOMY[1], "-roomy")
        self.set_class(height < LOW_ROWS, "-low")

    async def prepare_pane(self) -> None:
        if not self.pane.is_attached:
            await self.query_one("#body").mount(self.pane)

    def start_job(self, job: Job) -> None:
        """Begin it, unless another one is under way. A search gives way; what makes a file, or
        changes something, is not dropped so.
        """
        if self.jobs.running not in ("", "Search"):
            self.prompt.say(f"{self.jobs.running} is under way: Esc cancels it.", answers=True)
        else:
            self.jobs.start(job)

    # What the parts say

    @on(Say)
    def _say(self, event: Say) -> None:
        self.prompt.say(event.words, event.severity, answers=True)

    @on(JobProgress)
    def _show_progress(self, event: JobProgress) -> None:
        self.prompt.show_progress(event.words)

    @on(JobStepped)
    def _job_stepped(self, event: JobStepped) -> None:
        self.jobs.stepped(event)

    @on(JobEnded)
    def _job_ended(self, event: JobEnded) -> None:
        self.jobs.ended(event)

    # Focus

    def actor(self, home: Home, context: Context) -> DOMNode:
        """Who has the actions of a command that was chosen by its name, and not by a key."""
        if home == "focus":
            return self.list_part.pane
        if home == "part":
            return self.list_part if context == "list" else self.pane.part
        return self

    def focus_part(self, pane: bool) -> None:
        self.set_focus(self.pane.content if pane else self.list_part.pane, scroll_visible=False)
        self._mark_focus(pane)

    def _mark_focus(self, pane: bool) -> None:
        self.set_class(pane, "focus-pane")
        self.set_class(not pane, "focus-list")
        shown: Context = "holders" if self.pane.wants_holders else "pane"
        self._keys.show_keys(shown if pane else "list")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        if event.widget is self.pane.content or event.widget is self.list_part.pane:
            self._mark_focus(event.widget is self.pane.content)

    def action_other_part(self) -> None:
        if self.has_class("pane-open"):
            self.focus_part(pane=not self.has_class("focus-pane"))

    def action_zoom(self) -> None:
        self.toggle_class("zoomed")
