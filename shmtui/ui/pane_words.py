"""What the segment pane says of a reading: its status line, and sentences for empty places."""

import time
from collections.abc import Iterator

from shmtui.monitor.reading import WindowRead
from shmtui.present.row import Row
from shmtui.present.words import ago_words, cell_width, cells, many, visible
from shmtui.sysv.arguments import size_words
from shmtui.sysv.segment import Segment
from shmtui.sysv.window import Refusal

READING = "Reading …"
NOBODY = "No segment under the cursor."
ENTER_ATTACHES = "Enter attaches for an instant: last pid and attach time change."
ENTER_ASKS = "Enter shows the consequence and asks."

_LEAST_REASON = 16
"""Cells under which a cut reason says nothing."""


def status(read: WindowRead, offset: int, now: float, width: int) -> str:
    """How it was read, what changed, where we are, and why no better tap; what does not fit goes
    from the right. `offset`: first byte on view; `now`: Unix seconds.
    """
    line = ""
    for part in _status(read, offset, now):
        longer = f"{line} · {part}" if line else f" {part}"
        if cell_width(longer) > width:
            reason = part.startswith(_NOT) and width - cell_width(line) >= _LEAST_REASON
            return cells(longer, width) if reason else line
        line = longer
    return line


_NOT = "not by "


def _status(read: WindowRead, offset: int, now: float) -> Iterator[str]:
    yield _tap(read)
    if read.window is None:
        return
    yield _change(read, now)
    if read.changes_per_s:
        yield f"{read.changes_per_s:.1f}/s"
    yield f"{offset:#x} of {size_words(read.request.identity.size)}"
    yield from why_not(read)


def _tap(read: WindowRead) -> str:
    tap = read.tap or ("not read" if read.segment else "no longer read")
    return f"{tap} ({many(read.attaches, 'attach', 'attaches')})"


def _change(read: WindowRead, now: float) -> str:
    if read.last_change is None:
        return "no change seen"
    count = many(read.last_changed, "byte")
    ago = now - read.last_change
    return f"{count} {max(0.0, ago):.1f} s ago" if ago < 10 else f"{count} {ago_words(ago)}"


def why_not(read: WindowRead) -> Iterator[str]:
    """Why each better tap does not read."""
    for refusal in read.why_not:
        yield f"{_NOT}{refusal.tap}: {visible(refusal.reason)}"


def reading_facts(read: WindowRead | None) -> list[tuple[str, str]]:
    """How the content is read, as facts for Details."""
    if read is None:
        return []
    return [("Content by", _tap(read)), *(("", words) for words in why_not(read))]


def place(read: WindowRead | None, row: Row) -> str:
    """The sentence that stands where there is no content of a segment; empty where there is."""
    window = read.window if read else None
    if is_hole(row.facts.segment) and not (window and any(window.data)):
        # Known without reading it.
        return f"Never written: {size_words(row.facts.segment.identity.size)} of holes."
    if read is None:
        return READING
    return "" if window else _refused(read.refusal)


def gone(at: float | None, below: str = "") -> str:
    """When the segment went, and what of it still stands below."""
    when = f" at {time.strftime('%H:%M:%S', time.localtime(at))}" if at else ""
    return f"Gone{when} (last {below} below)" if below else f"Gone{when}."


def _refused(refusal: Refusal | None) -> str:
    if refusal is None:
        return READING
    if refusal.needs_consent:
        return ENTER_ATTACHES
    return visible(refusal.reason) + (f"\n{ENTER_ASKS}" if refusal.overridable else "")


def is_hole(segment: Segment) -> bool:
    """No page was ever written: none is resident, and none was swapped out."""
    return segment.rss == 0 and segment.swap == 0
