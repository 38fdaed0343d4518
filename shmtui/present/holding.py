"""Who holds a segment, in words and for programs: the processes, and what they do not explain."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from shmtui.present.words import ago_words, iso, visible
from shmtui.sysv.arguments import many, size_words
from shmtui.sysv.description import Description, describe
from shmtui.sysv.holders import Holder
from shmtui.sysv.patience import walk
from shmtui.sysv.segment import Segment
from shmtui.sysv.sharing import resident
from shmtui.sysv.sight import is_known_outside, why_unlisted, why_unreadable
from shmtui.sysv.users import user_name

_LOOK_S = 5.0
_NAMED_ADDRESSES = 3
"""More mappings of a process are counted."""


class Held(NamedTuple):
    """One process that maps the segment."""

    pid: int
    user: str
    command: str
    """Its command line, else its `comm`. Raw: foreign text."""
    started: float | None
    """Unix seconds; None: it ended meanwhile, or its facts may not be read."""
    addresses: tuple[str, ...]
    """`7f2a11c00000-7f2a11c01000`, for each mapping."""
    accesses: tuple[str, ...]
    """`r`, `rw`, …, for each mapping; empty where mprotect took everything."""
    rss: int | None = None
    """Bytes of the segment in its page table; None: it may not be seen, or it ended meanwhile."""

    @property
    def access(self) -> str:
        """Of all mappings together."""
        return "".join(letter for letter in "rwx" if letter in "".join(self.accesses))


def held(holders: Sequence[Holder]) -> list[Held]:
    """The holders with their command lines and shares. Looks at each process, and up its user's
    name; of one that hangs who looks, only what the holder tells."""
    known = {holder.pid: holder for holder in holders}
    seen: dict[int, Held] = {}

    def take(pid: int, found: Held) -> bool:
        seen[pid] = found
        return True

    walk(known, lambda pid: _looked_at(known[pid]), take, _LOOK_S)
    return [seen.get(holder.pid) or _held(holder, None, None) for holder in holders]


def unexplained(segment: Segment, holders: Sequence[Holder]) -> int:
    """Attaches that none of the mappings found accounts for."""
    return max(0, segment.nattch - sum(len(holder.mappings) for holder in holders))


def head_line(
    segment: Segment, holders: Sequence[Holder], unreadable: int, stuck: Sequence[int] = ()
) -> str:
    """`7 attaches, 5 processes · 2 not visible: other users'; run as root`.

    `unreadable`: processes whose maps we may not read. `stuck`: those that hang who looks. Asks
    the kernel what bars us, where something is not explained.
    """
    attaches = many(segment.nattch, "attach", "attaches")
    words = f"{attaches}, {many(len(holders), 'process', 'processes')}"
    hidden = unexplained(segment, holders)
    return (
        f"{words} · {hidden} not visible: {_why(segment, unreadable, stuck)}" if hidden else words
    )


def table(rows: Sequence[Held], now: float) -> Iterator[tuple[str, ...]]:
    """A line of words for each process, after the headings. Safe to print."""
    yield ("PID", "USER", "STARTED", "RSS", "ACCESS", "ADDRESSES", "COMMAND")
    for row in rows:
        yield (
            str(row.pid),
            visible(row.user),
            "?" if row.started is None else ago_words(now - row.started),
            "?" if row.rss is None else size_words(row.rss),
            ",".join(it or "none" for it in dict.fromkeys(row.accesses)),
            _some(row),
            visible(row.command),
        )


def documents(rows: Sequence[Held]) -> list[dict[str, Any]]:
    """The same for JSON."""
    return [
        {
            "pid": row.pid,
            "user": row.user,
            "command": row.command,
            "started": None if row.started is None else iso(int(row.started)),
            "rss": row.rss,
            "addresses": list(row.addresses),
            "access": row.access,
            "mapping_access": list(row.accesses),
        }
        for row in rows
    ]


def _why(segment: Segment, unreadable: int, stuck: Sequence[int]) -> str:
    reasons = [why_unreadable(unreadable)] if unreadable else []
    if stuck:
        more = f" and {len(stuck) - 1} more" if len(stuck) > 1 else ""
        reasons.append(f"process {stuck[0]}{more} cannot be looked into: the kernel hangs")
    if not reasons or is_known_outside(segment):
        reasons.append(why_unlisted(segment))
    return "; ".join(reasons)


def _some(row: Held) -> str:
    """Thousands of mappings are not told one by one. Their access where it differs."""
    named: Sequence[str] = row.addresses[:_NAMED_ADDRESSES]
    if len(set(row.accesses)) > 1:
        pairs = zip(named, row.accesses, strict=False)
        named = [f"{address} {access or 'none'}" for address, access in pairs]
    more = len(row.addresses) - _NAMED_ADDRESSES
    return " ".join(named) + (f" +{more}" if more > 0 else "")


def _looked_at(holder: Holder) -> Held:
    return _held(holder, describe(holder.pid), resident(holder.pid, holder.mappings))


def _held(holder: Holder, process: Description | None, rss: int | None) -> Held:
    return Held(
        holder.pid,
        process.user if process else user_name(holder.uid),
        (process and process.command_line) or holder.command,
        process.started if process else None,
        tuple(f"{mapping.start:x}-{mapping.end:x}" for mapping in holder.mappings),
        tuple(mapping.access for mapping in holder.mappings),
        rss,
    )
