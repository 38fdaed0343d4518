"""Peer: what holders that we may ptrace have touched, read without a trace."""

import mmap
import subprocess
import sys

import pytest

from shmtui.sysv import peer
from shmtui.sysv.content import Gap, Gone, Lost, Refusal
from shmtui.sysv.peer import Peer
from shmtui.sysv.window import Why
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.asplain import as_plain_user
from tests.sysv.rows import segment

PAGE = mmap.PAGESIZE
GIB = 1 << 30
CHANGES = """
import ctypes, sys
from tests import kernel
one, other = map(int, sys.argv[1:])
address = kernel.shmat(one)
ctypes.memmove(address, b"segment", 7)
print("ready", flush=True)
sys.stdin.readline()
kernel.shmdt(address)
shmat = ctypes.CDLL(None).shmat
shmat.argtypes, shmat.restype = (ctypes.c_int, ctypes.c_void_p, ctypes.c_int), ctypes.c_void_p
assert shmat(other, address, 0) == address
ctypes.memmove(address, b"another", 7)
print("changed", flush=True)
sys.stdin.read()
"""
WHY: Why = "not mapped by that process"


def tap(shmid: int, *pids: int) -> Peer:
    found = peer.choose(segment(shmid), pids)
    assert isinstance(found, Peer), found
    return found


def test_reading_shows_what_is_there_and_leaves_the_row_byte_for_byte(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(size=2 * PAGE)
    child = attached_child(shmid, b"forty-two", 10)
    before = kernel.row(shmid)
    for _ in range(3):
        assert tap(shmid, child.pid).read(10, 9) == (10, b"forty-two", ())
    assert kernel.row(shmid) == before


def test_a_change_by_the_holder_is_in_the_next_read(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    reader = tap(shmid, attached_child(shmid, b"one").pid)
    assert reader.read(0, 3).data == b"one"
    attached_child(shmid, b"two")
    assert reader.read(0, 3).data == b"two"


def test_a_sparse_gigabyte_gains_no_page(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(size=GIB)
    child = attached_child(shmid, b"x", 5 * PAGE)
    before = kernel.row(shmid)
    reader = tap(shmid, child.pid)
    piece = 1 << 24
    gaps = [gap for at in range(0, GIB, piece) for gap in reader.read(at, piece).gaps]
    assert sum(gap.length for gap in gaps) == GIB - PAGE
    assert kernel.row(shmid) == before


def test_several_holders_add_up_and_the_rest_is_a_gap(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(size=64 * PAGE)
    kernel.fill(shmid, b"never touched again", 63 * PAGE)
    one = attached_child(shmid, b"one")
    two = attached_child(shmid, b"two", 32 * PAGE)
    window = tap(shmid, one.pid, two.pid).read(0, 64 * PAGE)
    assert window.data[:3] + window.data[32 * PAGE : 32 * PAGE + 3] == b"onetwo"
    assert window.gaps == (Gap(PAGE, 31 * PAGE, WHY), Gap(33 * PAGE, 31 * PAGE, WHY))
    assert window.data[63 * PAGE :] == bytes(PAGE)
    alone = tap(shmid, two.pid).read(0, 3)
    assert alone == (0, bytes(3), (Gap(0, 3, WHY),))


def test_gaps_are_cut_to_the_window(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(size=3 * PAGE)
    child = attached_child(shmid, b"x" * PAGE, PAGE)
    window = tap(shmid, child.pid).read(PAGE - 2, PAGE + 3)
    assert window.gaps == (Gap(PAGE - 2, 2, WHY), Gap(2 * PAGE, 1, WHY))
    assert window.data == bytes(2) + b"x" * PAGE + bytes(1)


def test_a_window_is_cut_at_the_segments_end(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(size=100)
    reader = tap(shmid, attached_child(shmid, b"\x07" * 100).pid)
    assert reader.read(90, 50).data == b"\x07" * 10
    assert reader.read(500, 5) == (100, b"", ())


def test_other_memory_that_is_mapped_there_meanwhile_is_never_taken_for_the_segment(
    make_segment: MakeSegment,
) -> None:
    shmid, other = make_segment(), make_segment()
    with subprocess.Popen(
        [sys.executable, "-c", CHANGES, str(shmid), str(other)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=kernel.ROOT,
        text=True,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        with tap(shmid, child.pid).opened() as content:
            print(file=child.stdin, flush=True)
            assert child.stdout.readline() == "changed\n"
            with pytest.raises(Lost):
                content.read_into(memoryview(bytearray(6)), 0)
        child.stdin.close()


def test_the_last_holder_gone_asks_for_another_tap(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    child = attached_child(shmid, b"x")
    reader = tap(shmid, child.pid)
    child.kill()
    child.wait()
    with pytest.raises(Lost):
        reader.read(0, 1)
    kernel.rmid(shmid)
    with pytest.raises(Gone):
        reader.read(0, 1)


def test_a_process_that_does_not_map_it_is_none_to_read_through(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid, other = make_segment(), make_segment()
    assert isinstance(peer.choose(segment(shmid), [attached_child(other).pid]), Refusal)


def test_a_plain_user_reads_what_an_own_child_wrote(make_segment: MakeSegment) -> None:
    seen = as_plain_user("read_own_child", make_segment(size=16 * PAGE, mode=0o666))
    assert seen["tap"] == "peer"
    assert bytes.fromhex(seen["data"])[4098:4103] == b"hello"
    assert [0, 4096, WHY] in seen["gaps"]
    assert seen["untouched"]
    assert seen["rss"] == PAGE
    assert "run as root" in seen["why_not"]["peek"]


def test_a_plain_user_cannot_read_through_a_process_of_root(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(mode=0o600)
    seen = as_plain_user("read_other", shmid, attached_child(shmid).pid)
    assert seen["tap"] is None
    assert list(seen["why_not"]) == ["peek", "peer", "borrowed", "attach"]
    assert "may be traced by you" in seen["why_not"]["peer"]
    assert seen["untouched"]
