"""The listing of real segments: what the kernel says, the same objects again, and the fallback."""

import ctypes
import os
import threading
from pathlib import Path

import pytest

from shmtui.sysv import listing
from shmtui.sysv.errors import ShmError
from shmtui.sysv.listing import Listing, Table, namespace
from shmtui.sysv.segment import Identity, Segment
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.private import CLONE_NEWIPC

HEADER = "key shmid perms size cpid lpid nattch uid gid cuid cgid atime dtime ctime rss swap\n"
GOOD = "7 0 600 56 1 1 0 0 0 0 0 0 0 1 4096 0\n"


def row_of(listing: Listing, shmid: int) -> Segment:
    (row,) = (row for row in listing.segments.values() if row.shmid == shmid)
    return row


def test_a_segment_is_listed_with_what_it_was_made_with(make_segment: MakeSegment) -> None:
    shmid = make_segment(size=5000, key=0xFEEDBEEF, mode=0o640)
    row = row_of(Table().read(), shmid)
    assert row.identity == Identity(namespace(), shmid, os.getpid(), os.geteuid(), 5000)
    assert (row.key, row.mode, row.nattch, row.atime, row.lpid) == (0xFEEDBEEF, 0o640, 0, 0, 0)
    assert (row.uid, row.gid, row.cgid) == (os.geteuid(), os.getegid(), os.getegid())


def test_segments_beyond_one_page_of_the_table_are_listed_in_its_order(
    make_segment: MakeSegment,
) -> None:
    made = {make_segment() for _ in range(100)}
    listed = [row.shmid for row in listing.segments()]
    assert made <= set(listed)
    assert listed == kernel.shmids()


def test_a_segment_marked_for_destruction_has_the_flag_and_no_key(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(key=0x0BADCAFE)
    attached_child(shmid)
    kernel.rmid(shmid)
    row = row_of(Table().read(), shmid)
    assert row.doomed
    assert (row.key, row.mode, row.nattch) == (0, 0o600, 1)


def test_an_unchanged_table_gives_the_very_same_objects(make_segment: MakeSegment) -> None:
    make_segment()
    table = Table()
    first = table.read()
    assert table.read().segments is first.segments


def test_only_the_segment_that_was_attached_is_another_object(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    quiet, busy = make_segment(), make_segment()
    table = Table()
    before = table.read()
    child = attached_child(busy)
    after = table.read()
    assert row_of(after, quiet) is row_of(before, quiet)
    assert row_of(before, busy).nattch == 0
    assert (row_of(after, busy).nattch, row_of(after, busy).lpid) == (1, child.pid)


def test_rows_stay_the_same_objects_while_others_come_and_go(make_segment: MakeSegment) -> None:
    first, stays, _ = make_segment(), make_segment(), make_segment()
    table = Table()
    before = table.read()
    kernel.rmid(first)
    fewer = table.read()
    comes = make_segment()
    more = table.read()
    kernel.rmid(comes)
    other = make_segment()  # as many rows as before
    last = table.read()
    assert {row.shmid for row in fewer.segments.values()} == set(kernel.shmids()) - {other}
    assert row_of(more, comes).shmid == comes
    assert row_of(last, other).shmid == other
    assert [row.shmid for row in last.segments.values()] == kernel.shmids()
    for later in (fewer, more, last):
        assert row_of(later, stays) is row_of(before, stays)


def test_a_change_is_kept_when_another_segment_comes(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    busy = make_segment()
    table = Table()
    table.read()
    attached_child(busy)
    changed = table.read()
    make_segment()
    assert row_of(table.read(), busy) is row_of(changed, busy)
    assert row_of(changed, busy).nattch == 1


def test_a_listing_stays_as_it_was_when_the_table_is_read_again(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    table = Table()
    before = table.read()
    attached_child(shmid)
    table.read()
    assert row_of(before, shmid).nattch == 0


def test_reading_leaves_no_descriptor_open() -> None:
    table = Table()
    before = os.listdir("/proc/self/fd")
    table.read()
    assert os.listdir("/proc/self/fd") == before


def test_garbage_rows_are_told_and_skipped_as_long_as_they_are_there(tmp_path: Path) -> None:
    path = tmp_path / "shm"
    table = Table(str(path))
    path.write_text(f"{HEADER}{GOOD}no row at all \x1b[31m\n")
    for _ in range(2):
        found = table.read()
        assert [row.key for row in found.segments.values()] == [7]
        assert found.garbage == (
            r"5 fields under 16 headings in the row b'no row at all \x1b[31m'",
        )
    path.write_text(f"{HEADER}{GOOD}{GOOD.replace('7 0', '8 1')}")
    found = table.read()
    assert [row.key for row in found.segments.values()] == [7, 8]
    assert found.garbage == ()


def test_a_good_row_that_turns_to_garbage_is_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "shm"
    table = Table(str(path))
    path.write_text(HEADER + GOOD)
    table.read()
    path.write_text(HEADER + GOOD.replace("600", "rw-"))
    found = table.read()
    assert not found.segments
    assert len(found.garbage) == 1


def test_a_row_of_another_segment_at_the_same_place_is_another_identity(tmp_path: Path) -> None:
    path = tmp_path / "shm"
    table = Table(str(path))
    path.write_text(HEADER + GOOD)
    (before,) = table.read().segments
    path.write_text(HEADER + GOOD.replace(" 56 ", " 57 "))
    (after,) = table.read().segments
    assert (before.shmid, before.size) == (0, 56)
    assert (after.shmid, after.size) == (0, 57)


def test_another_header_makes_the_columns_anew(tmp_path: Path) -> None:
    path = tmp_path / "shm"
    table = Table(str(path))
    path.write_text(HEADER + GOOD)
    table.read()
    path.write_text(HEADER.replace("rss swap", "swap rss") + GOOD)
    (row,) = table.read().segments.values()
    assert (row.rss, row.swap) == (0, 4096)


@pytest.mark.parametrize("content", ["", HEADER, HEADER.rstrip()])
def test_a_table_without_rows_or_without_a_line_end_is_understood_or_refused(
    tmp_path: Path, content: str
) -> None:
    path = tmp_path / "shm"
    path.write_text(content)
    if content:
        assert Table(str(path)).read().segments == {}
    else:
        with pytest.raises(ShmError, match="no column key"):
            Table(str(path)).read()


def test_without_the_table_shmctl_says_the_same_but_for_rss_and_swap(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    make_segment(size=1, key=0xFFFFFFFE, mode=0o1)
    attached_child(make_segment(size=70000, mode=0o666))
    doomed = make_segment(mode=0o604)
    attached_child(doomed)
    kernel.rmid(doomed)
    hole = make_segment()
    make_segment()
    kernel.rmid(hole)
    with_table = Table().read()
    without = Table("/proc/no/such/table").read()
    assert without.caveat == "rss and swap unknown: /proc/sysvipc is not mounted"
    for row in with_table.segments.values():
        assert row_of(without, row.shmid) == row._replace(rss=None, swap=None)
    assert list(without.segments) == list(with_table.segments)


def test_without_the_table_unchanged_segments_are_the_same_objects_too(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    quiet, busy = make_segment(), make_segment()
    table = Table("/proc/no/such/table")
    before = table.read()
    attached_child(busy)
    after = table.read()
    assert row_of(after, quiet) is row_of(before, quiet)
    assert row_of(after, busy).nattch == 1


def test_a_table_that_may_not_be_opened_says_why(tmp_path: Path) -> None:
    found = Table(str(tmp_path)).read()
    assert found.caveat == f"rss and swap unknown: {tmp_path}: Is a directory"


def test_the_namespace_is_that_of_the_thread_that_reads(make_segment: MakeSegment) -> None:
    make_segment()
    table = Table()
    here = table.read()
    elsewhere: list[Listing] = []
    refusals: list[int] = []

    def read_elsewhere() -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(CLONE_NEWIPC):
            refusals.append(ctypes.get_errno())
        else:
            elsewhere.append(table.read())

    thread = threading.Thread(target=read_elsewhere)
    thread.start()
    thread.join()
    if refusals:
        pytest.skip(f"no second IPC namespace: {os.strerror(refusals[0])}")
    assert elsewhere[0].segments == {}
    assert elsewhere[0].namespace != here.namespace
    assert table.read().segments == here.segments
