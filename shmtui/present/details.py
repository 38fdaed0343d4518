"""All facts of one segment in words: what Details shows on the screen, and `show` without it."""

from collections.abc import Iterator

from shmtui.monitor.recognition import Owner
from shmtui.present.row import Row
from shmtui.present.words import ago_words, moment, visible
from shmtui.sysv.arguments import key_words, many, size_words
from shmtui.sysv.pages import PAGE_SIZE, pages
from shmtui.sysv.processes import Process
from shmtui.sysv.segment import Segment

_NAMED_HOLDERS = 5
"""Processes that are named; more are counted."""


def details(
    row: Row, owner: Owner | None = None, resident: int | None = None
) -> list[tuple[str, str]]:
    """(label, words) in the order of reading, safe to print. An empty label goes on with the last.

    Times are local, and told with their age at `row.now`. Where our own attaches overwrote the last
    pid and times, the saved ones stand in their places, and `Row now` tells what the table shows.
    `owner`: the program it was recognised as. `resident`: bytes, where they were counted because
    the table cannot tell.
    """
    return [(label, visible(words)) for label, words in _details(row, owner, resident)]


def _details(row: Row, owner: Owner | None, resident: int | None) -> Iterator[tuple[str, str]]:
    segment = row.facts.segment
    yield "Key", _key(segment)
    yield "Id", str(segment.identity.shmid)
    yield "Namespace", f"ipc:{segment.identity.namespace}"
    yield "State", row.state
    yield from (("", reason) for reason in row.facts.verdict.reasons)
    if owner is not None:
        yield from _program(owner)
    yield "Attaches", _attaches(row)
    yield from _memory(row, resident)
    yield "Permissions", f"{row.permissions} ({row.mode})"
    yield from _people(row)
    yield from (("Warning", words) for words in _warnings(row))
    yield from _times(row)
    yield "Flags", ", ".join(_flags(row)) or "none"
    if row.facts.evidence is not segment:
        yield "Row now", _overwritten(segment, row.now)


def _program(owner: Owner) -> Iterator[tuple[str, str]]:
    yield "Program", owner.words
    yield "", f"evidence: {owner.source}"
    if owner.protected:
        pids = " ".join(map(str, owner.guards)) or "its processes"
        yield "Warning", f"{owner.kind} is guarded by it: before it is removed, stop {pids}"


def _key(segment: Segment) -> str:
    if segment.doomed:
        return "none: it was lost with the mark for destruction"
    return f"{key_words(segment.key)} ({segment.key})" if segment.key else "private"


def _attaches(row: Row) -> str:
    nattch = row.facts.segment.nattch
    if not row.holders:
        return str(nattch)
    names = [f"{holder.command} ({holder.pid})" for holder in row.holders[:_NAMED_HOLDERS]]
    more = len(row.holders) - len(names)
    return f"{nattch}, by {', '.join(names)}{f' and {more} more' if more else ''}"


def _memory(row: Row, resident: int | None) -> Iterator[tuple[str, str]]:
    segment = row.facts.segment
    size, count = segment.identity.size, pages(segment.identity.size)
    yield "Size", f"{size_words(size)} ({many(size, 'byte')}, {many(count, 'page')})"
    rss = resident if row.rss is None else row.rss
    yield "In memory", _share(rss, count, bool(row.huge_pages))
    yield "Swapped out", _share(segment.swap, count, False)


def _share(size: int | None, count: int, huge: bool) -> str:
    if size is None:
        return "unknown: the kernel counts huge pages wrongly" if huge else "unknown"
    return f"{size_words(size)} ({_percent(size, count)} of its pages)" if size else "nothing"


def _percent(size: int, count: int) -> str:
    """Of a part never `0 %`, and `100 %` only of the whole."""
    share = 100 * size / (count * PAGE_SIZE)
    if 0 < share < 1:
        return "less than 1 %"
    return f"{min(99, round(share)) if share < 100 else 100} %"


def _people(row: Row) -> Iterator[tuple[str, str]]:
    known, segment = row.facts, row.facts.segment
    yield "Owner", f"{known.owner} ({segment.uid}), group {known.group} ({segment.gid})"
    user = f"{known.creator_user} ({segment.identity.cuid})"
    group = f"{known.creator_group} ({segment.cgid})"
    yield "Creator", f"{user}, group {group}"
    yield "", _creator(row)
    lpid, used = known.evidence.lpid, known.evidence.atime or known.evidence.dtime
    yield (
        "Last used by",
        _process(lpid, known.last, known.last_alive) if lpid or used else "nobody yet",
    )


def _warnings(row: Row) -> Iterator[str]:
    segment = row.facts.segment
    if segment.mode & 0o002:
        yield "everybody may write into it"
    if segment.uid != segment.cuid:
        yield f"{row.facts.owner} owns it, {row.facts.creator_user} made it: both may remove it"


def _creator(row: Row) -> str:
    words = _process(row.facts.segment.cpid, row.facts.creator, row.facts.creator_alive)
    known = row.creator_was and row.facts.creator is None
    return f"{words}; it was {row.creator_was}" if known else words


def _process(pid: int, process: Process | None, alive: bool | None) -> str:
    if not pid:
        return "a process outside our pid namespace"
    if process is None:
        return f"process {pid}, {'not seen alive' if alive is None else 'gone'}"
    return f"process {pid}, {process.command}, alive since {moment(process.start)}"


def _times(row: Row) -> Iterator[tuple[str, str]]:
    evidence = row.facts.evidence
    yield "Last touched", _when(row.last_used, row.now)
    yield "Attached", _when(evidence.atime, row.now)
    yield "Detached", _when(evidence.dtime, row.now)
    yield "Changed", f"{_when(evidence.ctime, row.now)}: made, or owner or permissions set"


def _when(stamp: int, now: float) -> str:
    return f"{moment(stamp)}, {ago_words(now - stamp)}" if stamp else "never"


def _flags(row: Row) -> Iterator[str]:
    segment = row.facts.segment
    if segment.doomed:
        yield "marked for destruction"
    if segment.locked:
        yield "locked in memory"
    if row.huge_pages:
        yield "huge pages"


def _overwritten(segment: Segment, now: float) -> str:
    attached, detached = _when(segment.atime, now), _when(segment.dtime, now)
    return (
        f"shows our own attach: last process {segment.lpid}, attached {attached}, "
        f"detached {detached}; what it overwrote stands above"
    )
