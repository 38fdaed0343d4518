"""What the segment pane says of a reading: its status line, and sentences for empty places."""

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

from shmtui.decode.errors import NotUnderstood
from shmtui.monitor.reading import WindowRead
from shmtui.monitor.shot import Shot
from shmtui.monitor.study import Behind, Study
from shmtui.present.row import Row
from shmtui.present.words import ago_words, cell_width, cells, visible
from shmtui.sysv.arguments import many, size_words
from shmtui.sysv.segment import Segment
from shmtui.sysv.window import Refusal, Window

READING = "Reading …"
LOOKING = "Looking who maps it …"
NO_HOLDERS = "No process that we can see maps it."
NO_ATTACHES = "Nobody has it attached."
NOBODY = "No segment under the cursor."
ENTER_ATTACHES = "Enter attaches for an instant: last pid and attach time change."
ENTER_ASKS = "Enter shows the consequence and asks."

_LEAST_REASON = 16
"""Cells under which a cut reason says nothing."""


class Where(NamedTuple):
    """What the person points at."""

    cursor: int
    """Bytes from the start of the segment."""
    selection: tuple[int, int] | None = None
    """Its first byte, and the one after its last."""
    pauses_on_change: bool = False


def status(read: WindowRead, where: Where, now: float, width: int, told_why: bool = False) -> str:
    """How it was read, what changed, where we are, and why no better tap; what does not fit goes
    from the right. `now`: Unix seconds. `told_why`: another place says why.
    """
    line = ""
    for part in _status(read, where, now, told_why):
        longer = f"{line} · {part}" if line else f" {part}"
        if cell_width(longer) > width:
            reason = part.startswith(_NOT) and width - cell_width(line) >= _LEAST_REASON
            return cells(longer, width) if reason else line
        line = longer
    return line


_NOT = "not by "


def _status(read: WindowRead, where: Where, now: float, told_why: bool) -> Iterator[str]:
    yield _tap(read)
    if read.window is None:
        return
    yield _change(read, now)
    if read.changes_per_s:
        yield f"{read.changes_per_s:.1f}/s"
    yield f"{where.cursor:#x} of {size_words(read.request.identity.size)}"
    if where.selection is not None:
        start, end = where.selection
        yield f"{many(end - start, 'byte')} selected"
    if where.pauses_on_change:
        yield "pauses on change"
    if not told_why:
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
    when = f" at {_clock(at)}" if at else ""
    return f"Gone{when} (last {below} below)" if below else f"Gone{when}."


def notice(study: Study | None, gone_at: float | None, has_picture: bool, width: int) -> str:
    """What stands above a picture that is not what is there now; empty: it is. How to go on stays
    longest, where it does not fit into `width` cells.
    """
    if gone_at is not None:
        return gone(gone_at, "picture") if has_picture else ""
    if study is None or study.behind is None or study.shown is None:
        return ""
    lines = _pinned(study, study.shown, study.behind)
    return next((line for line in lines if cell_width(line) <= width), _GOES_ON)


_GOES_ON = "f goes on"


def _pinned(study: Study, shot: Shot, behind: Behind) -> Iterator[str]:
    """In full, and ever shorter."""
    past = study.past
    place = f"{past.index(shot) + 1} of {len(past.shots)}"
    held = f"{size_words(past.bytes_held)} of {size_words(past.limit_bytes)}"
    paused = ["Paused by a change"] if study.paused_by_change else []
    picture = f"Picture of {_clock(shot.time)}"
    rest = [_behind(behind), _GOES_ON]
    for parts in (
        [*paused, f"{picture} ({place}, {held})", *rest],
        [*paused, picture, *rest],
        [picture, *rest],
        rest,
    ):
        yield " · ".join(parts)


def _behind(behind: Behind) -> str:
    if not behind.changes:
        return "as it is now"
    return (
        f"{ago_words(behind.seconds).removesuffix(' ago')},"
        f" {many(behind.changes, 'change')}, {many(behind.bytes, 'byte')} behind"
    )


def _clock(unix_s: float) -> str:
    return time.strftime("%H:%M:%S", time.localtime(unix_s))


def bytes_at(window: Window, offset: int, most: int) -> bytes:
    """What is known from `offset` on, up to a gap; a hole is zeros."""
    end = window.offset + len(window.data)
    for gap in window.gaps:
        if gap.why != "never written" and gap.offset + gap.length > offset:
            end = min(end, gap.offset)
    start = offset - window.offset
    return (
        window.data[start : max(start, min(start + most, end - window.offset))]
        if start >= 0
        else b""
    )


def misunderstood(parse: Callable[[str], object], text: str) -> str:
    """What `parse` says against a text; empty: it understands it, or there is none yet."""
    if not text.strip():
        return ""
    try:
        parse(text)
    except NotUnderstood as error:
        return str(error)
    return ""


def _refused(refusal: Refusal | None) -> str:
    if refusal is None:
        return READING
    if refusal.needs_consent:
        return ENTER_ATTACHES
    return visible(refusal.reason) + (f"\n{ENTER_ASKS}" if refusal.overridable else "")


def nothing_to_ask(read: WindowRead | None, row: Row | None, is_gone: bool) -> str:
    """Why Enter asks for no attach."""
    if row is None:
        return NOBODY
    if is_gone:
        return "The segment is gone: there is nothing to read."
    if read is None:
        return READING
    if read.refusal is None:
        return "Nothing to ask: the content on view is read."
    if is_hole(row.facts.segment):
        return "Nothing to ask: nothing was ever written."
    return visible(read.refusal.reason)


def is_hole(segment: Segment) -> bool:
    """No page was ever written: none is resident, and none was swapped out."""
    return segment.rss == 0 and segment.swap == 0
