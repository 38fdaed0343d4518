"""Verdicts: is a segment in use, idle, an orphan, and why we say so.

Times in the reasons are points in time, not ages: a verdict stays true as it grows older.
"""

import enum
import os
import time
from functools import lru_cache
from typing import NamedTuple

from shmtui.sysv.processes import Absence, Process, ProcessTable
from shmtui.sysv.segment import Segment

GRAIN_S = 2.0
"""A process that started no later than this after a stamp may have set it: stamps are whole
seconds, and start times were seen up to 1 s after the stamp of a living creator."""


class Word(enum.StrEnum):
    """The five verdicts, in the order in which they are tried."""

    DOOMED = "doomed"
    IN_USE = "in use"
    UNKNOWN = "unknown"
    IDLE = "idle"
    ORPHAN = "orphan"


class Verdict(NamedTuple):
    """A word and why. Reasons may hold names of processes: foreign text, as the kernel has it."""

    word: Word
    reasons: tuple[str, ...]


class Fate(enum.Enum):
    """What became of a process that the table names by its pid."""

    HERE = "{role} {pid} ({command}) is still there"
    OURSELVES = "{role} {pid} is this very program, which proves nothing"
    GONE = "{role} {pid} is gone"
    ZOMBIE = "{role} {pid} has ended (a zombie)"
    REUSED = "{role} {pid} is gone: since {start} that pid is another process, {command}"
    PERHAPS_REUSED = (
        "{role} {pid} may be gone: {command} has that pid since {start}, which is after {stamp}; "
        "or the clock was set"
    )
    HIDDEN = "{role} {pid}: that pid lives, but we may not see since when"
    OUTSIDE = "{role}: outside our pid namespace"
    NOBODY = "never attached"


class Actor(NamedTuple):
    """The creator or the last operator of a segment, and what became of it."""

    role: str
    pid: int
    stamp: int
    """Unix seconds when it was surely there."""
    fate: Fate
    process: Process | None
    """Who has that pid now."""

    @property
    def itself(self) -> Process | None:
        """The process, if it lives and is surely the one that the table means."""
        return self.process if self.fate in (Fate.HERE, Fate.OURSELVES) else None


_UNSURE = frozenset({Fate.PERHAPS_REUSED, Fate.HIDDEN, Fate.OUTSIDE})


def diagnose(segment: Segment, processes: ProcessTable) -> Verdict:
    """The verdict of a row, its lpid, atime and dtime not being of our own making."""
    if segment.doomed or segment.nattch:
        return judge(segment)
    return judge(segment, creator(segment, processes), last_operator(segment, processes))


def judge(segment: Segment, *actors: Actor) -> Verdict:
    """The verdict where the fates of creator and last operator are known already.

    They are not looked at where the segment is attached or marked for destruction.
    """
    if segment.doomed:
        return _doomed(segment.nattch)
    if segment.nattch:
        return _in_use(segment.nattch)
    fates = {actor.fate for actor in actors}
    if fates & _UNSURE:
        return Verdict(Word.UNKNOWN, _reasons(actors, _UNSURE))
    if Fate.HERE in fates:
        return Verdict(Word.IDLE, _reasons(actors, {Fate.HERE}))
    return Verdict(Word.ORPHAN, (*_reasons(actors, set()), *_orphaned(segment)))


def creator(segment: Segment, processes: ProcessTable) -> Actor:
    """Who made it. IPC_SET moves its stamp, ctime: that hides a reused pid, it invents none."""
    pid, stamp = segment.identity.cpid, segment.ctime
    return Actor("creator", pid, stamp, *_fate(pid, stamp, segment.identity.cuid, processes))


def last_operator(segment: Segment, processes: ProcessTable) -> Actor:
    """Who attached or detached last."""
    pid, stamp = segment.lpid, max(segment.atime, segment.dtime)
    if not pid and not stamp:
        return Actor("last operator", pid, stamp, Fate.NOBODY, None)
    return Actor("last operator", pid, stamp, *_fate(pid, stamp, segment.identity.cuid, processes))


def _fate(pid: int, stamp: int, cuid: int, processes: ProcessTable) -> tuple[Fate, Process | None]:
    if not pid:
        return Fate.OUTSIDE, None
    found = processes.look(pid)
    if isinstance(found, Absence):
        return _ABSENT[found], None
    if found.start > stamp + GRAIN_S:
        return (Fate.PERHAPS_REUSED if found.uid == cuid else Fate.REUSED), found
    return (Fate.OURSELVES if pid == os.getpid() else Fate.HERE), found


_ABSENT = {
    Absence.GONE: Fate.GONE,
    Absence.ZOMBIE: Fate.ZOMBIE,
    Absence.HIDDEN: Fate.HIDDEN,
}


@lru_cache(maxsize=256)
def _doomed(nattch: int) -> Verdict:
    return Verdict(
        Word.DOOMED,
        (f"marked for destruction: it goes with the last of {_attaches(nattch)}",),
    )


@lru_cache(maxsize=256)
def _in_use(nattch: int) -> Verdict:
    return Verdict(Word.IN_USE, (_attaches(nattch),))


def _attaches(nattch: int) -> str:
    return "1 attach" if nattch == 1 else f"{nattch} attaches"


def _reasons(actors: tuple[Actor, ...], decisive: frozenset[Fate] | set[Fate]) -> tuple[str, ...]:
    """A sentence for each, the decisive first; one for both where they are the same."""
    first, second = actors
    if first[1] == second[1] and first[3] is second[3] and first[3] in _ONCE:
        return (_words(first._replace(role="creator and last operator")),)
    if second.fate in decisive and first.fate not in decisive:
        first, second = second, first
    return _words(first), _words(second)


_ONCE = frozenset({Fate.HERE, Fate.OURSELVES, Fate.GONE, Fate.ZOMBIE, Fate.HIDDEN, Fate.REUSED})
"""Fates whose sentence does not name the stamp."""


def _words(actor: Actor) -> str:
    process = actor.process
    return actor.fate.value.format(
        role=actor.role,
        pid=actor.pid,
        stamp=_time(actor.stamp),
        command=process.command if process else "",
        start=_time(int(process.start)) if process else "",
    )


def _orphaned(segment: Segment) -> tuple[str, str]:
    touched = max(segment.ctime, segment.atime, segment.dtime)
    return f"nothing touched it since {_time(touched)}", _doubt(segment.key)


def _doubt(key: int) -> str:
    if key:
        return "no proof that it is garbage: a program may come back to its key"
    return "no proof that it is garbage: a program may have kept its id"


@lru_cache(maxsize=4096)
def _time(stamp: int) -> str:
    """Local time to the second; a number that is no date as it is."""
    try:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(stamp))
    except (OverflowError, ValueError, OSError):
        return f"@{stamp}"
