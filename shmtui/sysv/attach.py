"""The last resort: attach, read what is resident, detach, all within one call."""

from collections.abc import Callable

from shmtui.sysv import memory, shmctl
from shmtui.sysv.attachment import PERIOD_S, Forbidden, attached
from shmtui.sysv.gate import Terms, ask
from shmtui.sysv.maps import Found
from shmtui.sysv.pages import PAGE_SIZE, huge_pages
from shmtui.sysv.ranges import Range, gaps, missing, runs
from shmtui.sysv.segment import Segment
from shmtui.sysv.status import in_words
from shmtui.sysv.window import Refusal, Why, Window

NAME = "attach"
HUGE = Refusal(NAME, "Huge pages: reading a hole would take a reserved page; needs peek.", False)


class Attach:
    """Each new picture costs an attach: lpid, atime and dtime become ours."""

    name = NAME

    def __init__(
        self,
        segment: Segment,
        terms: Terms,
        swap_total: Callable[[], int] = shmctl.swap_total,
    ) -> None:
        self._segment = segment
        self._terms = terms
        self._swap_total = swap_total
        self._last: Window | None = None
        self._huge = False

    def read(self, offset: int, length: int) -> Window:
        """The bytes from `offset`, cut at the segment's end. Raises ShmError, Forbidden and Gone.

        The same window gives the same picture for a second; another one waits until that is over.
        """
        wanted = Range.of(offset, length, self._segment.size)
        if wanted.start == wanted.end:
            return Window(wanted.start, b"", ())
        if self._last is None or wanted != _range(self._last) or self._is_old():
            self._last = self._read(wanted)
        return self._last

    def close(self) -> None:
        """Nothing is kept open."""

    def _is_old(self) -> bool:
        """Nearly a second counts: a refresh each second would else get each picture twice."""
        return self._terms.evidence.since_attach(self._segment.identity) >= 0.9 * PERIOD_S

    def _read(self, window: Range) -> Window:
        swap = self._swap_total()
        if not self._huge:
            with attached(self._segment, NAME, self._terms) as found, in_words(self._segment):
                self._huge = found.page_size > PAGE_SIZE
                if not self._huge:
                    return _copy(found, window, swap)
        raise Forbidden(HUGE)


def choose(segment: Segment, terms: Terms) -> Attach | Refusal:
    """The tap, or why we may not."""
    if huge_pages(segment.rss, segment.size):
        return HUGE
    return ask(NAME, segment, terms) or Attach(segment, terms)


def _copy(found: Found, window: Range, swap_total: int) -> Window:
    """Reads the pages of the window that are in memory: touching another would allocate it."""
    data = bytearray(window.end - window.start)
    base = window.start // PAGE_SIZE * PAGE_SIZE
    flags = memory.resident(found.mapping.start + base, window.end - base)
    parts = [run.clip(window.start, window.end) for run in runs(flags, base, PAGE_SIZE)]
    present = [part for part in parts if _copy_part(found, window, part, data)]
    absent = gaps(missing(window, present), why_absent(swap_total))
    return Window(window.start, bytes(data), absent)


def _copy_part(found: Found, window: Range, part: Range, data: bytearray) -> bool:
    return memory.copy(
        found.mapping.start + part.start, data, part.start - window.start, part.end - window.start
    )


def why_absent(swap_total: int) -> Why:
    """What a page is that is not in memory: mincore cannot tell a hole from a swapped page."""
    return "not resident" if swap_total else "never written"


def _range(window: Window) -> Range:
    return Range(window.offset, window.offset + len(window.data))
