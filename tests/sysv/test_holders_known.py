"""Looking again for holders that are known: first where they were, then everywhere."""

import mmap
import os

import pytest

from shmtui.sysv import mapquery, maps
from shmtui.sysv.holders import Holder, scan
from shmtui.sysv.segment import Identity, Segment
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.rows import segment

PAGE = mmap.PAGESIZE

Held = dict[Identity, tuple[Holder, ...]]


@pytest.fixture
def only_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """From then on no process may be looked through."""
    if not mapquery.available():
        pytest.skip("PROCMAP_QUERY needs Linux 6.11")

    def refuse(pid: int, shmids: object) -> list[maps.Found]:
        raise AssertionError(f"process {pid} was looked through")

    monkeypatch.setattr(maps, "find", refuse)


def held(row: Segment, known: Held | None = None) -> Held:
    return scan({row.identity: row}, known or {}).holders


def pids(found: Held) -> list[int]:
    return [who.pid for holders in found.values() for who in holders]


def test_holders_that_map_it_where_they_did_are_found_by_looking_only_there(
    make_segment: MakeSegment, attached_child: AttachedChild, request: pytest.FixtureRequest
) -> None:
    shmid = make_segment()
    children = [attached_child(shmid) for _ in range(2)]
    before = held(segment(shmid))
    request.getfixturevalue("only_there")
    assert held(segment(shmid), before) == before
    assert pids(before) == sorted(child.pid for child in children)


def test_when_one_has_ended_the_others_are_found_by_looking_only_there(
    make_segment: MakeSegment, attached_child: AttachedChild, request: pytest.FixtureRequest
) -> None:
    shmid = make_segment()
    ends, stays = attached_child(shmid), attached_child(shmid)
    before = held(segment(shmid))
    ends.kill()
    ends.wait()
    request.getfixturevalue("only_there")
    assert pids(held(segment(shmid), before)) == [stays.pid]


def test_a_newcomer_is_found_beside_those_known(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    old = attached_child(shmid)
    before = held(segment(shmid))
    new = attached_child(shmid)
    assert sorted(pids(held(segment(shmid), before))) == sorted([old.pid, new.pid])


def test_a_known_holder_that_is_looked_through_too_is_not_counted_twice(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    old = attached_child(shmid)
    before = held(segment(shmid))
    new = attached_child(shmid)
    row = segment(shmid)._replace(lpid=old.pid)
    assert sorted(pids(held(row, before))) == sorted([old.pid, new.pid])


def test_a_holder_that_attached_elsewhere_instead_is_found_there(
    make_segment: MakeSegment, own: list[int]
) -> None:
    shmid = make_segment(size=2 * PAGE)
    own.append(kernel.shmat(shmid))
    before = held(segment(shmid))
    second = kernel.shmat(shmid, kernel.SHM_RDONLY)
    kernel.shmdt(own.pop())
    own.append(second)
    ((holder,),) = held(segment(shmid), before).values()
    assert [(it.start, it.access) for it in holder.mappings] == [(second, "r")]


def test_a_mapping_that_was_split_since_is_seen_in_all_its_parts(
    make_segment: MakeSegment, own: list[int]
) -> None:
    shmid = make_segment(size=3 * PAGE)
    own.append(kernel.shmat(shmid))
    before = held(segment(shmid))
    assert kernel.mprotect(own[0] + PAGE, PAGE, mmap.PROT_READ) == 0
    ((holder,),) = held(segment(shmid), before).values()
    assert [it.offset for it in holder.mappings] == [0, PAGE, 2 * PAGE]


def test_another_segment_at_the_same_place_is_not_taken_for_it(
    make_segment: MakeSegment, own: list[int]
) -> None:
    gone, other = segment(make_segment()), make_segment()
    own.append(kernel.shmat(other))
    (holders,) = held(segment(other)).values()
    row = gone._replace(nattch=1)
    assert held(row, {row.identity: holders}) == {row.identity: ()}


def test_a_known_holder_that_is_kept_out_is_none(make_segment: MakeSegment, own: list[int]) -> None:
    shmid = make_segment()
    own.append(kernel.shmat(shmid))
    row = segment(shmid)
    before = held(row)
    assert pids(before) == [os.getpid()]
    found = scan({row.identity: row}, before, exclude=[os.getpid()])
    assert found.holders == {row.identity: ()}
