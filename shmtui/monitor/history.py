"""The events that are remembered: the last of them, in bounded memory."""

from collections import deque
from collections.abc import Iterable, Sequence

from shmtui.monitor.event import Event
from shmtui.sysv.segment import Identity

LIMIT = 10_000
"""Events that are remembered unless said otherwise."""


class History:
    """The last events, the oldest first; those before them are forgotten. For one thread."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._events: deque[Event] = deque(maxlen=limit)
        self.forgotten = 0
        """How many there is no room for any more."""

    def add(self, events: Iterable[Event]) -> None:
        """Takes up what happened since."""
        for event in events:
            self.forgotten += len(self._events) == self._events.maxlen
            self._events.append(event)

    @property
    def events(self) -> Sequence[Event]:
        """Grows at its end, and loses its beginning."""
        return self._events

    def of(self, identity: Identity) -> list[Event]:
        """Those of one segment."""
        return [event for event in self._events if event.identity == identity]
