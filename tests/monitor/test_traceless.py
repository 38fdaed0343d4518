"""A few bytes through whoever maps a segment, without a trace and without waiting for the hung."""

from pathlib import Path

import pytest

from shmtui.monitor.traceless import Traceless
from shmtui.sysv.content import can_peek
from shmtui.sysv.holders import Holder, scan
from shmtui.sysv.pages import PAGE_SIZE
from shmtui.sysv.patience import stuck
from shmtui.sysv.segment import Segment
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.hung import hung_process
from tests.sysv.rows import segment


def holders_of(row: Segment) -> tuple[Holder, ...]:
    return scan({row.identity: row}).holders[row.identity]


def test_bytes_are_read_without_a_trace(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(100)
    attached_child(shmid, b"abc", 10)
    row = segment(shmid)
    before = kernel.row(shmid)
    read = Traceless(row, holders_of(row))
    assert read.name == ""
    assert read(9, 5) == b"\0abc\0"
    assert read.name in ("peek", "peer")
    assert kernel.row(shmid) == before
    assert len(read(0, 1000) or b"") == 100


def test_another_is_asked_where_one_has_ended(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    children = [attached_child(shmid, b"abc") for _ in range(2)]
    row = segment(shmid)
    read = Traceless(row, holders_of(row))
    for child in sorted(children, key=lambda child: child.pid):
        assert read(0, 3) == b"abc"
        child.kill()
        child.wait()
    assert read(0, 3) is None


def test_another_is_asked_where_one_hangs(
    make_segment: MakeSegment, attached_child: AttachedChild, tmp_path: Path
) -> None:
    shmid = make_segment()
    attached_child(shmid, b"abc")
    row = segment(shmid)
    (holder,) = holders_of(row)
    with hung_process(tmp_path) as pid:
        read = Traceless(row, (holder._replace(pid=pid), holder), patience_s=0.1)
        assert read(0, 3) == b"abc"
        assert stuck() == (pid,)


def test_what_is_in_memory_is_counted_without_a_trace(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    if not can_peek():
        pytest.skip("only peek counts what is resident")
    shmid = make_segment(10 * PAGE_SIZE)
    attached_child(shmid, b"abc", 2 * PAGE_SIZE)
    row = segment(shmid)
    before = kernel.row(shmid)
    assert Traceless(row, holders_of(row)).resident_bytes() == PAGE_SIZE
    assert Traceless(row, ()).resident_bytes() is None
    assert kernel.row(shmid) == before
