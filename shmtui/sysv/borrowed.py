"""The tap for a segment that nobody holds: attach once, and keep what was read."""

import contextlib
import os
import threading
from collections.abc import Iterator, Sequence

from shmtui.sysv import mapfile
from shmtui.sysv.attachment import attached
from shmtui.sysv.filling import windows
from shmtui.sysv.gate import Terms, ask
from shmtui.sysv.mapfile import MapFile
from shmtui.sysv.pages import PAGE_SIZE
from shmtui.sysv.peek import can_peek
from shmtui.sysv.ranges import Range, gaps
from shmtui.sysv.segment import Segment
from shmtui.sysv.status import in_words, lost
from shmtui.sysv.window import Extent, PageCount, Refusal, Why, Window

NAME = "borrowed"
KEEP_OPEN_S = 5.0
"""The descriptor pins the memory of a segment that is removed meanwhile: not longer than that."""
KEPT_PAGES = 4096

_Page = bytes | Why


class Borrowed:
    """Reads a page once. Whoever uses it must choose a tap anew when another hand moves the row."""

    name = NAME

    def __init__(
        self,
        segment: Segment,
        terms: Terms,
        keep_open_s: float = KEEP_OPEN_S,
    ) -> None:
        self._segment = segment
        self._terms = terms
        self._keep_open_s = keep_open_s
        self._pages: dict[int, _Page] = {}
        self._lock = threading.Lock()
        self._descriptor: int | None = None
        self._timer: threading.Timer | None = None

    def read(self, offset: int, length: int) -> Window:
        """The bytes from `offset`, cut at the segment's end. Attaches only for pages not yet read
        while no descriptor is open. Raises Forbidden, Gone, Lost, ShmError."""
        window = Range.of(offset, length, self._segment.size)
        numbers = range(window.start // PAGE_SIZE, -(-window.end // PAGE_SIZE))
        unread = [number for number in numbers if number not in self._pages]
        if len(self._pages) + len(unread) > KEPT_PAGES:
            self._pages.clear()
            unread = list(numbers)
        if unread:
            self._keep(Range(unread[0] * PAGE_SIZE, (unread[-1] + 1) * PAGE_SIZE))
        return _assemble(window, [(number, self._pages[number]) for number in numbers])

    def read_all(self, ranges: Sequence[tuple[int, int]]) -> tuple[Window, ...]:
        """The window of each (offset, length), with at most one attach. Raises as `read`."""
        return tuple(self.read(offset, length) for offset, length in ranges)

    def count(self, start: int, end: int) -> PageCount | None:
        """What the pages from `start`, a page's, to `end` are; None while no descriptor is open.
        Raises ShmError."""
        with self._lock:
            if self._descriptor is None:
                return None
            return MapFile(self._segment, self._descriptor).count(start, end)

    @contextlib.contextmanager
    def opened(self) -> Iterator[MapFile]:
        """The content, behind a descriptor of its own that is closed at the end. Attaches only
        while none is open. Raises Forbidden, Gone, Lost, ShmError."""
        with self._lock, in_words(self._segment):
            descriptor = os.dup(self._opened())
        try:
            yield MapFile(self._segment, descriptor)
        finally:
            os.close(descriptor)

    def close(self) -> None:
        """Closes the descriptor; what was read stays. Any thread may call it."""
        with self._lock:
            self._close()

    def _keep(self, wanted: Range) -> None:
        start, end = wanted.clip(0, self._segment.size)
        with self.opened() as content:
            (read,) = windows(content, [(start, end - start)], self._segment.size)
        self._pages.update(_pages(read))

    def _opened(self) -> int:
        """The descriptor, which is opened where it is not. Called under the lock."""
        if self._descriptor is None:
            self._open()
        assert self._descriptor is not None
        return self._descriptor

    def _open(self) -> None:
        with attached(self._segment, NAME, self._terms) as found:
            identity = self._segment.identity
            self._descriptor = mapfile.open_mapping("self", found.mapping, identity)
        if self._descriptor is None:
            raise lost(self._segment)
        _keeping.add(self)
        self._timer = threading.Timer(self._keep_open_s, self.close)
        self._timer.daemon = True
        self._timer.start()

    def _close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
            _keeping.discard(self)


_keeping: set[Borrowed] = set()
"""Those whose descriptor is open."""


def let_go() -> None:
    """Closes what any of them keeps open, for a program that is about to be stopped: no timer runs
    then."""
    for one in tuple(_keeping):
        one.close()


def choose(segment: Segment, terms: Terms) -> Borrowed | Refusal:
    """The tap, or why it cannot be."""
    if segment.nattch:
        return Refusal(NAME, "It is attached: its content may change without a sign.", False)
    if not can_peek():
        return Refusal(NAME, "Not privileged to open /proc/self/map_files: run as root.", False)
    return ask(NAME, segment, terms) or Borrowed(segment, terms)


def _pages(read: Window) -> Iterator[tuple[int, _Page]]:
    """The window, which starts at a page, page by page. Gaps are whole pages."""
    absent: dict[int, Why] = {
        at // PAGE_SIZE: gap.why
        for gap in read.gaps
        for at in range(gap.offset, gap.offset + gap.length, PAGE_SIZE)
    }
    for at in range(0, len(read.data), PAGE_SIZE):
        number = (read.offset + at) // PAGE_SIZE
        yield number, absent.get(number, read.data[at : at + PAGE_SIZE])


def _assemble(window: Range, pages: list[tuple[int, _Page]]) -> Window:
    """The window, from the pages that cover it."""
    if not pages:
        return Window(window.start, b"", ())
    base = pages[0][0] * PAGE_SIZE
    data = b"".join(page if isinstance(page, bytes) else bytes(PAGE_SIZE) for _, page in pages)
    return Window(
        window.start,
        data[window.start - base : window.end - base],
        gaps(_extent(window, number, page) for number, page in pages),
    )


def _extent(window: Range, number: int, page: _Page) -> Extent:
    part = Range(number * PAGE_SIZE, (number + 1) * PAGE_SIZE).clip(window.start, window.end)
    return Extent(*part, "" if isinstance(page, bytes) else page)
