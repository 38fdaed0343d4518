"""What is told of real segments between two polls, and who did it."""

import ctypes
import os
from pathlib import Path

import pytest

from shmtui.monitor.changes import compare
from shmtui.monitor.event import Event, Kind
from shmtui.monitor.events import events
from shmtui.monitor.history import History
from shmtui.monitor.snapshot import Poller, Snapshot
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.listing import Table
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.monitor.conftest import Creator
from tests.present.made import facts, holders, process, snapshot

HEADER = "key shmid perms size cpid lpid nattch uid gid cuid cgid atime dtime ctime rss swap\n"

Told = list[tuple[str, str, int | None]]
"""(kind, words, pid) of each event."""


class Watch:
    """Polls, and tells what happened since the poll before, as (kind, words, pid)."""

    def __init__(self, poller: Poller | None = None) -> None:
        self._poller = poller or Poller()
        self.last: Snapshot | None = None
        self()

    def __call__(self) -> list[Event]:
        new = self._poller.poll()
        told = events(self.last, new, compare(self.last, new))
        self._poller.scan_holders()
        self.last = new
        return told

    def told(self) -> Told:
        return [(event.kind.value, event.words, event.pid) for event in self()]


def test_at_first_there_are_no_events(make_segment: MakeSegment) -> None:
    make_segment()
    new = Poller().poll()
    assert events(None, new, compare(None, new)) == []


def test_a_segment_appears_with_its_creator(creator: Creator) -> None:
    watch = Watch()
    child = creator()
    (event,) = watch()
    assert event.kind is Kind.APPEARED
    command = Path(f"/proc/{child.pid}/comm").read_text().removesuffix("\n")
    assert (event.pid, event.command) == (child.pid, command)
    assert event.identity is not None
    assert event.identity.shmid == child.shmid
    assert event.words.startswith("4.0K rw-------")
    assert watch() == []


def test_a_size_in_bytes_says_so(make_segment: MakeSegment) -> None:
    watch = Watch()
    make_segment(56)
    (event,) = watch()
    assert event.words.startswith("56 bytes rw-------")


def test_one_that_appears_attached_and_doomed_says_all_three(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    watch = Watch()
    child = attached_child(shmid := make_segment())
    kernel.rmid(shmid)
    assert [(event.kind, event.pid) for event in watch()] == [
        (Kind.APPEARED, os.getpid()),
        (Kind.ATTACHED, child.pid),
        (Kind.DOOMED, None),
    ]


def test_an_attach_and_the_detach_of_one_that_ended_name_the_process(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(key=0x5EED)
    watch = Watch()
    child = attached_child(shmid, name="whale")
    (attached,) = watch()
    watch()  # by now the holders are known
    child.kill()
    child.wait()
    (detached,) = watch()
    assert (attached.kind, attached.words, attached.key) == (Kind.ATTACHED, "nattch 0 → 1", 0x5EED)
    assert (detached.kind, detached.words, detached.key) == (Kind.DETACHED, "nattch 1 → 0", 0x5EED)
    for event in (attached, detached):
        assert (event.pid, event.command) == (child.pid, "whale")


def test_who_attached_and_left_between_two_polls_is_told(
    make_segment: MakeSegment, creator: Creator
) -> None:
    shmid = make_segment()
    child = creator()
    watch = Watch()
    child.use(shmid)
    assert watch.told() == [
        ("attached", "nattch 0 → 0", child.pid),
        ("detached", "nattch 0 → 0", child.pid),
    ]


def test_with_others_attached_the_one_that_came_and_left_is_not_guessed(
    tmp_path: Path,
) -> None:
    path = tmp_path / "shm"
    row = "7 5 600 56 999999 {} {} 0 0 0 0 {} {} 1 0 0\n"
    path.write_text(HEADER + row.format(11, 2, 100, 0))
    watch = Watch(Poller(table=Table(str(path))))
    path.write_text(HEADER + row.format(12, 2, 101, 101))
    assert watch.told() == [("attached", "nattch 2 → 2", None), ("detached", "nattch 2 → 2", None)]
    path.write_text(HEADER + row.format(13, 2, 102, 103))
    assert watch.told() == [("attached", "nattch 2 → 2", None), ("detached", "nattch 2 → 2", 13)]
    path.write_text(HEADER + row.format(14, 3, 105, 104))
    assert watch.told() == [("attached", "nattch 2 → 3", 14), ("detached", "nattch 2 → 3", None)]
    path.write_text(HEADER + row.format(15, 2, 106, 107))
    assert watch.told() == [("attached", "nattch 3 → 2", None), ("detached", "nattch 3 → 2", 15)]


def test_the_name_of_the_last_operator_is_not_given_to_somebody_else() -> None:
    before = facts(1, nattch=2, atime=5, dtime=5)
    row = before.segment._replace(lpid=200, atime=6, dtime=6)
    after = before._replace(segment=row, evidence=row, last=process(200, "whale"))
    old, new = snapshot(before), snapshot(after)
    told = events(old, new, compare(old, new))
    assert [(event.pid, event.command) for event in told] == [(None, ""), (None, "")]


def test_our_own_attach_is_no_event(make_segment: MakeSegment) -> None:
    shmid = make_segment()
    evidence = Evidence()
    watch = Watch(Poller(evidence))
    assert watch.last is not None
    (row,) = (one.segment for one in watch.last.facts.values() if one.segment.shmid == shmid)
    with evidence.attaching(row):
        kernel.shmdt(kernel.shmat(shmid, kernel.SHM_RDONLY))
    assert watch() == []


def test_a_write_that_makes_pages_resident_is_no_event(
    make_segment: MakeSegment,
) -> None:
    address = kernel.shmat(make_segment())
    watch = Watch()
    ctypes.memmove(address, b"x", 1)
    told = watch()
    kernel.shmdt(address)
    assert told == []


def test_a_change_of_mode_or_owner_says_from_what_to_what(tmp_path: Path) -> None:
    path = tmp_path / "shm"
    row = "7 5 {} 56 999999 0 0 {} 0 0 0 0 0 {} 0 0\n"
    path.write_text(HEADER + row.format(600, 0, 1))
    watch = Watch(Poller(table=Table(str(path))))
    path.write_text(HEADER + row.format(666, 54321, 2))
    assert watch.told() == [
        ("mode changed", "rw------- → rw-rw-rw-", None),
        ("owner changed", "root:root → 54321:root", None),
    ]


def test_locking_is_told(make_segment: MakeSegment) -> None:
    if os.geteuid() != 0:
        pytest.skip("a plain user's RLIMIT_MEMLOCK may forbid it")
    shmid = make_segment()
    watch = Watch()
    for command, kind in ((11, "locked"), (12, "unlocked")):  # SHM_LOCK, SHM_UNLOCK
        assert not ctypes.CDLL(None).shmctl(shmid, command, None)
        assert [event.kind for event in watch()] == [kind]


def test_doomed_then_gone_keep_what_is_known_of_the_key(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    child = attached_child(shmid := make_segment(key=0x5EED))
    watch = Watch()
    kernel.rmid(shmid)
    (doomed,) = watch()
    child.kill()
    child.wait()
    (gone,) = watch()
    assert (doomed.kind, doomed.words) == (Kind.DOOMED, "goes with its last detach: 1 left")
    assert (doomed.key, doomed.pid) == (0x5EED, None)
    assert (gone.kind, gone.words, gone.key) == (Kind.GONE, "4.0K, doomed", None)


def test_an_id_that_another_segment_got_is_gone_and_appeared(tmp_path: Path) -> None:
    path = tmp_path / "shm"
    row = "{} 5 600 56 999999 0 0 0 0 0 0 0 0 {} 0 0\n"
    path.write_text(HEADER + row.format(7, 1))
    watch = Watch(Poller(table=Table(str(path))))
    path.write_text(HEADER + row.format(8, 2))
    assert [(event.kind, event.key) for event in watch()] == [(Kind.GONE, 7), (Kind.APPEARED, 8)]


def test_how_many_came_and_went_unseen_is_told(make_segment: MakeSegment) -> None:
    make_segment()
    watch = Watch()
    for _ in range(5):
        kernel.rmid(kernel.shmget(kernel.IPC_PRIVATE, 4096, 0o600))
    make_segment()
    *_, unseen = watch()
    assert (unseen.kind, unseen.words) == (Kind.UNSEEN, "≈ 5 came and went unseen")
    assert (unseen.identity, unseen.key, unseen.pid) == (None, None, None)


@pytest.mark.parametrize("seen_by", ["holder", "creator", "last"])
def test_a_name_that_was_seen_before_serves_when_its_process_has_ended(seen_by: str) -> None:
    whale = process(200, "whale")
    people = {} if seen_by == "holder" else {seen_by: whale}
    before = facts(1, nattch=1, **people)
    held = {before.segment.identity: holders("whale")} if seen_by == "holder" else None
    row = before.segment._replace(nattch=0, lpid=200, dtime=5)
    after = before._replace(segment=row, evidence=row, creator=None, last=None)
    old, new = snapshot(before, held=held), snapshot(after)
    (event,) = events(old, new, compare(old, new))
    assert (event.kind, event.pid, event.command) == (Kind.DETACHED, 200, "whale")


def test_the_history_forgets_the_oldest_and_counts_them() -> None:
    def event(at: int) -> Event:
        return Event(at, Kind.UNSEEN, None, None, "")

    history = History(limit=3)
    history.add(map(event, range(2)))
    assert history.forgotten == 0
    history.add(map(event, range(2, 5)))
    assert [one.time for one in history.events] == [2, 3, 4]
    assert history.forgotten == 2


def test_the_history_of_one_segment_is_its_own() -> None:
    mine, other = facts(1).segment.identity, facts(2).segment.identity
    history = History()
    history.add(Event(1, Kind.GONE, identity, 0, "") for identity in (mine, other, None))
    assert [event.identity for event in history.of(mine)] == [mine]
