"""What happened to the segments between two polls, told one thing at a time."""

import stat
from collections.abc import Iterator

from shmtui.monitor.attachments import marks
from shmtui.monitor.changes import Changes
from shmtui.monitor.event import Event, Kind
from shmtui.monitor.facts import Facts
from shmtui.monitor.snapshot import Snapshot
from shmtui.sysv.arguments import bytes_words
from shmtui.sysv.segment import Segment
from shmtui.sysv.users import group_name, user_name


def events(old: Snapshot | None, new: Snapshot, changes: Changes) -> list[Event]:
    """What `changes`, the comparison of the two, says happened; our own attaches are none of it.

    Nothing at first, when all segments appear. In the order: gone, appeared, changed, unseen.
    """
    return [] if old is None else list(_events(old, new, changes))


def _events(old: Snapshot, new: Snapshot, changes: Changes) -> Iterator[Event]:
    for identity in changes.gone:
        yield _gone(old.facts[identity], new.time)
    for identity in changes.appeared:
        yield from _came(new.facts[identity], new.time)
    for identity in changes.changed:
        before, after = old.facts[identity], new.facts[identity]
        if _replaced(before.segment, after.segment):
            yield _gone(before, new.time)
            yield from _came(after, new.time)
        else:
            yield from _Change(before, after, _names(old, before), new.time).events()
    if changes.came_and_went:
        words = f"≈ {changes.came_and_went} came and went unseen"
        yield Event(new.time, Kind.UNSEEN, None, None, words)


def _gone(facts: Facts, time_s: float) -> Event:
    row = facts.segment
    words = f"{bytes_words(row.size)}, {facts.verdict.word}"
    return Event(time_s, Kind.GONE, row.identity, _key(row), words)


def _came(facts: Facts, time_s: float) -> Iterator[Event]:
    """An appearance, and what already happened to the segment since then."""
    row = facts.segment
    creator, command = row.cpid or None, facts.creator.command if facts.creator else ""
    words = f"{bytes_words(row.size)} {_letters(row)} {facts.owner}"
    yield Event(time_s, Kind.APPEARED, row.identity, _key(row), words, creator, command)
    empty = row._replace(nattch=0, lpid=0, atime=0, dtime=0, perms=row.mode)
    unused = facts._replace(segment=empty, evidence=empty)
    yield from _Change(unused, facts, {row.cpid: command}, time_s).events()


class _Change:
    """What happened to one segment between two polls."""

    def __init__(self, before: Facts, after: Facts, names: dict[int, str], time_s: float) -> None:
        self._before = before
        self._after = after
        self._names = names
        self._time = time_s

    def events(self) -> Iterator[Event]:
        yield from self._attaches()
        yield from self._settings()
        before, after = self._before.segment, self._after.segment
        if after.locked != before.locked:
            yield self._event(Kind.LOCKED if after.locked else Kind.UNLOCKED, "")
        if after.doomed and not before.doomed:
            yield self._event(Kind.DOOMED, f"goes with its last detach: {after.nattch} left")

    def _attaches(self) -> Iterator[Event]:
        before, after = self._before.evidence, self._after.evidence
        if marks(before) == marks(after):
            return
        more = after.nattch - before.nattch
        # What moved and left the count as it was moved both ways: times are whole seconds, and may
        # not show it.
        attached = more > 0 or after.atime != before.atime or more == 0
        detached = more < 0 or after.dtime != before.dtime or more == 0
        words = f"nattch {before.nattch} → {after.nattch}"
        # The row names the last of all operators: who did the other thing is not known, nor who did
        # which where both happened in one second. What ends with nobody attached ends with a
        # detach; what began so too was mostly one and the same process.
        only = not (attached and detached)
        unused = after.nattch == before.nattch == 0
        if attached:
            known = only or unused or after.atime > after.dtime
            yield self._by_last(Kind.ATTACHED, words, known)
        if detached:
            known = only or after.nattch == 0 or after.dtime > after.atime
            yield self._by_last(Kind.DETACHED, words, known)

    def _by_last(self, kind: Kind, words: str, known: bool) -> Event:
        """Done by the last operator, if that is `known`."""
        pid = self._after.evidence.lpid if known else 0
        return self._event(kind, words)._replace(pid=pid or None, command=self._name(pid))

    def _name(self, pid: int) -> str:
        last = self._after.last
        return last.command if last and last.pid == pid else self._names.get(pid, "")

    def _settings(self) -> Iterator[Event]:
        before, after = self._before, self._after
        old, new = before.segment, after.segment
        if old.mode != new.mode:
            yield self._event(Kind.MODE, f"{_letters(old)} → {_letters(new)}")
        if (old.uid, old.gid) != (new.uid, new.gid):
            yield self._event(Kind.OWNER, f"{_owner(old)} → {_owner(new)}")

    def _event(self, kind: Kind, words: str) -> Event:
        before, after = self._before.segment, self._after.segment
        return Event(self._time, kind, after.identity, _key(before), words)


def _key(row: Segment) -> int | None:
    return None if row.doomed else row.key


def _replaced(old: Segment, new: Segment) -> bool:
    """Another segment with all of the identity: a living one never changes its key."""
    return new.key != old.key and not new.doomed


def _names(old: Snapshot, before: Facts) -> dict[int, str]:
    """Commands of those who were seen with it alive, and may have ended by now."""
    holders = old.held.get(before.segment.identity, ())
    people = [who for who in (before.creator, before.last) if who]
    return {who.pid: who.command for who in people} | {who.pid: who.command for who in holders}


def _letters(row: Segment) -> str:
    return stat.filemode(row.mode)[1:]


def _owner(row: Segment) -> str:
    return f"{user_name(row.uid)}:{group_name(row.gid)}"
