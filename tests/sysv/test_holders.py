"""Who maps a segment: real processes, look-alikes, other namespaces, other users."""

import ctypes
import mmap
import os
import sys
import threading
from collections.abc import Container
from pathlib import Path

import pytest

from shmtui.sysv import maps
from shmtui.sysv.devices import parse_device, segment_devices
from shmtui.sysv.holders import Scan, scan
from shmtui.sysv.segment import Segment
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.asplain import as_plain_user
from tests.sysv.rows import segment

PAGE = mmap.PAGESIZE


def look(row: Segment) -> Scan:
    return scan({row.identity: row})


def test_a_holder_is_named_with_its_user_its_access_and_where_it_maps(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(size=3 * PAGE + 1)
    child = attached_child(shmid)
    row = segment(shmid)
    found = look(row)
    (holder,) = found.holders[row.identity]
    (mapping,) = holder.mappings
    assert (holder.pid, holder.uid) == (child.pid, os.geteuid())
    assert holder.command == Path(f"/proc/{child.pid}/comm").read_text().rstrip("\n")
    assert (mapping.end - mapping.start, mapping.offset, mapping.access) == (4 * PAGE, 0, "rw")
    assert found.complete


def test_all_holders_of_all_segments_are_found_in_one_look(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    one, two, nobody = make_segment(), make_segment(), make_segment()
    pids = {attached_child(one).pid, attached_child(one).pid}
    other = attached_child(two).pid
    rows = {row.identity: row for row in map(segment, (one, two, nobody))}
    found = {it.shmid: {who.pid for who in holders} for it, holders in scan(rows).holders.items()}
    assert found == {one: pids, two: {other}}


def test_mappings_split_by_mprotect_are_one_holder_with_three_mappings(
    make_segment: MakeSegment, own: list[int]
) -> None:
    shmid = make_segment(size=3 * PAGE)
    own.append(kernel.shmat(shmid))
    assert kernel.mprotect(own[0] + PAGE, PAGE, mmap.PROT_READ) == 0
    row = segment(shmid)
    (holder,) = look(row).holders[row.identity]
    assert row.nattch == 3
    assert [(it.offset, it.access) for it in holder.mappings] == [
        (0, "rw"),
        (PAGE, "r"),
        (2 * PAGE, "rw"),
    ]


def test_a_holder_of_many_thousand_mappings_explains_all_of_them(
    make_segment: MakeSegment, own: list[int]
) -> None:
    pages = 20_001
    shmid = make_segment(size=pages * PAGE)
    own.append(kernel.shmat(shmid))
    for number in range(1, pages, 2):
        assert kernel.mprotect(own[0] + number * PAGE, PAGE, mmap.PROT_READ) == 0
    row = segment(shmid)
    found = look(row)
    (holder,) = found.holders[row.identity]
    assert len(holder.mappings) == row.nattch == pages
    assert found.complete


def test_a_holder_that_ends_between_two_questions_holds_nothing(
    make_segment: MakeSegment, attached_child: AttachedChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    shmid = make_segment()
    ends, stays = attached_child(shmid), attached_child(shmid)
    row = segment(shmid)
    namespace_of = maps.namespace_of

    def just_too_late(pid: int | str) -> int:
        if pid == ends.pid:
            ends.kill()
            ends.wait()
        return namespace_of(pid)

    monkeypatch.setattr(maps, "namespace_of", just_too_late)
    found = look(row._replace(lpid=ends.pid))
    assert [who.pid for who in found.holders[row.identity]] == [stays.pid]


def test_a_holder_that_is_a_zombie_when_its_facts_are_read_is_left_out(
    make_segment: MakeSegment, attached_child: AttachedChild, monkeypatch: pytest.MonkeyPatch
) -> None:
    shmid = make_segment()
    ends, stays = attached_child(shmid), attached_child(shmid)
    row = segment(shmid)
    find = maps.find

    def just_too_late(pid: int | str, shmids: Container[int]) -> list[maps.Found]:
        found = find(pid, shmids)
        if pid == ends.pid:
            ends.kill()
            os.waitid(os.P_PID, ends.pid, os.WEXITED | os.WNOWAIT)
        return found

    monkeypatch.setattr(maps, "find", just_too_late)
    assert [who.pid for who in look(row).holders[row.identity]] == [stays.pid]


def test_a_thread_that_got_the_id_of_who_attached_last_is_no_holder(
    make_segment: MakeSegment, attached_child: AttachedChild, own: list[int]
) -> None:
    shmid = make_segment()
    own.append(kernel.shmat(shmid))
    child = attached_child(shmid)
    go_on = threading.Event()
    thread = threading.Thread(target=go_on.wait)
    thread.start()
    row = segment(shmid)._replace(lpid=thread.native_id or 0)
    found = look(row)
    go_on.set()
    thread.join()
    assert {who.pid for who in found.holders[row.identity]} == {os.getpid(), child.pid}


def test_shared_anonymous_memory_with_the_segments_inode_is_no_holder(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    if not os.access(kernel.NEXT_ID, os.W_OK):
        pytest.skip("only root can ask the kernel for a given shmid")
    with mmap.mmap(-1, PAGE) as memory:
        start = b"%x-" % ctypes.addressof(ctypes.c_char.from_buffer(memory))
        lines = Path("/proc/self/maps").read_bytes().split(b"\n")
        _, _, _, device, inode, _ = next(x for x in lines if x.startswith(start)).split(None, 5)
        assert parse_device(device) in segment_devices()
        kernel.NEXT_ID.write_text(inode.decode())
        shmid = make_segment()
        assert shmid == int(inode)
        child = attached_child(shmid)
        row = segment(shmid)
        found = look(row._replace(nattch=row.nattch + 1))
        assert [who.pid for who in found.holders[row.identity]] == [child.pid]


@pytest.mark.parametrize(
    "line",
    [
        b"7f00-8f00 rw-s 00000000 00:01 5                          /dev/zero (deleted)",
        b"7f00-8f00 rw-s 00000000 00:01 5                          /SYSV0badcaf (deleted)",
        b"7f00-8f00 rw-s 00000000 00:01 5                          /SYSV0badcafe.old",
        b"7f00-8f00 rw-s 00000000 00:01 5                          /tmp/SYSV0badcafe (deleted)",
        b"7f00-8f00 rw-s 00000000 fe:99 5                          /SYSV0badcafe (deleted)",
        b"7f00-8f00 rw-p 00000000 00:01 5                          /SYSV0badcafe (deleted)",
    ],
)
def test_a_line_that_only_looks_like_a_segment_is_none(line: bytes) -> None:
    device = b"%02x:%02x" % next(iter(segment_devices()))
    assert maps.parse(line.replace(b"00:01", device)) == []


def test_a_mapping_beyond_the_segments_end_is_not_of_it(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(size=2 * PAGE)
    attached_child(shmid)
    row = segment(shmid)
    shorter = row._replace(identity=row.identity._replace(size=PAGE))
    assert look(shorter).holders == {shorter.identity: ()}


def test_a_segment_of_the_same_id_in_another_namespace_has_other_holders(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    attached_child(shmid)
    row = segment(shmid)
    # No namespace has this inode: the next one may be in use, with a segment of the same id.
    elsewhere = row._replace(identity=row.identity._replace(namespace=1))
    assert look(elsewhere).holders == {elsewhere.identity: ()}


def test_a_segment_marked_for_destruction_still_shows_who_keeps_it(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(key=0x5EED1)
    child = attached_child(shmid)
    kernel.rmid(shmid)
    row = segment(shmid)
    assert [who.pid for who in look(row).holders[row.identity]] == [child.pid]


def test_processes_that_ended_and_zombies_hold_nothing(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    zombie, gone = attached_child(shmid), attached_child(shmid)
    rest = attached_child(shmid)
    row = segment(shmid)
    zombie.kill()
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    gone.kill()
    gone.wait()
    found = look(row._replace(lpid=zombie.pid))
    assert [who.pid for who in found.holders[row.identity]] == [rest.pid]


def test_own_pids_can_be_kept_out(make_segment: MakeSegment, own: list[int]) -> None:
    shmid = make_segment()
    own.append(kernel.shmat(shmid))
    row = segment(shmid)
    found = scan({row.identity: row}, exclude=[os.getpid()])
    assert found.holders == {row.identity: ()}


def test_a_look_that_takes_too_long_says_that_it_is_not_complete(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    attached_child(shmid)
    row = segment(shmid)
    assert not scan({row.identity: row}, deadline_s=0.0).complete


def test_nothing_attached_means_nothing_to_look_for(make_segment: MakeSegment) -> None:
    row = segment(make_segment())
    found = scan({row.identity: row}, deadline_s=0.0)
    assert (found.holders, found.unreadable, found.complete) == ({}, 0, True)


def test_a_plain_user_is_told_that_there_is_more_than_may_be_seen(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(mode=0o644)
    attached_child(shmid)
    found = as_plain_user("see_holders", shmid)
    assert found["pids"] == []
    assert found["hidden"] > 0


def test_the_look_ends_when_every_attach_is_explained(make_segment: MakeSegment) -> None:
    # The other processes are not ours to read: had any been looked at, it would be counted.
    found = as_plain_user("find_own_child", make_segment(mode=0o666))
    assert found == {"pids": [True], "hidden": 0, "user": 65534}


def test_kernel_threads_are_not_counted_as_unreadable() -> None:
    script = "import sys; from shmtui.sysv import maps; print(maps.find(2))"
    if Path("/proc/2/comm").exists() and Path("/proc/2/comm").read_text() == "kthreadd\n":
        done = kernel.as_user("nobody", [sys.executable, "-c", script], cwd=kernel.ROOT)
        assert done.stdout == "[]\n", done.stderr
    else:
        pytest.skip("kernel threads are not in this pid namespace")


def test_the_devices_of_huge_pages_are_known_also_where_none_is_free() -> None:
    if not Path("/sys/kernel/mm/hugepages").exists():
        pytest.skip("this kernel has no huge pages")
    ordinary, *huge = segment_devices().values()
    assert ordinary == PAGE
    assert huge
