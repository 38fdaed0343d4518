"""One window of one segment through time: its bytes, which of them changed, and when."""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from shmtui.monitor.film import Film
from shmtui.monitor.way import Way
from shmtui.sysv.content import Consent, Forbidden, Gone, Refusal, Window
from shmtui.sysv.errors import ShmError
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.segment import Identity, Segment


class WindowRequest(NamedTuple):
    """What the pane wants to see."""

    identity: Identity
    offset: int
    length: int
    """Bytes."""
    consent: Consent
    generation: int
    """Comes back in the answer, so that a stale one can be told."""


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


class Reader:
    """Reads one window again and again. One for each pane, used by one thread at a time."""

    def __init__(
        self,
        evidence: Evidence,
        read_only: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._clock = clock
        self._evidence = evidence
        self._read_only = read_only
        self._way = Way(evidence, read_only)
        self._identity: Identity | None = None
        self._film = Film()

    def read(
        self, request: WindowRequest, segment: Segment | None, holder_pids: Sequence[int] = ()
    ) -> WindowRead:
        """Reads the window as of now.

        `segment` is its row of the last poll, None where it has none any more. `holder_pids` map
        it as far as is known; without any, the last operator, the creator, and at last every
        process are asked. Failures come as a refusal in words; nothing is raised.
        """
        if request.identity != self._identity:
            self._turn_to(request.identity)
        now = self._clock()
        if segment is None:
            return self._gone(request, now)
        try:
            basis = self._way.basis(segment, request.consent, holder_pids)
            window = self._way.read(segment, basis, request.offset, request.length, now)
        except Gone:
            return self._gone(request, now)
        except Forbidden as error:
            return self._refused(request, segment, now, error.refusal)
        except ShmError as error:
            refusal = Refusal(self._way.name, str(error), False)
            return self._refused(request, segment, now, refusal)
        self._film.add(window, now)
        return self._answer(request, segment, now)

    def close(self) -> None:
        """Drops descriptors. The next read opens anew; what was seen is still compared with."""
        self._way.close()

    def _turn_to(self, identity: Identity) -> None:
        self._start_anew()
        self._identity = identity
        self._film = Film()

    def _start_anew(self) -> None:
        self._way.close()
        self._way = Way(self._evidence, self._read_only)

    def _gone(self, request: WindowRequest, now: float) -> WindowRead:
        self._start_anew()  # whatever has the same identity one day is another segment
        self._film.end(now)
        return self._answer(request, None, now)

    def _refused(
        self, request: WindowRequest, segment: Segment, now: float, refusal: Refusal
    ) -> WindowRead:
        self._way.close()
        answer = self._answer(request, segment, now)
        return answer._replace(
            window=None, ages=b"", tap="", refusal=refusal, changed=0, why_not=self._way.why_not
        )

    def _answer(self, request: WindowRequest, segment: Segment | None, now: float) -> WindowRead:
        film = self._film
        picture = film.picture
        return WindowRead(
            request=request,
            segment=segment,
            window=picture.window if picture else None,
            ages=picture.ages if picture else b"",
            tap=self._way.name,
            attaches=self._evidence.attaches(request.identity),
            why_not=self._way.why_not,
            refusal=None,
            time=now,
            changed=picture.changed if picture and segment else 0,
            last_change=film.last_change,
            changes_per_s=film.changes_per_s(now),
            gone_at=film.gone_at,
            last_changed=film.last_changed,
        )
