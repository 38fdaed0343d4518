"""Readings made by hand, one a second, as the reader would answer them."""

from collections.abc import Sequence

from shmtui.monitor.film import Film
from shmtui.monitor.reading import WindowRead, WindowRequest
from shmtui.monitor.study import Study
from shmtui.sysv.segment import Identity
from shmtui.sysv.window import Consent, Gap, Refusal, Window
from tests.present.made import segment

NOT_READ = Refusal("attach", "Only an attach of an instant would read it.", True)

Spans = tuple[tuple[int, int], ...]


class Reel:
    """A segment whose content a test sets, and what a reader says of it each second."""

    def __init__(self, size: int = 4096) -> None:
        self.segment = segment(1, size=size)
        self.identity: Identity = self.segment.identity
        self.now = 1000.0
        self._film = Film()

    def read(
        self,
        data: bytes,
        offset: int = 0,
        gaps: tuple[Gap, ...] = (),
        watched: Sequence[Window] = (),
    ) -> WindowRead:
        """The next refresh finds `data` from `offset` on."""
        self.now += 1
        self._film.add(Window(offset, data, gaps), self.now)
        answer = self._answer(offset, len(data), _spans(watched))
        return answer._replace(watched=tuple(watched))

    def gone(self) -> WindowRead:
        """The next refresh finds no segment."""
        self.now += 1
        self._film.end(self.now)
        return self._answer(0, 0, ())._replace(segment=None, tap="")

    def refused(self, watched: Spans = ()) -> WindowRead:
        """The next refresh may not read it."""
        self.now += 1
        return self._answer(0, 0, watched)._replace(window=None, ages=b"", refusal=NOT_READ)

    def _answer(self, offset: int, length: int, watched: Spans) -> WindowRead:
        picture = self._film.picture
        return WindowRead(
            request=WindowRequest(self.identity, offset, length, Consent.ASK, 1, watched),
            segment=self.segment,
            window=picture.window if picture else None,
            ages=picture.ages if picture else b"",
            tap="peek",
            attaches=0,
            why_not=(),
            refusal=None,
            time=self.now,
            changed=picture.changed if picture else 0,
            last_change=self._film.last_change,
            changes_per_s=self._film.changes_per_s(self.now),
            gone_at=self._film.gone_at,
        )


def _spans(windows: Sequence[Window]) -> Spans:
    return tuple((window.offset, len(window.data)) for window in windows)


class Desk:
    """A study of one segment, fed with what its memory holds each second."""

    def __init__(self, size: int = 4096, limit_bytes: int = 1 << 20) -> None:
        self.reel = Reel(size)
        self.study = Study(self.reel.identity, limit_bytes)

    def see(self, *contents: bytes, offset: int = 0) -> None:
        """A refresh for each content of the window."""
        for content in contents:
            self.study.take(self.reel.read(content, offset))

    @property
    def shown(self) -> bytes:
        """The content on show."""
        assert self.study.shown is not None
        return self.study.shown.window.data
