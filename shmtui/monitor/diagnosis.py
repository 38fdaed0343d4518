"""Verdicts: is a segment in use, idle, an orphan, and why we say so.

Times in the reasons are points in time, not ages: a verdict stays true as it grows older.
"""

import enum
import os
import time
from functools import lru_cache
from typing import NamedTuple

from shmtui.sysv.arguments import many
from shmtui.sysv.processes import Absence, Process, ProcessTable
from shmtui.sysv.segment import SHM_DEST, Segment

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
        "{role} {pid} may be gone: {command} has that pid since {start}, later than the segment "
        "says; or the clock was set"
    )
    HIDDEN = "{role} {pid}: that pid lives, but we may not see since when"
    OUTSIDE = "{role}: outside our pid namespace"
    ELSEWHERE = "{role} {pid}: not to be found, /proc is that of another pid namespace"
    NOBODY = "never attached"


class Actor:
    """The creator or the last operator of a segment, and what became of it. Never changed.

    Not a dataclass: `shmtui list` starts a tenth slower with what that imports.
    """

    __slots__ = ("alive", "fate", "itself", "pid", "process", "role")

    def __init__(self, role: str, pid: int, fate: Fate, process: Process | None = None) -> None:
        self.role = role
        self.pid = pid
        self.fate = fate
        self.process = process
        """Who has that pid now."""
        self.itself = process if fate in (Fate.HERE, Fate.OURSELVES) else None
        """The same, if it is surely the one that the table means."""
        self.alive = _ALIVE.get(fate)
        """None: it cannot be told, or there is nobody."""

    def words(self, role: str = "") -> str:
        """A sentence, for this role or another."""
        process = self.process
        return self.fate.value.format(
            role=role or self.role,
            pid=self.pid,
            command=process.command if process else "",
            start=_time(int(process.start)) if process else "",
        )


_ALIVE = {
    Fate.HERE: True,
    Fate.OURSELVES: True,
    Fate.GONE: False,
    Fate.ZOMBIE: False,
    Fate.REUSED: False,
}
_NOBODY = Actor("last operator", 0, Fate.NOBODY)
_UNSURE = (Fate.PERHAPS_REUSED, Fate.HIDDEN, Fate.OUTSIDE, Fate.ELSEWHERE)
_ABSENT = {
    Absence.GONE: Fate.GONE,
    Absence.ZOMBIE: Fate.ZOMBIE,
    Absence.HIDDEN: Fate.HIDDEN,
    Absence.ELSEWHERE: Fate.ELSEWHERE,
}


class Judge:
    """Verdicts of many rows at one moment: good until the process table is refreshed.

    What was found of a process is remembered, as one process often made many segments.
    """

    def __init__(self, processes: ProcessTable) -> None:
        self._processes = processes
        self._actors: dict[tuple[str, int, int, bool], Actor] = {}
        self._verdicts: dict[tuple[Actor, Actor], Verdict] = {}

    def verdict(self, segment: Segment, creator: Actor, last: Actor) -> Verdict:
        """One of five, the first that applies. The two are those that this judge named."""
        if segment.perms & SHM_DEST:
            return _doomed(segment.nattch)
        if segment.nattch:
            return _in_use(segment.nattch)
        verdict = self._verdicts.get((creator, last))
        if verdict is None:
            verdict = self._verdicts[creator, last] = _of_two(creator, last)
        if verdict.word is Word.ORPHAN:
            return Verdict(Word.ORPHAN, verdict.reasons + _orphaned(segment))
        return verdict

    def creator(self, segment: Segment) -> Actor:
        """Who made it. IPC_SET moves ctime: that hides a reused pid, and invents none."""
        _, _, cpid, cuid, _ = segment.identity
        return self._actor("creator", cpid, cuid, segment.ctime)

    def last_operator(self, segment: Segment) -> Actor:
        """Who attached or detached last."""
        stamp = max(segment.atime, segment.dtime)
        if not segment.lpid and not stamp:
            return _NOBODY
        return self._actor("last operator", segment.lpid, segment.identity.cuid, stamp)

    def _actor(self, role: str, pid: int, cuid: int, stamp: int) -> Actor:
        found = self._processes.look(pid) if pid else None
        late = isinstance(found, Process) and found.start > stamp + GRAIN_S
        key = role, pid, cuid, late
        actor = self._actors.get(key)
        if actor is None:
            actor = self._actors[key] = _actor(role, pid, found, late, cuid)
        return actor


def _actor(role: str, pid: int, found: Process | Absence | None, late: bool, cuid: int) -> Actor:
    if found is None:
        return Actor(role, pid, Fate.OUTSIDE)
    if isinstance(found, Absence):
        return Actor(role, pid, _ABSENT[found])
    if late:
        return Actor(role, pid, Fate.PERHAPS_REUSED if found.uid == cuid else Fate.REUSED, found)
    return Actor(role, pid, Fate.OURSELVES if pid == os.getpid() else Fate.HERE, found)


def _of_two(creator: Actor, last: Actor) -> Verdict:
    """The verdict where nobody is attached; the decisive one of the two is named first."""
    for word, fates in ((Word.UNKNOWN, _UNSURE), (Word.IDLE, (Fate.HERE,))):
        if creator.fate in fates:
            return Verdict(word, _sentences(creator, last))
        if last.fate in fates:
            return Verdict(word, _sentences(last, creator))
    return Verdict(Word.ORPHAN, _sentences(creator, last))


def _sentences(first: Actor, second: Actor) -> tuple[str, ...]:
    """One for both where they are the same."""
    if (first.pid, first.fate) == (second.pid, second.fate):
        return (first.words("creator and last operator"),)
    return first.words(), second.words()


@lru_cache(maxsize=256)
def _doomed(nattch: int) -> Verdict:
    words = f"marked for destruction: it goes with the last of {_attaches(nattch)}"
    return Verdict(Word.DOOMED, (words,))


@lru_cache(maxsize=256)
def _in_use(nattch: int) -> Verdict:
    return Verdict(Word.IN_USE, (_attaches(nattch),))


def _attaches(nattch: int) -> str:
    return many(nattch, "attach", "attaches")


def _orphaned(segment: Segment) -> tuple[str, str]:
    since = f"nothing touched it since {_time(segment.last_used)}"
    return since, _MAYBE_KEY if segment.key else _MAYBE_ID


_MAYBE_KEY = "no proof that it is garbage: a program may come back to its key"
_MAYBE_ID = "no proof that it is garbage: a program may have kept its id"


@lru_cache(maxsize=4096)
def _time(stamp: int) -> str:
    """Local time to the second; a number that is no date as it is."""
    try:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(stamp))
    except (OverflowError, ValueError, OSError):
        return f"@{stamp}"
