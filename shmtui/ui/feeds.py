"""The three threads that feed the screen: the table's polls, the holders' scans, the reader."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from textual.message import Message

from shmtui.monitor.ahead import Ahead
from shmtui.monitor.changes import compare
from shmtui.monitor.events import events
from shmtui.monitor.reading import WindowRead, WindowRequest
from shmtui.monitor.snapshot import Snapshot
from shmtui.monitor.ticker import Ticker
from shmtui.sysv.errors import NotThere, ShmError
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.segment import Identity
from shmtui.sysv.window import Consent
from shmtui.ui.messages import FeedFailed, HoldersFound, Polled, PollFailed, WindowArrived

if TYPE_CHECKING:
    from shmtui.monitor.owners import Owners
    from shmtui.monitor.reader import Reader
    from shmtui.monitor.recognition import Owner
    from shmtui.monitor.source import Source


class Feeds:
    """Polls, scans and reads off the screen's thread, and posts whole values to it.

    `post` must be safe to call from any thread (Textual's `post_message` is).
    """

    def __init__(
        self, post: Callable[[Message], object], interval_s: float, read_only: bool, ahead: Ahead
    ) -> None:
        self._post = post
        self._ahead_unseen: Ahead | None = ahead
        self.inside = ahead.inside
        """Does work in the IPC namespace that is polled."""
        self._evidence = ahead.evidence
        self._poller = ahead.poller
        self._read_only = read_only
        self._reader: Reader | None = None
        self._owners: Owners | None = None
        self._last: Snapshot | None = None
        self._request: WindowRequest | None = None
        self._unread = False
        self._held: Identity | None = None
        """The segment whose holders are on view."""
        self._release = False
        self._released = threading.Event()
        self._taken = threading.Event()
        self._taken.set()
        self._polls = Ticker("polls", self._poll, interval_s, self._failed)
        self._holders = Ticker("holders", self._scan, interval_s, self._failed)
        self._reads = Ticker("reader", self._read, interval_s, self._failed)

    def start(self) -> None:
        for ticker in self._tickers:
            ticker.start()

    def stop(self) -> None:
        """End the threads and drop what the reader holds."""
        for ticker in self._tickers:
            ticker.stop()
        self._close()

    @property
    def _tickers(self) -> tuple[Ticker, Ticker, Ticker]:
        return self._polls, self._holders, self._reads

    @property
    def interval_s(self) -> float:
        return self._polls.interval_s

    @interval_s.setter
    def interval_s(self, interval_s: float) -> None:
        for ticker in self._tickers:
            ticker.interval_s = interval_s

    @property
    def paused(self) -> bool:
        return self._polls.paused

    @paused.setter
    def paused(self, paused: bool) -> None:
        """Pausing also drops the reader's descriptor: it would pin a removed segment's memory."""
        for ticker in self._tickers:
            ticker.paused = paused
        if paused:
            self.release()

    def taken(self) -> None:
        """The screen has taken the last poll: the next one may start."""
        self._taken.set()

    def poll_now(self) -> None:
        self._polls.wake()

    def want(self, request: WindowRequest | None) -> None:
        """Read this window from now on (None: nothing). The latest request wins."""
        self._request = request
        self._unread = True
        self._reads.wake()

    @property
    def evidence(self) -> Evidence:
        """What our own attaches overwrote, as the polls know it."""
        return self._evidence

    @property
    def owners(self) -> Mapping[Identity, Owner]:
        """The programs that segments were recognised as, by the last look."""
        return self._owners.known if self._owners else {}

    def want_holders(self, identity: Identity | None) -> None:
        """Tell from now on who maps this segment (None: none)."""
        if identity != self._held:
            self._held = identity
            self._holders.wake()

    def release(self, wait_s: float = 0.0) -> None:
        """Make the reader close what it keeps open, and wait until it has, though not for long.

        Whoever is to be stopped must wait: a stopped reader closes nothing, and if it were just
        attached it would stay so.
        """
        self._released.clear()
        self._release = True
        self._reads.wake()
        self._released.wait(wait_s)

    def _poll(self) -> None:
        if not self._taken.is_set():
            return
        try:
            snapshot = self._next_snapshot()
        except ShmError as error:
            self._post(PollFailed(str(error)))
            return
        changes = compare(self._last, snapshot)
        # Here and not on the screen's thread: a new owner's name may have to be looked up.
        found = events(self._last, snapshot, changes)
        self._last = snapshot
        self._taken.clear()
        self._post(Polled(snapshot, changes, found))
        if changes.attached_or_detached:
            self._holders.wake()

    def _next_snapshot(self) -> Snapshot:
        ahead, self._ahead_unseen = self._ahead_unseen, None
        return self._poller.poll() if ahead is None else ahead.first()

    def _scan(self) -> None:
        if self._last is None:
            return
        first = self._last.holders is None
        if self._poller.scan_holders() and first:
            self._polls.wake()
        self._recognise(self._last)
        self._tell_holders(self._last)

    def _recognise(self, last: Snapshot) -> None:
        """Which programs the segments belong to; only what moved is looked at."""
        if self._owners is None:
            from shmtui.monitor.owners import Owners

            self._owners = Owners()
        self._owners.look(last)

    def _tell_holders(self, last: Snapshot) -> None:
        """Who maps the segment on view, with what only a look at each process tells."""
        facts = last.facts.get(self._held) if self._held else None
        scan = last.holders
        if facts is None or scan is None:
            return
        if facts.segment.nattch and facts.segment.identity not in scan.holders:
            return  # the next scan tells
        from shmtui.present import holding

        identity = facts.segment.identity
        holders = scan.holders.get(identity, ())
        head = holding.head_line(facts.segment, holders, scan.unreadable, scan.stuck)
        self._post(HoldersFound(identity, head, holding.held(holders), time.time()))

    def _read(self) -> None:
        if self._release or self._request is None:
            released, self._release = self._release, False
            self._close()
            self._released.set()
            if released and not self.paused:
                return  # perhaps we are about to be stopped: the next tick reads on
        request, last = self._request, self._last
        # While paused only a window that was not read yet is read: scrolling still works.
        if request is None or last is None or (self.paused and not self._unread):
            return
        self._unread = False
        self._post(WindowArrived(self._read_window(request, last)))
        if self.paused:
            self._close()

    def _read_window(self, request: WindowRequest, last: Snapshot) -> WindowRead:
        if self._reader is None:
            # Late, and here: what attaching takes is imported only where somebody reads.
            from shmtui.monitor.reader import Reader

            self._reader = Reader(self._evidence, self._read_only)
        facts = last.facts.get(request.identity)
        segment = facts.segment if facts else None
        pids = [holder.pid for holder in last.held.get(request.identity, ())]
        read = partial(self._reader.read, request)
        try:
            return self.inside(lambda: read(segment, pids))
        except NotThere:  # the namespace has ended, and its segments with it
            return read(None)

    def source(self, identity: Identity | None, consent: Consent) -> Source:
        """A way to open all of a segment, for a job on whose thread this is called.

        Raises NotThere where no poll shows the segment any more.
        """
        from shmtui.monitor.source import Source

        last = self._last
        facts = last.facts.get(identity) if last and identity else None
        if last is None or identity is None or facts is None:
            raise NotThere("The segment is gone: there is nothing to read.")
        pids = [holder.pid for holder in last.held.get(identity, ())]
        return Source(facts.segment, pids, consent, self._evidence, self._read_only, self.inside)

    def _close(self) -> None:
        if self._reader is not None:
            self._reader.close()

    def _failed(self, error: BaseException) -> None:
        self._post(FeedFailed(f"{type(error).__name__}: {error}"))
