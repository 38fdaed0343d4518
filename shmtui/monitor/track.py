"""One watch through time: a typed value at an offset, what it was before, and its range."""

import math
from collections import deque

from shmtui.decode.types import unpack
from shmtui.decode.watch import Watch
from shmtui.monitor.rate import Rate
from shmtui.sysv.window import Window

HISTORY = 256
"""Values that are remembered, a refresh each."""

Number = int | float
Raw = tuple[bytes | None, str]


class Track:
    """Takes the bytes of its watch at each refresh."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.value: Number | None = None
        """The last one; None: not read at the last refresh, see `why`."""
        self.previous: Number | None = None
        """What it was before it last changed; None: not seen to change."""
        self.why = ""
        """Why it was not read, in a few words; empty: it was, or nothing was tried yet."""
        self.minimum: Number | None = None
        self.maximum: Number | None = None
        """Of all that were read; what is not a number (NaN) is left out."""
        self.history: deque[Number | None] = deque(maxlen=HISTORY)
        """A value for each refresh, the newest last; None: not read. May hold NaN and ±inf."""
        self.changes = 0
        """Refreshes that saw another value than the one read before."""
        self.last_change: float | None = None
        """Unix seconds."""
        self.changes_per_s = 0.0
        """Over the last ten seconds, as of the last refresh."""
        self._rate = Rate()
        self._last: bytes | None = None

    @property
    def span(self) -> tuple[int, int]:
        """Offset and length of its bytes."""
        return self.watch.offset, self.watch.kind.size

    def take(self, window: Window | None, now: float) -> None:
        """The next refresh: `window` covers the bytes; None: nothing could be read."""
        data, self.why = _raw(window, *self.span)
        self._rate.look(now)
        if data is None:
            self.value = None
        else:
            self._read(data, now)
        self.history.append(self.value)
        self.changes_per_s = self._rate.per_s(now)

    def _read(self, data: bytes, now: float) -> None:
        # Bytes are compared, not values: NaN is never equal to itself.
        before, self._last = self._last, data
        self.value = unpack(self.watch.kind, data)
        if before is not None and before != data:
            self.previous = unpack(self.watch.kind, before)
            self.changes += 1
            self.last_change = now
            self._rate.count(now)
        if self.value is not None and not math.isnan(self.value):
            self.minimum = _least(self.minimum, self.value)
            self.maximum = _most(self.maximum, self.value)


def _raw(window: Window | None, offset: int, length: int) -> Raw:
    """The bytes, or why they are not known. A hole is known to be zeros."""
    if window is None:
        return None, "not read"
    at = offset - window.offset
    if at < 0 or at + length > len(window.data):
        return None, "not read"
    for gap in window.gaps:
        inside = gap.offset < offset + length and gap.offset + gap.length > offset
        if inside and gap.why != "never written":
            return None, gap.why
    return window.data[at : at + length], ""


def _least(known: Number | None, value: Number) -> Number:
    return value if known is None else min(known, value)


def _most(known: Number | None, value: Number) -> Number:
    return value if known is None else max(known, value)
