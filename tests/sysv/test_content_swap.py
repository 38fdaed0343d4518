"""Swapped pages: they are never read in by looking, and never taken for holes."""

import ctypes
import mmap
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from shmtui.sysv import attach, memory, shmctl
from shmtui.sysv.attach import Attach
from shmtui.sysv.borrowed import Borrowed
from shmtui.sysv.content import Consent, Gap
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.gate import Terms
from shmtui.sysv.peek import Peek
from shmtui.sysv.ranges import tally
from shmtui.sysv.window import PageCount
from tests import kernel
from tests.conftest import MakeSegment
from tests.sysv.rows import segment
from tests.waiting import wait_until

PAGE = mmap.PAGESIZE
MADV_PAGEOUT = 21
SWAP_BYTES = 16 << 20

_libc = ctypes.CDLL(None, use_errno=True)
_libc.madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)


def test_the_swap_of_the_machine_is_what_proc_says() -> None:
    lines = Path("/proc/meminfo").read_text().splitlines()
    (swap,) = (line for line in lines if line.startswith("SwapTotal:"))
    assert shmctl.swap_total() == int(swap.split()[1]) * 1024


@pytest.mark.parametrize(("swap_total", "why"), [(0, "never written"), (1, "not resident")])
def test_only_without_swap_a_page_that_is_not_resident_was_never_written(
    swap_total: int, why: str
) -> None:
    assert attach.why_absent(swap_total) == why


@pytest.fixture
def swap(tmp_path: Path) -> Iterator[None]:
    """Some swap: the machine's, or a file's for the test. Skips where there can be none."""
    if shmctl.swap_total():
        yield
        return
    if shutil.which("mkswap") is None or shutil.which("swapon") is None:
        pytest.skip("no swap, and no mkswap and swapon to make some")
    file = tmp_path / "swap"
    file.touch(0o600)
    file.write_bytes(bytes(SWAP_BYTES))
    subprocess.run(["mkswap", file], check=True, capture_output=True)
    done = subprocess.run(["swapon", file], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no swap, and none can be made: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["swapoff", file], check=True)


@pytest.fixture
def swapped(swap: None, make_segment: MakeSegment) -> Iterator[int]:
    """A segment of four pages: a hole, one swapped out, one in memory, a hole. Held by us."""
    shmid = make_segment(size=4 * PAGE)
    address = kernel.shmat(shmid)
    try:
        ctypes.memset(address + PAGE, 0x11, 2 * PAGE)
        assert _libc.madvise(address + PAGE, PAGE, MADV_PAGEOUT) == 0
        if not out(shmid):
            pytest.skip("the kernel does not swap the page out when asked (MADV_PAGEOUT)")
        yield shmid
    finally:
        kernel.shmdt(address)


def out(shmid: int) -> bool:
    """Whether one page goes to swap within a moment."""
    try:
        wait_until(lambda: segment(shmid).swap == PAGE, timeout_s=2.0)
    except AssertionError:
        return False
    return True


@pytest.mark.usefixtures("privileged")
def test_peek_leaves_a_swapped_page_where_it_is(swapped: int) -> None:
    before = kernel.row(swapped)
    window = Peek(segment(swapped), [os.getpid()]).read(0, 4 * PAGE)
    assert window.gaps == (
        Gap(0, PAGE, "never written"),
        Gap(PAGE, PAGE, "swapped out"),
        Gap(3 * PAGE, PAGE, "never written"),
    )
    assert window.data[2 * PAGE : 3 * PAGE] == b"\x11" * PAGE
    assert kernel.row(swapped) == before


def test_attach_calls_no_hole_never_written_where_there_is_swap(swapped: int) -> None:
    window = Attach(segment(swapped), Terms(Evidence(), Consent.GIVEN, False)).read(0, 4 * PAGE)
    assert {gap.why for gap in window.gaps} == {"not resident"}
    # The page is still on its way out, which counts as resident, or it is out.
    assert window.data[2 * PAGE :] == b"\x11" * PAGE + bytes(PAGE)


@pytest.mark.usefixtures("privileged")
def test_borrowed_leaves_a_swapped_page_where_it_is(swapped: int) -> None:
    tap = Borrowed(segment(swapped), Terms(Evidence(), Consent.GIVEN, False))
    window = tap.read(0, 4 * PAGE)
    tap.close()
    assert [gap.why for gap in window.gaps] == ["never written", "swapped out", "never written"]
    assert segment(swapped).swap == PAGE


@pytest.mark.usefixtures("privileged")
@pytest.mark.parametrize("old", [False, True], ids=["cachestat", "mincore"])
def test_a_swapped_page_is_counted_as_swapped_and_stays_there(
    swapped: int, monkeypatch: pytest.MonkeyPatch, old: bool
) -> None:
    if old:
        monkeypatch.setattr(memory, "cached", lambda *_: None)
        # To mincore a page that is on its way out is in memory still: as if it were there.
        monkeypatch.setattr(memory, "resident_in_file", lambda *_: bytes([0, 0, 1, 0]))
    before = kernel.row(swapped)
    tap = Peek(segment(swapped), [os.getpid()])
    assert tap.count(0, 4 * PAGE) == PageCount(1, 1, 2, 0)
    with tap.opened() as content:
        assert tally(content.extents(0, 4 * PAGE)) == PageCount(1, 1, 2, 0)
    assert kernel.row(swapped) == before


@pytest.mark.usefixtures("privileged")
def test_a_swapped_page_is_read_in_where_a_job_wants_it(swapped: int) -> None:
    room = bytearray(PAGE)
    with Peek(segment(swapped), [os.getpid()]).opened() as content:
        content.read_into(memoryview(room), PAGE)
    assert bytes(room) == b"\x11" * PAGE


def test_attach_counts_what_is_not_in_memory_as_unknown_where_there_is_swap(swapped: int) -> None:
    tap = Attach(segment(swapped), Terms(Evidence(), Consent.GIVEN, False))
    assert tap.count(2 * PAGE, 4 * PAGE) is None
    tap.read(2 * PAGE, PAGE)
    assert tap.count(2 * PAGE, 4 * PAGE) == PageCount(1, 0, 0, 1)
