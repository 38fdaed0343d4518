"""Segments of huge pages: peek reads them, attach refuses, no reserved page is taken."""

import contextlib
import ctypes
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from shmtui.monitor.traceless import Traceless
from shmtui.sysv.attach import Attach
from shmtui.sysv.borrowed import Borrowed
from shmtui.sysv.content import Consent, Forbidden, Gap
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.gate import Terms
from shmtui.sysv.holders import scan
from shmtui.sysv.pages import PAGE_SIZE
from shmtui.sysv.peek import Peek
from shmtui.sysv.peer import Peer
from shmtui.sysv.window import Extent, PageCount
from tests import kernel
from tests.conftest import AttachedChild
from tests.sysv.conftest import Setting
from tests.sysv.rows import segment

HUGE = 2 << 20
PAGES = Path("/sys/kernel/mm/hugepages/hugepages-2048kB")
FLAG_2M = 21 << 26


@pytest.fixture
def huge(kernel_setting: Setting) -> Iterator[int]:
    """A segment of two huge pages, nothing written; its size is not a multiple of theirs."""
    if not PAGES.exists():
        pytest.skip("this machine has no huge pages of 2 MiB")
    kernel_setting("vm/nr_hugepages", int((PAGES / "nr_hugepages").read_text()) + 4)
    flags = 0o600 | kernel.IPC_CREAT | kernel.SHM_HUGETLB | FLAG_2M
    try:
        shmid = kernel.shmget(kernel.IPC_PRIVATE, 2 * HUGE - 100, flags)
    except OSError as error:
        pytest.skip(f"the kernel gives no huge pages: {error.strerror}")
    yield shmid
    with contextlib.suppress(OSError):
        kernel.rmid(shmid)


@pytest.mark.usefixtures("privileged")
def test_what_it_has_in_memory_is_told_by_its_file(
    huge: int, attached_child: AttachedChild
) -> None:
    attached_child(huge, b"huge", HUGE)
    row = segment(huge)
    read = Traceless(row, scan({row.identity: row}).holders[row.identity])
    assert read.resident_bytes() == HUGE


def test_its_holder_is_found(huge: int, attached_child: AttachedChild) -> None:
    child = attached_child(huge, b"huge", HUGE)
    row = segment(huge)
    assert [who.pid for who in scan({row.identity: row}).holders[row.identity]] == [child.pid]


@pytest.mark.usefixtures("privileged")
def test_peek_reads_it_and_takes_no_page(huge: int, attached_child: AttachedChild) -> None:
    child = attached_child(huge, b"huge", HUGE)
    before = kernel.row(huge)
    tap = Peek(segment(huge), [child.pid])
    assert tap.read(HUGE - 2, 6) == (HUGE - 2, b"\0\0huge", ())
    assert len(tap.read(0, 4 * HUGE).data) == 2 * HUGE - 100
    assert kernel.row(huge) == before  # with the pages taken in it


@pytest.mark.usefixtures("privileged")
def test_peek_knows_one_that_was_never_written(huge: int) -> None:
    address = kernel.shmat(huge)
    try:
        window = Peek(segment(huge), [os.getpid()]).read(0, 10)
    finally:
        kernel.shmdt(address)
    assert window.gaps == (Gap(0, 10, "never written"),)


def test_peer_reads_what_its_holder_touched(huge: int, attached_child: AttachedChild) -> None:
    child = attached_child(huge, b"huge", HUGE)
    before = kernel.row(huge)
    window = Peer(segment(huge), [child.pid]).read(HUGE - 2, 6)
    assert window.data == b"\0\0huge"
    assert window.gaps == (Gap(HUGE - 2, 2, "not mapped by that process"),)
    assert kernel.row(huge) == before


@pytest.mark.usefixtures("privileged")
def test_borrowed_reads_it_and_takes_no_page(huge: int) -> None:
    address = kernel.shmat(huge)
    ctypes.memmove(address, b"huge", 4)
    kernel.shmdt(address)
    taken = segment(huge).rss
    tap = Borrowed(segment(huge), Terms(Evidence(), Consent.GIVEN, False))
    assert tap.read(0, 4).data == b"huge"
    assert tap.read(HUGE, 4).data == bytes(4)
    tap.close()
    assert segment(huge).rss == taken


def test_attach_refuses_it_takes_no_page_and_does_not_try_again(huge: int) -> None:
    evidence = Evidence()
    tap = Attach(segment(huge), Terms(evidence, Consent.FORCED, False))
    for _ in range(2):
        with pytest.raises(Forbidden, match="needs peek"):
            tap.read(0, 10)
    row = segment(huge)
    assert (row.rss, row.nattch, evidence.attaches(row.identity)) == (0, 0, 1)


@pytest.mark.usefixtures("privileged")
def test_a_job_reads_all_of_it_and_takes_no_page(huge: int, attached_child: AttachedChild) -> None:
    child = attached_child(huge, b"huge", HUGE)
    before = kernel.row(huge)
    size = 2 * HUGE - 100
    room = bytearray(size)
    with Peek(segment(huge), [child.pid]).opened() as content:
        assert list(content.extents(5, size)) == [Extent(5, size, "")]
        content.read_into(memoryview(room), 0)
        with tempfile.TemporaryFile() as file:
            assert content.send(file.fileno(), 0, size) == 0  # the kernel does not do this
    assert room == bytes(HUGE) + b"huge" + bytes(HUGE - 104)
    assert kernel.row(huge) == before


@pytest.mark.usefixtures("privileged")
def test_which_of_its_pages_are_taken_is_known_only_where_all_are_or_none_is(
    huge: int, attached_child: AttachedChild
) -> None:
    size, every = 2 * HUGE - 100, 2 * HUGE // PAGE_SIZE
    counted = []
    for where in (None, 0, HUGE):
        child = attached_child(huge, b"huge" if where is not None else b"", where or 0)
        counted.append(Peek(segment(huge), [child.pid]).count(0, size))
    assert counted == [
        PageCount(0, 0, every, 0),
        PageCount(0, 0, 0, every),
        PageCount(every, 0, 0, 0),
    ]
