"""Writing into real segments: exactly where asked, never into another, never with a crash."""

import contextlib
import mmap
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shmtui.sysv.errors import NoRoom, NotAllowed, Refused, ShmError
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.rewrite import check, rewriting
from shmtui.sysv.segment import Segment
from shmtui.sysv.window import Gone
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.conftest import Setting
from tests.sysv.rows import segment

PAGE = mmap.PAGESIZE
FLAG_2M = 21 << 26


@pytest.fixture
def evidence() -> Evidence:
    return Evidence()


@pytest.fixture
def file(tmp_path: Path) -> Iterator[int]:
    """A descriptor of a file that says `hello, there`."""
    path = tmp_path / "file"
    path.write_bytes(b"hello, there")
    descriptor = os.open(path, os.O_RDONLY)
    yield descriptor
    os.close(descriptor)


def test_bytes_of_a_file_are_put_where_asked_and_nowhere_else(
    make_segment: MakeSegment, evidence: Evidence, file: int
) -> None:
    shmid = make_segment(100)
    kernel.fill(shmid, b"." * 100)
    with rewriting(segment(shmid), evidence) as memory:
        assert memory.fill(10, 5, file, 7) == 5
        assert memory.fill(90, 10, file, 12) == 0
    assert kernel.content(shmid, 100) == b"." * 10 + b"there" + b"." * 85


def test_nobody_is_attached_afterwards_and_what_we_overwrote_is_known(
    make_segment: MakeSegment, attached_child: AttachedChild, evidence: Evidence, file: int
) -> None:
    shmid = make_segment(PAGE)
    child = attached_child(shmid)
    before = segment(shmid)
    with rewriting(before, evidence) as memory:
        memory.fill(0, 5, file, 0)
    after = segment(shmid)
    assert (after.nattch, after.lpid) == (1, os.getpid())
    assert evidence.original(after).lpid == before.lpid == child.pid


def test_cleared_pages_read_as_zeros_and_are_given_back(
    make_segment: MakeSegment, evidence: Evidence
) -> None:
    shmid = make_segment(5 * PAGE)
    kernel.fill(shmid, b"x" * 5 * PAGE)
    with rewriting(segment(shmid), evidence) as memory:
        memory.clear(PAGE - 10, 3 * PAGE)
    assert segment(shmid).rss == 3 * PAGE  # before anybody reads: that takes pages again
    assert kernel.content(shmid, 5 * PAGE) == (
        b"x" * (PAGE - 10) + bytes(3 * PAGE) + b"x" * (PAGE + 10)
    )


@pytest.mark.parametrize(("offset", "length"), [(10, 20), (0, 30), (PAGE - 5, 10), (PAGE, 1)])
def test_a_part_of_a_page_is_cleared_and_not_the_rest(
    make_segment: MakeSegment, evidence: Evidence, offset: int, length: int
) -> None:
    shmid = make_segment(2 * PAGE)
    kernel.fill(shmid, b"x" * 2 * PAGE)
    with rewriting(segment(shmid), evidence) as memory:
        memory.clear(offset, length)
    wanted = b"x" * offset + bytes(length) + b"x" * (2 * PAGE - offset - length)
    assert kernel.content(shmid, 2 * PAGE) == wanted


def test_the_last_page_is_given_back_though_the_size_cuts_it(
    make_segment: MakeSegment, evidence: Evidence
) -> None:
    shmid = make_segment(PAGE + 10)
    kernel.fill(shmid, b"x" * (PAGE + 10))
    with rewriting(segment(shmid), evidence) as memory:
        memory.clear(0, PAGE + 10)
    assert segment(shmid).rss == 0


def test_beyond_the_end_nothing_is_written(
    make_segment: MakeSegment, evidence: Evidence, file: int
) -> None:
    with (
        rewriting(segment(make_segment(100)), evidence) as memory,
        pytest.raises(ShmError, match="beyond its end"),
    ):
        memory.fill(96, 5, file, 0)


def test_what_has_its_id_by_now_is_not_written_to(
    make_segment: MakeSegment, evidence: Evidence, file: int
) -> None:
    shmid = make_segment(100)
    row = segment(shmid)
    other = row._replace(identity=row.identity._replace(cpid=row.cpid + 1))
    with pytest.raises(Gone), rewriting(other, evidence) as memory:
        memory.fill(0, 5, file, 0)
    assert kernel.content(shmid, 5) == bytes(5)


class JustBefore(Evidence):
    """As if the id had passed to another segment since the row was looked at."""

    @contextlib.contextmanager
    def attaching(self, segment: Segment) -> Iterator[Segment]:
        yield segment


def test_what_gets_its_id_at_the_last_moment_is_not_written_to(
    make_segment: MakeSegment, file: int
) -> None:
    shmid = make_segment(100)
    row = segment(shmid)
    other = row._replace(identity=row.identity._replace(cpid=row.cpid + 1))
    with pytest.raises(Gone), rewriting(other, JustBefore()) as memory:
        memory.fill(0, 5, file, 0)
    assert kernel.content(shmid, 5) == bytes(5)
    assert segment(shmid).nattch == 0


def test_a_removed_segment_is_gone(make_segment: MakeSegment, evidence: Evidence) -> None:
    shmid = make_segment(100)
    row = segment(shmid)
    kernel.rmid(shmid)
    with pytest.raises(Gone), rewriting(row, evidence):
        pass


def test_one_that_is_marked_for_destruction_is_refused(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(100)
    attached_child(shmid)
    kernel.rmid(shmid)
    with pytest.raises(Refused, match="goes with its last detach"):
        check(segment(shmid))


def test_one_that_our_detach_would_destroy_is_refused(
    make_segment: MakeSegment, attached_child: AttachedChild, kernel_setting: Setting
) -> None:
    shmid = make_segment(100)
    kernel_setting("kernel/shm_rmid_forced", 1)
    with pytest.raises(Refused, match="shm_rmid_forced is 1 and nothing is attached"):
        check(segment(shmid))
    kernel_setting("kernel/shm_rmid_forced", 0)
    attached_child(shmid)
    kernel_setting("kernel/shm_rmid_forced", 1)
    check(segment(shmid))


def test_huge_pages_that_ran_out_are_an_error_and_no_crash(evidence: Evidence, file: int) -> None:
    free = Path("/sys/kernel/mm/hugepages/hugepages-2048kB/free_hugepages")
    if not free.exists() or int(free.read_text()):
        pytest.skip("this needs huge pages of 2 MiB of which none is free")
    flags = 0o600 | kernel.IPC_CREAT | kernel.SHM_HUGETLB | kernel.SHM_NORESERVE | FLAG_2M
    shmid = kernel.shmget(kernel.IPC_PRIVATE, 2 << 20, flags)
    try:
        with (
            rewriting(segment(shmid), evidence) as memory,
            pytest.raises(NoRoom, match="no memory for its pages"),
        ):
            memory.fill(0, 5, file, 0)
    finally:
        kernel.rmid(shmid)


def test_another_users_segment_is_refused_in_words(make_segment: MakeSegment) -> None:
    shmid = make_segment(100, mode=0o444)
    code = (
        "from shmtui.sysv.rewrite import rewriting; from shmtui.sysv.evidence import Evidence;"
        "from tests.sysv.rows import segment\n"
        f"try:\n with rewriting(segment({shmid}), Evidence()): pass\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    done = kernel.as_user("nobody", [sys.executable, "-c", code], cwd=kernel.ROOT)
    assert done.stdout.startswith(f"{NotAllowed.__name__} segment {shmid} (private): mode 0444")
    assert "you are nobody" in done.stdout
