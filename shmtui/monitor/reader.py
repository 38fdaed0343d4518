"""One window of one segment through time: its bytes, which of them changed, and when."""

import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from shmtui.monitor.film import Film
from shmtui.monitor.reading import WindowRead, WindowRequest
from shmtui.monitor.survey import SegmentMap, Survey
from shmtui.monitor.way import Way
from shmtui.sysv.content import Forbidden, Gone, Lost, Refusal
from shmtui.sysv.errors import ShmError
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.segment import Identity, Segment


class Reader:
    """Reads one window again and again. One for each pane, used by one thread at a time."""

    def __init__(
        self,
        evidence: Evidence,
        read_only: bool = False,
        clock: Callable[[], float] = time.time,
        mapping: bool = True,
    ) -> None:
        """`mapping`: each reading also looks at a part of the whole, and answers with a map."""
        self._clock = clock
        self._evidence = evidence
        self._read_only = read_only
        self._way = Way(evidence, read_only)
        self._identity: Identity | None = None
        self._film = Film()
        self._mapping = mapping
        self._survey: Survey | None = None
        self._map: SegmentMap | None = None

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
            window, *watched = self._way.read_all(request, segment, holder_pids, now)
            self._look_around(request)
        except Gone:
            return self._gone(request, now)
        except Forbidden as error:
            return self._refused(request, segment, now, error.refusal)
        except ShmError as error:
            refusal = Refusal(self._way.name, str(error), False)
            return self._refused(request, segment, now, refusal)
        self._film.add(window, now)
        return self._answer(request, segment, now)._replace(watched=tuple(watched))

    def close(self) -> None:
        """Drops descriptors. The next read opens anew; what was seen is still compared with."""
        self._way.close()

    def _look_around(self, request: WindowRequest) -> None:
        """One bounded turn of the map. Raises Gone, ShmError."""
        if self._survey is None:
            return
        focus = range(request.offset, request.offset + request.length)
        # Where its process has ended meanwhile the next reading chooses another tap.
        with suppress(Lost):
            self._map = self._survey.step(self._way.count, focus)

    def _turn_to(self, identity: Identity) -> None:
        self._identity = identity
        self._film = Film()
        self._map = None
        self._start_anew(identity)

    def _start_anew(self, identity: Identity) -> None:
        self._way.close()
        self._way = Way(self._evidence, self._read_only)
        self._survey = Survey(identity.size) if self._mapping else None

    def _gone(self, request: WindowRequest, now: float) -> WindowRead:
        # Whatever has the same identity one day is another segment.
        self._start_anew(request.identity)
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
            map=self._map,
        )
