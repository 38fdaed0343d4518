"""What the threads and the parts tell the main screen. A message holds whole values."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING, Any

from textual.message import Message

from shmtui.monitor.changes import Changes
from shmtui.monitor.event import Event
from shmtui.monitor.reading import WindowRead
from shmtui.monitor.snapshot import Snapshot
from shmtui.present.holding import Held
from shmtui.sysv.segment import Identity
from shmtui.ui.prompt import Severity

if TYPE_CHECKING:
    from shmtui.monitor.source import Source
    from shmtui.ui.jobs import JobEnd


class Polled(Message):
    """A poll of the table came back. The next one waits until the screen has taken this one."""

    def __init__(self, snapshot: Snapshot, changes: Changes, events: Sequence[Event] = ()) -> None:
        """`events`: what the changes say happened."""
        super().__init__()
        self.snapshot = snapshot
        self.changes = changes
        self.events = events


class PollFailed(Message):
    """The table could not be read; the words say why."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words


class WindowArrived(Message):
    """The reader has read the window that the pane asked for."""

    def __init__(self, read: WindowRead) -> None:
        super().__init__()
        self.read = read


class HoldersFound(Message):
    """Who maps the segment whose holders are on view."""

    def __init__(self, identity: Identity, head: str, rows: Sequence[Held], now: float) -> None:
        """`head`: how many, and how many cannot be seen; `now`: Unix seconds."""
        super().__init__()
        self.identity = identity
        self.head = head
        self.rows = rows
        self.now = now


class FeedFailed(Message):
    """A thread met an error that is not the kernel's answer; it goes on with its next turn."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words


class Say(Message):
    """Something is to be said in the message line."""

    def __init__(self, words: str, severity: Severity = "info") -> None:
        super().__init__()
        self.words = words
        self.severity = severity


class ReadAll(Message):
    """A job is to read a segment: the one that was on show when it was asked for.

    `steps` is called on the job's thread with a way to open the segment; what it yields comes to
    `stepped`, and the end to `ended`, on the screen's thread.
    """

    def __init__(
        self,
        name: str,
        identity: Identity | None,
        steps: Callable[[Source], Generator[Any, None, None]],
        stepped: Callable[[Any], None],
        ended: Callable[[JobEnd], None],
    ) -> None:
        super().__init__()
        self.name = name
        self.identity = identity
        self.steps = steps
        self.stepped = stepped
        self.ended = ended


class JobProgress(Message):
    """How far the job under way is, in words; empty: it is over."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words
