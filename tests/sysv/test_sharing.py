"""How much of a segment each process has touched."""

import ctypes
import mmap
import os

from shmtui.sysv import maps, sharing
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.asplain import as_plain_user
from tests.sysv.rows import segment

PAGE = mmap.PAGESIZE
GIB = 1 << 30


def share(pid: int, shmid: int) -> int | None:
    return sharing.resident(pid, maps.of(pid, segment(shmid).identity))


def test_each_process_has_what_it_touched(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(size=8 * PAGE)
    wrote_three = attached_child(shmid, b"x" * (2 * PAGE + 1), offset=PAGE)
    wrote_nothing = attached_child(shmid)
    assert share(wrote_three.pid, shmid) == 3 * PAGE
    assert share(wrote_nothing.pid, shmid) == 0
    assert segment(shmid).rss == 3 * PAGE


def test_of_a_large_segment_it_is_counted_to_the_end(attached_child: AttachedChild) -> None:
    flags = kernel.IPC_CREAT | kernel.SHM_NORESERVE | 0o600
    shmid = kernel.shmget(kernel.IPC_PRIVATE, GIB + PAGE, flags)
    child = attached_child(shmid, b"x", offset=GIB)
    kernel.rmid(shmid)
    assert share(child.pid, shmid) == PAGE


def test_all_mappings_of_a_process_count_but_a_page_only_once(make_segment: MakeSegment) -> None:
    shmid = make_segment(size=3 * PAGE)
    addresses = [kernel.shmat(shmid) for _ in range(2)]
    try:
        ctypes.memset(addresses[0], 1, 2 * PAGE)
        ctypes.memset(addresses[1] + PAGE, 1, 2 * PAGE)
        assert share(os.getpid(), shmid) == 3 * PAGE
    finally:
        for address in addresses:
            kernel.shmdt(address)


def test_a_process_that_ended_or_may_not_be_seen_has_none_known(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(mode=0o666)
    child = attached_child(shmid, b"x")
    assert as_plain_user("share_of_other", shmid, child.pid) is None
    mappings = maps.of(child.pid, segment(shmid).identity)
    child.kill()
    child.wait()
    assert sharing.resident(child.pid, mappings) is None
