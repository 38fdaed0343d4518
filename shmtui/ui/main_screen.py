"""The main screen: header, list, segment pane, message line, footer; what the keys do with them."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from textual import on

from shmtui.acts.policy import Policy
from shmtui.monitor.growth import Growth
from shmtui.monitor.history import History
from shmtui.monitor.snapshot import Snapshot
from shmtui.present.words import visible
from shmtui.sysv.limits import Used, bounds, nearest_bound
from shmtui.sysv.window import Consent
from shmtui.ui.attention import DETAILS, HOLDERS, VIEW_NUMBERS, Attention
from shmtui.ui.commands import key_words
from shmtui.ui.feeds import Feeds
from shmtui.ui.header import HeaderState
from shmtui.ui.holders_view import HoldersTable
from shmtui.ui.jobs import Job
from shmtui.ui.list_pane import ListPane
from shmtui.ui.list_part import ListPart
from shmtui.ui.messages import (
    FeedFailed,
    HoldersFound,
    Polled,
    PollFailed,
    ReadAll,
    WindowArrived,
)
from shmtui.ui.parts_screen import PartsScreen
from shmtui.ui.prompt import Question
from shmtui.ui.segment_pane import SegmentPane

if TYPE_CHECKING:
    from shmtui.ui.removing import Removing

INTERVALS_S = (0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0)


class MainScreen(PartsScreen):
    """Takes what the feeds bring, and lets the keys of the list and the pane act on both parts."""

    def __init__(
        self,
        feeds: Feeds,
        part: ListPart,
        policy: Policy,
        names: tuple[str, str],
        clock: Callable[[], float] = time.time,
        place: str = "",
    ) -> None:
        """`names`: user and host of the header. `place`: the namespace's name, raw, if not ours."""
        super().__init__(part, SegmentPane(id="pane", clock=clock), bool(policy.barred))
        self.feeds = feeds
        self.attention = Attention(self.pane, part.model, feeds)
        self.pane.part.wants = self.attention.read
        self.snapshot: Snapshot | None = None
        self.history = History()
        """What happened since the start, whatever screen is open."""
        self._growth = Growth()
        self.policy = policy
        self.place = place
        self._clock = clock
        self.names = names
        self._polled_at = clock()
        self._failed = False
        self._removing: Removing | None = None
        self._awaited: tuple[int, bool] | None = None
        """Shmid of a segment that a writer of ours made and no poll has shown yet; to be read?"""

    def on_mount(self) -> None:
        self.set_interval(1.0, self._tick)

    # What the threads bring

    @on(Polled)
    def _take_poll(self, event: Polled) -> None:
        self.snapshot = event.snapshot
        self._growth.note(event.snapshot)
        self.history.add(event.events)
        self._polled_at = self._clock()
        self._failed = False
        self.list_part.apply(event.snapshot, event.changes)
        self._hold_caveats(event.snapshot)
        self._go_to_awaited()
        self._show_in_pane()
        self._show_header()
        if self._removing is not None:
            self._removing.update(event.snapshot, self.feeds.owners)
        self.feeds.taken()
        # Not before the list is painted: nobody looks into a segment sooner.
        self.call_after_refresh(self.prepare_pane)

    def _hold_caveats(self, snapshot: Snapshot) -> None:
        words = [snapshot.caveat] if snapshot.caveat else []
        if snapshot.garbage:
            words.append(f"{len(snapshot.garbage)} rows not understood: {snapshot.garbage[0]}")
        self.prompt.hold("; ".join(words), "warning")

    @on(PollFailed)
    def _take_failure(self, event: PollFailed) -> None:
        self._failed = True
        self.list_part.pane.show_stale(True)
        self.prompt.hold(event.words, "error")
        self._show_header()

    @on(FeedFailed)
    def _say_failure(self, event: FeedFailed) -> None:
        self.prompt.say(visible(event.words), "error")

    @on(WindowArrived)
    def _take_window(self, event: WindowArrived) -> None:
        self.pane.take(event.read)

    def _tick(self) -> None:
        """The clock goes on where no poll has just shown it: paused, stale, or seldom."""
        if self._clock() - self._polled_at > 1.0:
            self._show_header()

    def _show_header(self) -> None:
        limits = self.snapshot.limits if self.snapshot else None
        totals = self.list_part.model.totals
        # The largest segment is not known here; shmmax, which bounds it, is never the nearest.
        used = Used(totals.segments, totals.pages, largest=0)
        self.header.state = HeaderState(
            user=self.names[0],
            host=self.names[1],
            place=self.place,
            limits=limits,
            nearest=nearest_bound(bounds(limits, used)) if limits else None,
            totals=totals,
            growth=self._growth.words,
            namespace=self.snapshot.namespace if self.snapshot else 0,
            interval_s=self.feeds.interval_s,
            paused=self.feeds.paused,
            stale_s=self._stale_s(),
            read_only=self.policy.read_only,
            clock=time.strftime("%H:%M:%S", time.localtime(self._clock())),
        )

    def _stale_s(self) -> float | None:
        age_s = self._clock() - self._polled_at
        late = age_s > 2 * self.feeds.interval_s + 1
        return age_s if (late or self._failed) and not self.feeds.paused else None

    # The pane

    def _open_pane(self, view: int, following: bool) -> None:
        self.add_class("pane-open")
        self.attention.open(view, following)
        self._show_in_pane()

    def _close_pane(self) -> None:
        self.focus_part(pane=False)
        self.remove_class("pane-open")
        self.attention.close()
        self.list_part.pane.show_pane_segment(None)

    def _choose_view(self, view: int) -> None:
        if not self.attention.is_open:
            self._open_pane(view, following=True)
            return
        had_focus = self.has_class("focus-pane")
        self.attention.choose_view(view)
        self._show_in_pane()
        if had_focus:
            self.focus_part(pane=True)

    def _show_in_pane(self) -> None:
        if self.attention.is_open:
            self.attention.show(self.snapshot)
            self.list_part.pane.show_pane_segment(self.attention.identity)

    @on(ReadAll)
    def _read_all(self, event: ReadAll) -> None:
        def steps() -> Generator[Any, None, None]:
            with contextlib.closing(self.attention.source(event.identity)) as source:
                yield from event.steps(source)

        self.start_job(Job(event.name, steps, event.stepped, event.ended))

    @on(SegmentPane.ViewChosen)
    def _view_clicked(self, event: SegmentPane.ViewChosen) -> None:
        self._choose_view(event.number)

    @on(SegmentPane.ConsentWanted)
    def _ask_consent(self, event: SegmentPane.ConsentWanted) -> None:
        if event.refusal.needs_consent:
            # The pane's sentence has asked already; Enter was the answer.
            self.attention.consent(event.identity, Consent.GIVEN)
            return
        from shmtui.ui.dialogs.confirm import ConfirmDialog

        def answered(yes: bool | None) -> None:
            if yes:
                self.attention.consent(event.identity, Consent.FORCED)

        self.app.push_screen(ConfirmDialog("Attach", (event.refusal.reason,), "Attach"), answered)

    @on(ListPane.CursorMoved)
    def _cursor_moved(self) -> None:
        if self.attention.following:
            self._show_in_pane()

    @on(ListPane.Chosen)
    async def action_read(self) -> None:
        await self.prepare_pane()
        if self.list_part.model.cursor is not None:
            self._open_pane(self.attention.content_view, following=False)
            self.focus_part(pane=True)

    async def action_details(self) -> None:
        await self.prepare_pane()
        self._open_pane(DETAILS, following=True)

    async def action_holders(self) -> None:
        await self.prepare_pane()
        self._open_pane(HOLDERS, following=True)

    @on(HoldersFound)
    def _take_holders(self, event: HoldersFound) -> None:
        self.pane.take_holders(event)

    @on(HoldersTable.ProcessChosen)
    def _show_process(self, event: HoldersTable.ProcessChosen) -> None:
        """All segments of a process: the filter says so, and Esc clears it."""
        self.list_part.set_filter(f"pid={event.pid}", inverted=False)
        self.focus_part(pane=False)

    async def action_view(self, name: str) -> None:
        await self.prepare_pane()
        self._choose_view(VIEW_NUMBERS[name])

    async def action_next_view(self) -> None:
        await self.prepare_pane()
        self._choose_view(self.attention.step_view(1))

    async def action_previous_view(self) -> None:
        await self.prepare_pane()
        self._choose_view(self.attention.step_view(-1))

    async def action_follow(self) -> None:
        await self.prepare_pane()
        if not self.attention.is_open:
            self._open_pane(self.attention.content_view, following=True)
            return
        self.attention.toggle_following()
        self._show_in_pane()

    def action_consent(self) -> None:
        if not self.pane.ask_consent():
            self.prompt.say(self.pane.nothing_to_ask)

    def action_back(self) -> None:
        self.step_back()

    def step_back(self) -> bool:
        """Back out of what is open, one step; False: nothing is."""
        if self.jobs.cancel() or self.pane.part.clear_selection():
            return True
        if self.has_class("zoomed"):
            self.remove_class("zoomed")
        elif self.has_class("focus-pane"):
            self.focus_part(pane=False)
        elif self.attention.is_open:
            self._close_pane()
        elif self.list_part.filter_text:
            self.list_part.set_filter("")
        else:
            return False
        return True

    # Time

    def action_pause(self) -> None:
        self.feeds.paused = not self.feeds.paused
        self._show_header()

    def action_poll(self) -> None:
        self.feeds.poll_now()

    def action_slower(self) -> None:
        self._set_interval(min((s for s in INTERVALS_S if s > self.feeds.interval_s), default=None))

    def action_faster(self) -> None:
        self._set_interval(max((s for s in INTERVALS_S if s < self.feeds.interval_s), default=None))

    def _set_interval(self, interval_s: float | None) -> None:
        """None: there is no longer, or shorter, one."""
        if interval_s is None:
            self.prompt.say(f"The interval stays at {self.feeds.interval_s:g} s.")
            return
        self.feeds.interval_s = interval_s
        self._show_header()

    # Places in the list

    def action_goto(self) -> None:
        self.prompt.ask(Question("goto", ":", self._goto))

    def _goto(self, text: str) -> None:
        from shmtui.ui import choosing

        words = choosing.go_to(self.list_part, text)
        if words:
            self.prompt.say(words, "warning")

    def open_segment(self, shmid: int | None, key: int | None) -> None:
        """Pin the segment with this id, or this key, and read it."""
        from shmtui.ui import choosing

        name = f"id {shmid}" if key is None else f"key {key:#010x}"
        words = choosing.go_to_named(self.list_part, shmid, key, f"No segment has the {name}.")
        if words:
            self.prompt.say(words, "warning")
        else:
            self.call_later(self.action_read)

    # What changes segments

    def action_remove(self) -> None:
        """What is tagged, else the segment under the cursor."""
        if self.snapshot is None:
            return
        if self._removing is None:
            from shmtui.ui.removing import Removing

            self._removing = Removing(self, self.policy, self.feeds.evidence)
        model = self.list_part.model
        tagged = tuple(identity for identity in model.shown if identity in model.tags)
        hidden = tuple(identity for identity in model.tags if model.index(identity) is None)
        under = () if model.cursor is None else (model.cursor,)
        self._removing.ask((*tagged, *hidden) or under, self.snapshot)

    def action_permissions(self) -> None:
        from shmtui.ui.permitting import ask_permissions

        cursor = self.list_part.model.cursor
        if cursor is None:
            self.prompt.say(self.list_part.pane.no_segment("change"), answers=True)
        else:
            ask_permissions(self, self.list_part.model.row(cursor), self.policy)

    def action_only_in_list(self, key: str) -> None:
        """A key that changes something was pressed in the pane, where it was not meant so."""
        does = {"w": "writes", "M": "sets permissions"}.get(key, "removes")
        self.prompt.say(f"{key_words(key)} {does} from the list: Esc first", answers=True)

    # Writers

    def await_segment(self, shmid: int, read: bool) -> None:
        """Put the cursor on this segment as soon as a poll shows it, and read it if told to."""
        self._awaited = (shmid, read)
        self.feeds.poll_now()

    def _go_to_awaited(self) -> None:
        if self._awaited is None or self.snapshot is None:
            return
        shmid, read = self._awaited
        identity = next((one for one in self.snapshot.facts if one.shmid == shmid), None)
        if identity is None:
            return
        self._awaited = None
        if not self.list_part.go_to(identity):
            self.prompt.say(f"segment {shmid} is hidden by the filter", "warning")
        elif read:
            self.call_later(self.action_read)
