"""One segment that a command reads again and again; what it must tell of that, it says."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from shmtui.cli.naming import Name, find
from shmtui.cli.refusals import read_by, reasons, unreadable
from shmtui.cli.saying import say
from shmtui.monitor.reader import Reader
from shmtui.monitor.reading import WindowRead, WindowRequest
from shmtui.sysv.content import Consent, Gap, Window
from shmtui.sysv.errors import NotAllowed
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.listing import Table
from shmtui.sysv.segment import Segment

_PIECE_BYTES = 128 * 1024


class Stretch(NamedTuple):
    """Bytes of a segment."""

    offset: int
    length: int


class Look:
    """Reads one segment through the least disturbing tap that is allowed."""

    def __init__(self, name: Name, consent: Consent, read_only: bool) -> None:
        """Finds the segment. Raises NotThere."""
        self._consent = consent
        self._table = Table()
        self._evidence = Evidence()
        self._reader = Reader(self._evidence, read_only, mapping=False)
        self._said: set[str] = set()
        self.segment: Segment = find(name, self._table.read().segments.values())
        self.gone = False
        self.tap = ""
        """Name of the tap of the last reading."""
        self.time = 0.0
        """Unix seconds of the last reading."""

    def again(self) -> bool:
        """Takes the segment's row as of now; False: it has gone."""
        with self._evidence.lock:
            row = self._table.read().segments.get(self.segment.identity)
        self.gone = row is None
        self.segment = row or self.segment
        return not self.gone

    def pieces(self, stretch: Stretch) -> Iterator[Window]:
        """The stretch, piece by piece; ends early where the segment goes: see `gone`.

        Raises NotAllowed where it may not be read, with what would help.
        """
        end = stretch.offset + stretch.length
        for offset in range(stretch.offset, end, _PIECE_BYTES):
            read = self._read(offset, min(_PIECE_BYTES, end - offset))
            if read is None or read.window is None:
                return
            for gap in read.window.gaps:
                self._say(f"zeros stand for what was not read: {gap.why}")
            yield read.window

    def watched(self, stretches: Sequence[tuple[int, int]]) -> tuple[Window, ...] | None:
        """Those bytes (offset, length) and no others; None where the segment has gone.

        Raises NotAllowed as `pieces` does.
        """
        read = self._read(0, 0, tuple(stretches))
        if read is None:
            return None
        for window in read.watched:
            for gap in window.gaps:
                if gap.why != "never written":  # known to be zeros
                    self._say(f"— stands for what was not read: {gap.why}")
        return read.watched

    def close(self) -> None:
        """Lets go of what the reader keeps open."""
        self._reader.close()

    def _read(
        self, offset: int, length: int, watched: tuple[tuple[int, int], ...] = ()
    ) -> WindowRead | None:
        """None: the segment has gone."""
        request = WindowRequest(self.segment.identity, offset, length, self._consent, 0, watched)
        read = self._reader.read(request, self.segment)
        if read.segment is None:
            self.gone = True
            return None
        if read.refusal is not None:
            raise NotAllowed(unreadable(self.segment, read.why_not, read.refusal))
        self._tell(read)
        return read

    def _tell(self, read: WindowRead) -> None:
        self.tap, self.time = read.tap, read.time
        if self._say(read_by(self.segment, read.tap)):
            for words in reasons(read.why_not):
                self._say(words)

    def _say(self, words: str) -> bool:
        """Once; True: it was the first time."""
        if words in self._said:
            return False
        self._said.add(words)
        say(words)
        return True


def join(windows: Iterable[Window]) -> Window:
    """One window from pieces that follow each other."""
    data: list[bytes] = []
    gaps: list[Gap] = []
    start: int | None = None
    for window in windows:
        start = window.offset if start is None else start
        data.append(window.data)
        gaps += window.gaps
    return Window(start or 0, b"".join(data), tuple(gaps))
