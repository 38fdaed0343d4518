"""Searching real segments: every match, wherever pieces begin, and nothing that nobody wrote."""

import mmap
import time
from collections.abc import Iterable

import pytest

from shmtui.decode.needle import MOST_BYTES
from shmtui.monitor.search import Counted, Hit, SoFar, count, find
from shmtui.monitor.source import Source
from shmtui.sysv.attachment import Forbidden
from shmtui.sysv.errors import BadArgument
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.window import Consent, Gone
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.sources import kept
from tests.sysv.rows import segment

PAGE = mmap.PAGESIZE
PIECE = 128 * 1024
MIB = 1024 * 1024


def source(shmid: int, consent: Consent = Consent.FORCED) -> Source:
    return kept(Source(segment(shmid), (), consent, Evidence()))


def hit(steps: Iterable[SoFar | Hit | Counted]) -> Hit | None:
    *progress, last = [None, *steps]
    assert all(isinstance(step, SoFar) for step in progress[1:])
    return last if isinstance(last, Hit) else None


def counted(steps: Iterable[SoFar | Counted]) -> Counted:
    *progress, last = steps
    assert all(isinstance(step, SoFar) for step in progress)
    assert isinstance(last, Counted)
    return last


@pytest.fixture
def told_always(monkeypatch: pytest.MonkeyPatch) -> None:
    """How far it is is told after each piece."""
    monkeypatch.setattr("shmtui.monitor.pace._EACH_S", 0.0)


@pytest.fixture
def three(make_segment: MakeSegment) -> int:
    """A segment of 100 bytes with `ab` at 10, 50 and 90."""
    shmid = make_segment(100)
    for offset in (10, 50, 90):
        kernel.fill(shmid, b"ab", offset)
    return shmid


@pytest.mark.parametrize(
    ("origin", "forwards", "found"),
    [
        (0, True, Hit(10, False)),
        (9, True, Hit(10, False)),
        (10, True, Hit(50, False)),
        (11, True, Hit(50, False)),
        (90, True, Hit(10, True)),
        (99, True, Hit(10, True)),
        (99, False, Hit(90, False)),
        (51, False, Hit(50, False)),
        (50, False, Hit(10, False)),
        (10, False, Hit(90, True)),
        (0, False, Hit(90, True)),
    ],
)
def test_the_next_match_is_found_once_around(
    three: int, origin: int, forwards: bool, found: Hit
) -> None:
    assert hit(find(source(three), b"ab", origin, forwards)) == found


@pytest.mark.parametrize("forwards", [True, False])
def test_where_nothing_is_found_it_tells_what_was_not_searched(
    make_segment: MakeSegment, forwards: bool
) -> None:
    shmid = make_segment(3 * PAGE)
    kernel.fill(shmid, b"a", PAGE)
    *_, last = find(source(shmid), b"b", PAGE, forwards)
    assert last == Counted(0, True, 0, {"never written": 2 * PAGE})


@pytest.mark.parametrize("forwards", [True, False])
def test_the_only_match_is_found_again_after_a_whole_round(
    make_segment: MakeSegment, forwards: bool
) -> None:
    shmid = make_segment(100)
    kernel.fill(shmid, b"needle", 40)
    assert hit(find(source(shmid), b"needle", 40, forwards)) == Hit(40, True)
    assert hit(find(source(shmid), b"needles", 40, forwards)) is None


def test_matches_are_counted_and_each_has_its_place(three: int) -> None:
    for index, offset in enumerate((10, 50, 90), start=1):
        assert counted(count(source(three), b"ab", offset)) == Counted(3, True, index, {})


@pytest.mark.parametrize("edge", [PIECE, MIB, 3 * MIB - PIECE])
@pytest.mark.parametrize("before", [0, 1, 3, 5, 6])
def test_a_match_across_the_edge_of_a_piece_is_found_once(
    make_segment: MakeSegment, edge: int, before: int
) -> None:
    shmid = make_segment(3 * MIB)
    kernel.fill(shmid, b"." * 3 * MIB)
    kernel.fill(shmid, b"needle", edge - before)
    at = edge - before
    assert hit(find(source(shmid), b"needle", 0, True)) == Hit(at, False)
    assert hit(find(source(shmid), b"needle", 3 * MIB - 1, False)) == Hit(at, False)
    assert counted(count(source(shmid), b"needle", at)) == Counted(1, True, 1, {})


def test_a_match_that_is_everywhere_is_counted_whole(make_segment: MakeSegment) -> None:
    shmid = make_segment(3 * MIB)
    kernel.fill(shmid, b"a" * 3 * MIB)
    found = counted(count(source(shmid), b"aaaa", MIB))
    assert found == Counted(3 * MIB - 3, True, MIB + 1, {})
    assert hit(find(source(shmid), b"aaaa", MIB, True)) == Hit(MIB + 1, False)
    assert hit(find(source(shmid), b"aaaa", MIB, False)) == Hit(MIB - 1, False)


def test_zeros_that_nobody_wrote_are_not_searched(make_segment: MakeSegment) -> None:
    shmid = make_segment(4 * PAGE)
    kernel.fill(shmid, b"a" * PAGE, PAGE)
    assert hit(find(source(shmid), b"a\0", 0, True)) is None
    assert hit(find(source(shmid), b"\0", 0, True)) is None
    assert counted(count(source(shmid), b"a", PAGE)).skipped == {"never written": 3 * PAGE}


@pytest.mark.parametrize("forwards", [True, False])
def test_64_sparse_gib_are_searched_in_no_time_and_take_no_page(forwards: bool) -> None:
    flags = 0o600 | kernel.IPC_CREAT | kernel.SHM_NORESERVE
    shmid = kernel.shmget(kernel.IPC_PRIVATE, 64 << 30, flags)
    try:
        kernel.fill(shmid, b"needle", 40 << 30)
        began = time.monotonic()
        assert hit(find(source(shmid), b"needle", 1, forwards)) == Hit(40 << 30, not forwards)
        assert time.monotonic() - began < 5.0
        assert segment(shmid).rss == PAGE
    finally:
        kernel.rmid(shmid)


@pytest.mark.usefixtures("told_always")
@pytest.mark.parametrize("forwards", [True, False])
def test_progress_goes_from_nothing_to_all(make_segment: MakeSegment, forwards: bool) -> None:
    shmid = make_segment(40 * MIB)
    kernel.fill(shmid, b"." * 40 * MIB)
    steps = list(find(source(shmid), b"needle", 20 * MIB, forwards))
    done = [step.done for step in steps if isinstance(step, SoFar)]
    assert len(done) == len(steps) - 1 >= 2
    assert done == sorted(done)
    assert done[0] <= 17 * MIB
    assert done[-1] > 20 * MIB
    assert {step.total for step in steps if isinstance(step, SoFar)} == {40 * MIB}


@pytest.mark.usefixtures("told_always")
def test_closing_it_cancels_it(make_segment: MakeSegment) -> None:
    shmid = make_segment(40 * MIB)
    kernel.fill(shmid, b"." * 40 * MIB)
    steps = count(source(shmid), b"needle", 0)
    first = next(steps)
    assert isinstance(first, SoFar)
    assert first.done < first.total
    steps.close()
    assert list(steps) == []
    assert segment(shmid).nattch == 0


@pytest.mark.usefixtures("told_always")
def test_a_segment_that_goes_while_it_is_searched_is_said_to_be_gone(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(40 * MIB)
    kernel.fill(shmid, b"." * 40 * MIB)
    child = attached_child(shmid)
    steps = find(source(shmid), b"needle", 0, True)
    assert isinstance(next(steps), SoFar)
    kernel.rmid(shmid)
    child.kill()
    child.wait()
    with pytest.raises(Gone, match=f"segment {shmid} .* is gone"):
        list(steps)


def test_what_may_only_be_attached_is_not_searched_without_consent(three: int) -> None:
    with pytest.raises(Forbidden, match="last pid and attach time change"):
        list(find(source(three, Consent.TRACELESS), b"ab", 0, True))


@pytest.mark.parametrize("needle", [b"", b"a" * (MOST_BYTES + 1)])
def test_what_cannot_be_searched_for_is_refused(three: int, needle: bytes) -> None:
    with pytest.raises(BadArgument, match="from 1 to 4096 can be"):
        list(find(source(three), needle, 0, True))
    with pytest.raises(BadArgument, match=f"has {len(needle)} bytes"):
        list(count(source(three), needle, 0))
