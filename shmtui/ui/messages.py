"""What the threads tell the screen. A message holds whole values, never a part of one."""

from textual.message import Message

from shmtui.monitor.changes import Changes
from shmtui.monitor.reading import WindowRead
from shmtui.monitor.snapshot import Snapshot


class Polled(Message):
    """A poll of the table came back. The next one waits until the screen has taken this one."""

    def __init__(self, snapshot: Snapshot, changes: Changes) -> None:
        super().__init__()
        self.snapshot = snapshot
        self.changes = changes


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

    def can_replace(self, message: Message) -> bool:
        """A newer picture of the same request makes the older one stale."""
        return (
            isinstance(message, WindowArrived)
            and message.read.request.generation <= self.read.request.generation
        )


class FeedFailed(Message):
    """A thread met an error that is not the kernel's answer; it goes on with its next turn."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words
