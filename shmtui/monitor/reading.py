"""What a reader is asked for, and what it answers: values, apart from what it takes to read."""

from typing import NamedTuple

from shmtui.monitor.survey import SegmentMap
from shmtui.sysv.segment import Identity, Segment
from shmtui.sysv.window import Consent, Refusal, Window


class WindowRequest(NamedTuple):
    """What the pane wants to see."""

    identity: Identity
    offset: int
    length: int
    """Bytes."""
    consent: Consent
    generation: int
    """Comes back in the answer, so that a stale one can be told."""
    watched: tuple[tuple[int, int], ...] = ()
    """Offset and length of what is read besides, in the same go."""


class WindowRead(NamedTuple):
    """One refresh of a window."""

    request: WindowRequest
    segment: Segment | None
    """None: the segment is gone, `window` is its last picture."""
    window: Window | None
    """None: refused, or gone before anything was read."""
    ages: bytes
    """A byte for each byte of the window: refreshes since it changed, 0 = at this one;
    255 = not seen to change (or longer ago)."""
    tap: str
    """Name of the tap that read it; empty where none did."""
    attaches: int
    """Our own, so far."""
    why_not: tuple[Refusal, ...]
    """Why no better tap."""
    refusal: Refusal | None
    """The decisive one, where nothing was read."""
    time: float
    """Unix seconds."""
    changed: int
    """Bytes that changed at this refresh."""
    last_change: float | None
    """Unix seconds at which a change was last seen."""
    changes_per_s: float
    """Refreshes that saw a change, per second, over the last ten seconds."""
    gone_at: float | None
    last_changed: int = 0
    """Bytes that changed at `last_change`."""
    watched: tuple[Window, ...] = ()
    """In the order of `request.watched`; empty where nothing was read."""
    map: SegmentMap | None = None
    """The whole segment at a glance, as far as it was looked at; None: not yet."""
