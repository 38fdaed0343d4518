"""Holders from scan to scan."""

from collections.abc import Callable

import pytest

from shmtui.monitor.holding import Holding
from shmtui.sysv import listing
from shmtui.sysv.errors import ShmError
from shmtui.sysv.holders import Holder, Scan, scan
from shmtui.sysv.maps import Mapping as MapsMapping
from shmtui.sysv.segment import Identity, Segment
from tests.conftest import AttachedChild, MakeSegment
from tests.monitor.looks import Looks

LONG_AGO = 4e9
"""A poll at this time: whatever was touched was touched before."""

Rows = Callable[[Identity], Segment | None]


def rows() -> dict[Identity, Segment]:
    return {row.identity: row for row in listing.segments()}


def identity_of(shmid: int) -> Identity:
    (identity,) = (it for it in rows() if it.shmid == shmid)
    return identity


def pids(holding: Holding, identity: Identity) -> set[int]:
    assert holding.last is not None
    return {holder.pid for holder in holding.last.holders.get(identity, ())}


def note(holding: Holding, *moved: Identity) -> None:
    known = rows()
    holding.note([known[it] for it in moved], [], LONG_AGO)


def test_holders_of_what_did_not_move_are_kept(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    quiet, busy = identity_of(make_segment()), identity_of(make_segment())
    first, second = attached_child(quiet.shmid), attached_child(busy.shmid)
    holding = Holding()
    note(holding, quiet, busy)
    assert holding.scan(rows().get)
    assert holding.last is not None
    before = holding.last
    third = attached_child(busy.shmid)
    note(holding, busy)
    assert holding.scan(rows().get)
    assert holding.last.holders[quiet] is before.holders[quiet]
    assert pids(holding, quiet) == {first.pid}
    assert pids(holding, busy) == {second.pid, third.pid}
    assert len(before.holders[busy]) == 1


def test_a_segment_that_went_has_no_holders_any_more(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    identity = identity_of(make_segment())
    attached_child(identity.shmid)
    holding = Holding()
    note(holding, identity)
    holding.scan(rows().get)
    holding.note([], [identity], LONG_AGO)
    assert holding.scan(lambda _: None)
    assert holding.last is not None
    assert holding.last.holders == {}


IDENTITIES = [Identity(1, shmid, 1, 0, 4096) for shmid in range(2)]
ROWS = {it: Segment(it, 0, 0o600, 1, 1, 0, 0, 0, 1, 0, 1, 0, 0) for it in IDENTITIES}
HOLDER = Holder(7, "daemon", 0, (MapsMapping(0, 4096, 0, "rw"),))


def found(*identities: Identity, unreadable: int = 0, complete: bool = True) -> Scan:
    return Scan(dict.fromkeys(identities, (HOLDER,)), unreadable, 1.0, complete)


def test_what_the_deadline_left_unexplained_is_looked_at_again() -> None:
    one, other = IDENTITIES
    looks = Looks(found(one, complete=False), found(other))
    holding = Holding(looks)
    holding.note(ROWS.values(), [], LONG_AGO)
    holding.scan(ROWS.get)
    assert holding.scan(ROWS.get)
    assert looks.wanted == [{one, other}, {other}]
    assert pids(holding, one) == pids(holding, other) == {7}
    assert not holding.scan(ROWS.get)


def test_a_look_that_failed_is_repeated() -> None:
    looks = Looks(ShmError("no /proc"), found(*IDENTITIES))
    holding = Holding(looks)
    holding.note(ROWS.values(), [], LONG_AGO)
    with pytest.raises(ShmError, match="no /proc"):
        holding.scan(ROWS.get)
    assert holding.last is None
    assert holding.scan(ROWS.get)
    assert looks.wanted == [set(IDENTITIES)] * 2


def test_holders_known_are_told_to_the_next_look() -> None:
    looks = Looks(found(*IDENTITIES), found(IDENTITIES[0]))
    holding = Holding(looks)
    holding.note(ROWS.values(), [], LONG_AGO)
    holding.scan(ROWS.get)
    holding.note([ROWS[IDENTITIES[0]]], [], LONG_AGO)
    holding.scan(ROWS.get)
    assert looks.known == [set(), {7}]


def test_holders_that_a_new_look_finds_as_they_were_are_the_very_same() -> None:
    one, other = IDENTITIES
    again = Scan({one: (HOLDER._replace(),), other: (HOLDER._replace(pid=8),)}, 0, 1.0, True)
    holding = Holding(Looks(found(one, other), again))
    holding.note(ROWS.values(), [], LONG_AGO)
    holding.scan(ROWS.get)
    assert holding.last is not None
    before = holding.last.holders
    holding.note(ROWS.values(), [], LONG_AGO)
    holding.scan(ROWS.get)
    assert again.holders[one] is not before[one]
    assert holding.last.holders[one] is before[one]
    assert pids(holding, other) == {8}


def test_a_look_that_ended_early_does_not_forget_unreadable_processes() -> None:
    one, other = IDENTITIES
    looks = Looks(found(one, unreadable=5), found(one, unreadable=0), found(unreadable=3))
    holding = Holding(looks)
    holding.note(ROWS.values(), [], LONG_AGO)
    holding.scan(ROWS.get)
    holding.note([ROWS[one]], [], LONG_AGO)
    holding.scan(ROWS.get)
    assert holding.last is not None
    assert holding.last.unreadable == 5
    holding.note([ROWS[other]], [], LONG_AGO)
    holding.scan(ROWS.get)
    assert holding.last.unreadable == 3


def test_the_look_that_it_takes_by_itself_is_the_real_one(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    identity = identity_of(make_segment())
    attached_child(identity.shmid)
    holding = Holding()
    note(holding, identity)
    holding.scan(rows().get)
    assert holding.last is not None
    assert holding.last.holders == scan(rows()).holders
