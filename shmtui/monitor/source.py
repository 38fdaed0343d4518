"""One segment, opened again and again for a job that goes through much of it."""

import contextlib
from collections.abc import Iterator, Sequence

from shmtui.monitor.choosing import Chooser
from shmtui.sysv.content import Consent, Forbidden, Lost, Refusal, Tap
from shmtui.sysv.errors import NotAllowed
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.inside import Inside, here
from shmtui.sysv.segment import Segment
from shmtui.sysv.status import look
from shmtui.sysv.window import Content


class Source:
    """The content of a segment, through the best tap. For one job, on one thread."""

    def __init__(
        self,
        segment: Segment,
        pids: Sequence[int],
        consent: Consent,
        evidence: Evidence,
        read_only: bool = False,
        inside: Inside = here,
    ) -> None:
        """`pids` map it, as far as is known. `inside`: the segment's IPC namespace."""
        self.segment = segment
        """As it was at the last spell."""
        self.why_not: tuple[Refusal, ...] = ()
        """Why no better tap; where there is none, the last is the decisive refusal."""
        self._pids = pids
        self._consent = consent
        self._chooser = Chooser(evidence, read_only)
        self._inside = inside
        self._tap: Tap | None = None

    @property
    def tap(self) -> str:
        """The name of the tap; empty before the first spell."""
        return self._tap.name if self._tap else ""

    @contextlib.contextmanager
    def spell(self) -> Iterator[Content]:
        """The content until the end, which should be soon: see Tap.opened.

        Where the processes that it was read through let go of it, or another hand attached, a tap
        is chosen anew. Raises Forbidden with the refusal where there is none, Gone, ShmError.
        """
        with contextlib.ExitStack() as stack:
            yield self._inside(lambda: self._opened(stack))

    def lose(self) -> None:
        """The tap gave what it does not any more: choose it anew."""
        self.close()
        self._tap = None
        self._chooser.forget()

    def close(self) -> None:
        """The job is over: lets go of every descriptor."""
        if self._tap is not None:
            self._tap.close()

    def _opened(self, stack: contextlib.ExitStack) -> Content:
        tap = self._the_tap()
        try:
            return stack.enter_context(tap.opened())
        except Lost:
            return stack.enter_context(self._choose().opened())

    def _the_tap(self) -> Tap:
        try:
            self._look()
        except NotAllowed:  # as peek and peer do without that right; they tell if it is gone
            return self._tap or self._choose()
        if self._tap is None or (self._tap.name == "borrowed" and self.segment.nattch):
            return self._choose()
        return self._tap

    def _look(self) -> None:
        now = look(self.segment)
        self.segment = now._replace(rss=self.segment.rss, swap=self.segment.swap)

    def _choose(self) -> Tap:
        self.lose()
        self._tap, self.why_not = self._chooser.choose(self.segment, self._pids, self._consent)
        if self._tap is None:
            raise Forbidden(self.why_not[-1])
        return self._tap
