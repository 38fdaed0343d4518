"""What pages are, asked of the kernel: the same answers with cachestat and without, never read."""

import ctypes
import mmap
import os
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shmtui.sysv import memory, residency
from shmtui.sysv.memory import Cached
from shmtui.sysv.peek import Peek
from shmtui.sysv.ranges import Range, joined, tally
from shmtui.sysv.window import Extent, PageCount
from tests import kernel
from tests.conftest import MakeSegment
from tests.sysv.rows import segment

pytestmark = pytest.mark.usefixtures("privileged")

PAGE = mmap.PAGESIZE
MIB = 1 << 20
GIB = 1 << 30


class Mapped(NamedTuple):
    """A segment that we have attached."""

    shmid: int
    address: int

    def descriptor(self) -> int:
        found = Peek(segment(self.shmid), [os.getpid()]).open()
        assert found is not None
        return found


@pytest.fixture
def mapped(make_segment: MakeSegment) -> Iterator[Callable[[int], Mapped]]:
    """Makes a segment of so many bytes, attached until the end."""
    addresses = []

    def make(size: int) -> Mapped:
        shmid = make_segment(size=size, mode=0o600 | kernel.SHM_NORESERVE)
        addresses.append(kernel.shmat(shmid))
        return Mapped(shmid, addresses[-1])

    yield make
    for address in addresses:
        kernel.shmdt(address)


def without_cachestat(_descriptor: int, _offset: int, _length: int) -> None:
    """As on Linux before 6.5."""


@pytest.fixture(params=["cachestat", "mincore"])
def kernels(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "mincore":
        monkeypatch.setattr(memory, "cached", without_cachestat)


def test_an_older_kernel_has_no_cachestat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_CACHESTAT", 100_000)
    with open(__file__, "rb") as file:
        assert memory.cached(file.fileno(), 0, PAGE) is None


@pytest.mark.usefixtures("kernels")
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sets(st.integers(0, 63)), st.integers(0, 64 * PAGE), st.integers(0, 64 * PAGE))
def test_each_page_is_called_what_it_is(
    make_segment: MakeSegment, pages: set[int], one: int, other: int
) -> None:
    shmid = make_segment(size=64 * PAGE)
    address = kernel.shmat(shmid)
    for page in pages:
        ctypes.memset(address + page * PAGE, 1, 1)
    before = kernel.row(shmid)
    start, end = sorted((one, other))
    descriptor = Mapped(shmid, address).descriptor()
    try:
        found = list(residency.extents(descriptor, Range(start, end)))
        base = start // PAGE * PAGE
        counted = residency.count(descriptor, Range(base, end))
    finally:
        os.close(descriptor)
    kinds = [(at // PAGE in pages) for at in range(base, end, PAGE)]
    assert all(one.end == other.start for one, other in pairwise(found))
    assert sum(extent.end - extent.start for extent in found) == end - start
    for extent in found:
        for at in range(extent.start // PAGE * PAGE, extent.end, PAGE):
            assert extent.why == ("" if at // PAGE in pages else "never written")
    assert counted == PageCount(sum(kinds), 0, len(kinds) - sum(kinds), 0)
    assert kernel.row(shmid) == before
    kernel.shmdt(address)
    kernel.rmid(shmid)


@pytest.mark.usefixtures("kernels")
def test_64_gib_of_holes_take_few_questions_and_no_page(
    mapped: Callable[[int], Mapped],
) -> None:
    it = mapped(64 * GIB)
    ctypes.memset(it.address + 40 * GIB, 1, 1)
    descriptor = it.descriptor()
    try:
        found = list(joined(residency.extents(descriptor, Range(0, 64 * GIB))))
        parts = sum(1 for _ in residency.extents(descriptor, Range(0, 64 * GIB)))
    finally:
        os.close(descriptor)
    there = 40 * GIB
    assert found == [
        Extent(0, there, "never written"),
        Extent(there, there + PAGE, ""),
        Extent(there + PAGE, 64 * GIB, "never written"),
    ]
    assert parts < 500
    assert segment(it.shmid).rss == PAGE


def test_a_window_asks_of_nothing_beyond_it_however_much_is_in_memory(
    mapped: Callable[[int], Mapped], monkeypatch: pytest.MonkeyPatch
) -> None:
    it = mapped(64 * MIB)
    ctypes.memset(it.address, 1, 64 * MIB)
    asked: list[tuple[int, int]] = []
    really = memory.cached

    def ask(descriptor: int, offset: int, length: int) -> Cached | None:
        asked.append((offset, length))
        return really(descriptor, offset, length)

    def seek(*_: object) -> int:
        raise AssertionError("SEEK_HOLE walks all that is in memory")

    monkeypatch.setattr(memory, "cached", ask)
    monkeypatch.setattr(os, "lseek", seek)
    Peek(segment(it.shmid), [os.getpid()]).read(5 * PAGE + 7, 3 * PAGE)
    assert asked == [(5 * PAGE, 3 * PAGE + 7)]


def test_what_goes_to_swap_between_two_questions_is_not_called_a_hole(
    mapped: Callable[[int], Mapped], monkeypatch: pytest.MonkeyPatch
) -> None:
    it = mapped(4 * PAGE)
    ctypes.memset(it.address + PAGE, 1, 2 * PAGE)
    # By mincore's answer all has left memory since.
    monkeypatch.setattr(memory, "resident_in_file", lambda _file, _at, size: bytes(size // PAGE))
    descriptor = it.descriptor()
    try:
        found = list(residency.extents(descriptor, Range(0, 4 * PAGE)))
    finally:
        os.close(descriptor)
    assert tally(found) == PageCount(2, 0, 2, 0)
