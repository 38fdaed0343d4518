"""Who holds a segment, in words and for programs: the processes, and what they do not explain."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from shmtui.present.words import ago_words, iso, many, visible
from shmtui.sysv.description import describe
from shmtui.sysv.holders import Holder
from shmtui.sysv.segment import Segment
from shmtui.sysv.users import user_name


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
    access: str
    """Of all mappings together: `r`, `rw`, …"""


def held(holders: Sequence[Holder]) -> list[Held]:
    """The holders with their command lines. Looks at each process, and up its user's name."""
    return [_held(holder) for holder in holders]


def unexplained(segment: Segment, holders: Sequence[Holder]) -> int:
    """Attaches that none of the mappings found accounts for."""
    return max(0, segment.nattch - sum(len(holder.mappings) for holder in holders))


def head_line(segment: Segment, holders: Sequence[Holder], unreadable: int) -> str:
    """`7 attaches, 5 processes · 2 not visible: other users'; run as root`.

    `unreadable`: processes whose maps we may not read.
    """
    attaches = many(segment.nattch, "attach", "attaches")
    words = f"{attaches}, {many(len(holders), 'process', 'processes')}"
    hidden = unexplained(segment, holders)
    if not hidden:
        return words
    why = "other users'; run as root" if unreadable else "of processes that we do not see"
    return f"{words} · {hidden} not visible: {why}"


def table(rows: Sequence[Held], now: float) -> Iterator[tuple[str, ...]]:
    """A line of words for each process, after the headings. Safe to print."""
    yield ("PID", "USER", "STARTED", "ACCESS", "ADDRESSES", "COMMAND")
    for row in rows:
        yield (
            str(row.pid),
            visible(row.user),
            "?" if row.started is None else ago_words(now - row.started),
            row.access or "none",
            " ".join(row.addresses),
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
            "addresses": list(row.addresses),
            "access": row.access,
        }
        for row in rows
    ]


def _held(holder: Holder) -> Held:
    process = describe(holder.pid)
    letters = {letter for mapping in holder.mappings for letter in mapping.access}
    return Held(
        holder.pid,
        process.user if process else user_name(holder.uid),
        (process and process.command_line) or holder.command,
        process.started if process else None,
        tuple(f"{mapping.start:x}-{mapping.end:x}" for mapping in holder.mappings),
        "".join(letter for letter in "rwx" if letter in letters),
    )
