"""The last resort: attach, read what is resident, detach, all within one call."""

import contextlib
from collections.abc import Callable, Iterator, Sequence

from shmtui.sysv import memory, shmctl
from shmtui.sysv.attachment import PERIOD_S, Forbidden, attached
from shmtui.sysv.errors import ShmError
from shmtui.sysv.filling import windows
from shmtui.sysv.gate import Terms, ask
from shmtui.sysv.pages import PAGE_SIZE, huge_pages
from shmtui.sysv.ranges import Range, runs, split, tally
from shmtui.sysv.segment import Segment
from shmtui.sysv.status import in_words
from shmtui.sysv.wants import Wants
from shmtui.sysv.window import Extent, PageCount, Refusal, Why, Window

NAME = "attach"
HUGE = Refusal(NAME, "Huge pages: reading a hole would take a reserved page; needs peek.", False)

_STEP_BYTES = 16 << 20


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
        self._asked: tuple[tuple[int, int], ...] = ()
        self._last: tuple[Window, ...] = ()
        self._wants = Wants()
        self._huge = False

    def read(self, offset: int, length: int) -> Window:
        """The bytes from `offset`, cut at the segment's end. Raises ShmError, Forbidden and Gone.

        The same window gives the same picture for a second; another one waits until that is over.
        """
        return self.read_all([(offset, length)])[0]

    def read_all(self, ranges: Sequence[tuple[int, int]]) -> tuple[Window, ...]:
        """The window of each (offset, length), with one attach. As `read` otherwise."""
        asked, size = tuple(ranges), self._segment.size
        if all(Range.of(*part, size).empty for part in asked):
            return tuple(Window(Range.of(*part, size).start, b"", ()) for part in asked)
        if asked != self._asked or self._is_old():
            with self.opened() as content:
                self._last = windows(content, asked, size)
                self._wants.look(content.count)
            self._asked = asked
        return self._last

    def count(self, start: int, end: int) -> PageCount | None:
        """What an attach that reading took has seen there; the next one will look if none has."""
        return self._wants.ask(start, end)

    @contextlib.contextmanager
    def opened(self) -> Iterator["Mapped"]:
        """Attached until the end: detach soon. Waits until a second is over since our last attach.
        Raises Forbidden, Gone, ShmError."""
        why = why_absent(self._swap_total())
        if not self._huge:
            with attached(self._segment, NAME, self._terms) as found:
                self._huge = found.page_size > PAGE_SIZE
                if not self._huge:
                    yield Mapped(self._segment, found.mapping.start, why)
                    return
        raise Forbidden(HUGE)

    def close(self) -> None:
        """Nothing is kept open."""

    def _is_old(self) -> bool:
        """Nearly a second counts: a refresh each second would else get each picture twice."""
        return self._terms.evidence.since_attach(self._segment.identity) >= 0.9 * PERIOD_S


class Mapped:
    """The content of a segment that we have attached at `address`. See window.Content."""

    spell_bytes = 64 << 20
    """An attach a second, so much is read with each, and a poll waits no longer than that takes."""

    def __init__(self, segment: Segment, address: int, absent: Why) -> None:
        self._segment = segment
        self._address = address
        self._absent = absent

    def extents(self, start: int, end: int) -> Iterator[Extent]:
        """What is in memory can be read: touching another page would allocate it. Raises
        ShmError."""
        for at in range(start // _STEP_BYTES * _STEP_BYTES, end, _STEP_BYTES):
            part = Range(start, end).clip(at, at + _STEP_BYTES)
            base = part.start // PAGE_SIZE * PAGE_SIZE
            with in_words(self._segment):
                flags = memory.resident(self._address + base, part.end - base)
            yield from split(part, runs(flags, base, PAGE_SIZE), self._absent)

    def read_into(self, room: memoryview, offset: int) -> None:
        """Copies our own memory: only where `extents` says that it is there. Raises ShmError."""
        with in_words(self._segment):
            if not memory.copy(self._address + offset, room):
                raise ShmError(f"{self._segment}: our own mapping of it cannot be read")

    def count(self, start: int, end: int) -> PageCount:
        """What the pages from `start`, a page's, to `end` are. Raises ShmError."""
        return tally(self.extents(start, end))


def choose(segment: Segment, terms: Terms) -> Attach | Refusal:
    """The tap, or why we may not."""
    if huge_pages(segment.rss, segment.size):
        return HUGE
    return ask(NAME, segment, terms) or Attach(segment, terms)


def why_absent(swap_total: int) -> Why:
    """What a page is that is not in memory: mincore cannot tell a hole from a swapped page."""
    return "not resident" if swap_total else "never written"
