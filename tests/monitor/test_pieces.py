"""A walk over a segment by pieces: every byte once, in order, with its overlap, through any tap."""

import contextlib
import mmap
import os
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shmtui.monitor.pieces import PIECE_BYTES, Piece, pieces
from shmtui.monitor.source import Source
from shmtui.sysv.attach import Attach
from shmtui.sysv.borrowed import Borrowed
from shmtui.sysv.content import TAPS, Consent, Forbidden, Gone, Lost, Tap, can_peek
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.gate import Terms
from shmtui.sysv.peek import Peek
from shmtui.sysv.peer import Peer
from shmtui.sysv.ranges import Range
from shmtui.sysv.window import TRACELESS, WHYS, Content, Extent, Why
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.sources import kept
from tests.sysv.descriptors import open_segments
from tests.sysv.rows import segment

PAGE = mmap.PAGESIZE
MIB = 1 << 20
GIB = 1 << 30

needs_peek = pytest.mark.skipif(not can_peek(), reason="needs root in the initial user namespace")


class Held(NamedTuple):
    shmid: int
    child: subprocess.Popen[bytes]


class Made:
    """A content made of runs, each of so many bytes that can be read or, with a reason, cannot."""

    def __init__(self, runs: list[tuple[int, Why | str]], spell_bytes: int) -> None:
        self.spell_bytes = spell_bytes
        self.extents_of_all = []
        at = 0
        for length, why in runs:
            self.extents_of_all.append(Extent(at, at + length, why))  # type: ignore[arg-type]
            at += length
        self.size = at
        self.data = bytes(n * 7 % 251 for n in range(at))
        self.opened = False
        self.left = 0
        self.lost = 0

    @contextlib.contextmanager
    def spell(self) -> Iterator[Content]:
        self.opened = True
        self.left = self.spell_bytes
        yield self
        self.opened = False

    def lose(self) -> None:
        self.lost += 1

    def extents(self, start: int, end: int) -> Iterator[Extent]:
        for extent in self.extents_of_all:
            part = Range(extent.start, extent.end).clip(start, end)
            if not part.empty:
                yield Extent(*part, extent.why)

    def read_into(self, room: memoryview, offset: int) -> None:
        assert self.opened
        self.left -= len(room)
        assert self.left >= 0
        assert self.is_data(offset, offset + len(room))
        room[:] = self.data[offset : offset + len(room)]

    def is_data(self, start: int, end: int) -> bool:
        return all(extent.why in ("", "swapped out") for extent in self.extents(start, end))


class Sending(Made):
    """It sends to a file three bytes at a time, but for the one at `refused`."""

    def __init__(self, made: Made, refused: int) -> None:
        self.__dict__.update(made.__dict__)
        self.refused = refused
        self.send_bytes = made.spell_bytes

    def send(self, descriptor: int, offset: int, length: int) -> int:
        assert self.opened
        assert self.is_data(offset, offset + length)
        end = min(offset + length, offset + 3)
        if offset <= self.refused < offset + length:
            end = min(end, self.refused)
        return os.pwrite(descriptor, self.data[offset:end], offset)


@st.composite
def walks(draw: st.DrawFn) -> tuple[Made, int, int]:
    kinds = st.sampled_from(["", "", *WHYS])
    runs = draw(st.lists(st.tuples(st.integers(1, 40), kinds), min_size=1, max_size=12))
    made = Made(runs, draw(st.integers(1, 12)))
    start = draw(st.integers(0, made.size))
    return made, start, draw(st.integers(start, made.size))


@settings(max_examples=300)
@given(walks(), st.booleans(), st.integers(0, 9), st.booleans(), st.integers(1, 20))
def test_every_byte_comes_once_in_order_with_what_was_read_beside_it(
    walk: tuple[Made, int, int], backwards: bool, overlap: int, swapped: bool, piece_bytes: int
) -> None:
    made, start, end = walk
    at = end if backwards else start
    run = 0  # bytes read without a gap up to `at`
    for piece in pieces(
        made,
        start,
        end,
        backwards=backwards,
        overlap=overlap,
        swapped=swapped,
        piece_bytes=piece_bytes,
    ):
        assert not made.opened
        low, high = piece.offset, piece.offset + piece.length
        if piece.why:
            again = 0
            assert len(piece.data) == 0
            assert {extent.why for extent in made.extents(low, high)} == {piece.why}
            assert not (swapped and piece.why == "swapped out")
            run = 0
        else:
            assert bytes(piece.data) == made.data[low:high]
            again = min(overlap, run)
            assert piece.length - again <= piece_bytes
            run += piece.length - again
        assert at == (high - again if backwards else low + again)
        at = low if backwards else high
    assert at == (start if backwards else end)


@given(walks())
def test_pages_in_swap_are_read_only_when_that_is_asked_for(walk: tuple[Made, int, int]) -> None:
    made, start, end = walk
    out = sum(e.end - e.start for e in made.extents(start, end) if e.why == "swapped out")
    gaps = sum(p.length for p in pieces(made, start, end) if p.why == "swapped out")
    assert gaps == out
    assert all(p.why != "swapped out" for p in pieces(made, start, end, swapped=True))


@given(walks(), st.integers(0, 100))
def test_what_a_tap_sends_to_a_file_is_there_and_the_rest_is_read(
    walk: tuple[Made, int, int], refused: int
) -> None:
    made, start, end = walk
    at = start
    with tempfile.TemporaryFile() as file:
        for piece in pieces(Sending(made, refused), start, end, into=file.fileno()):
            assert piece.offset == at
            at += piece.length
            if not piece.why:
                there = os.pread(file.fileno(), piece.length, piece.offset)
                assert (bytes(piece.data) or there) == made.data[piece.offset : at]
                assert bool(piece.data) == (piece.offset <= refused < at)
    assert at == end


def test_a_page_that_is_let_go_of_while_it_is_read_is_asked_for_again() -> None:
    made = Made([(10, "")], 4)
    read, times = made.read_into, iter([True, True, False, False, False])

    def lose_twice(room: memoryview, offset: int) -> None:
        if next(times):
            raise Lost("let go of")
        read(room, offset)

    made.read_into = lose_twice  # type: ignore[method-assign]
    assert b"".join(bytes(piece.data) for piece in pieces(made, 0, 10)) == made.data
    assert made.lost == 2


def test_what_is_never_found_again_is_said_instead_of_trying_for_ever() -> None:
    made = Made([(10, "")], 4)

    def lose(room: memoryview, offset: int) -> None:
        raise Lost("let go of")

    made.read_into = lose  # type: ignore[method-assign]
    with pytest.raises(Lost):
        list(pieces(made, 0, 10))


def source(shmid: int, *pids: int, consent: Consent = Consent.TRACELESS) -> Source:
    return kept(Source(segment(shmid), pids, consent, Evidence()))


def together(found: Iterator[Piece]) -> bytes:
    """All bytes of an ascending walk, gaps as zeros."""
    return b"".join(bytes(piece.data) if not piece.why else bytes(piece.length) for piece in found)


class Through:
    """One tap, chosen once."""

    def __init__(self, tap: Tap) -> None:
        self.tap = tap

    def spell(self) -> contextlib.AbstractContextManager[Content]:
        return self.tap.opened()

    def lose(self) -> None:
        """There is no other."""


@pytest.mark.parametrize("name", TAPS)
def test_a_walk_gives_what_is_there_whichever_tap_it_goes_through(
    make_segment: MakeSegment, attached_child: AttachedChild, name: str
) -> None:
    if name in ("peek", "borrowed") and not can_peek():
        pytest.skip("needs root in the initial user namespace")
    size = 3 * MIB + 123
    shmid = make_segment(size=size)
    content = os.urandom(9 * PAGE)
    pids = [attached_child(shmid, content, MIB + 7).pid] if name != "borrowed" else []
    if not pids:
        kernel.fill(shmid, content, MIB + 7)
    row, before = segment(shmid), kernel.row(shmid)
    terms = Terms(Evidence(), Consent.GIVEN, False)
    taps: dict[str, Tap] = {
        "peek": Peek(row, pids),
        "peer": Peer(row, pids),
        "borrowed": Borrowed(row, terms),
        "attach": Attach(row, terms),
    }
    tap = taps[name]
    for backwards in (False, True):
        found = list(pieces(Through(tap), 0, size, backwards=backwards, piece_bytes=PAGE))
        kept = [(piece.offset, piece.length, piece.why) for piece in found]
        assert len(kept) == 2 + 10
        seen = together(pieces(Through(tap), 0, size, piece_bytes=PAGE))
        assert seen == bytes(MIB + 7) + content + bytes(size - len(content) - MIB - 7)
    tap.close()
    assert segment(shmid).rss == 10 * PAGE
    if name in TRACELESS:
        assert kernel.row(shmid) == before
    assert open_segments() == []


@pytest.fixture
def held(make_segment: MakeSegment, attached_child: AttachedChild) -> Held:
    """16 MiB of ones, and a process that maps them."""
    shmid = make_segment(size=16 * MIB)
    kernel.fill(shmid, b"\x01" * (16 * MIB))
    return Held(shmid, attached_child(shmid))


@needs_peek
def test_nothing_is_open_while_a_piece_is_looked_at(held: Held) -> None:
    before = kernel.row(held.shmid)
    for piece in pieces(source(held.shmid, held.child.pid), 0, 16 * MIB):
        assert piece.length <= PIECE_BYTES
        assert open_segments() == []
    assert kernel.row(held.shmid) == before


@needs_peek
def test_64_gib_of_holes_are_one_gap_and_gain_no_page(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    size = 64 * GIB
    shmid = make_segment(size=size, mode=0o600 | kernel.SHM_NORESERVE)
    child = attached_child(shmid, b"here", size // 2)
    before = kernel.row(shmid)
    for backwards in (False, True):
        found = list(pieces(source(shmid, child.pid), 0, size, backwards=backwards))
        data = [piece for piece in found if not piece.why]
        assert [(piece.offset, piece.length) for piece in data] == [(size // 2, PAGE)]
        assert sum(piece.length for piece in found) == size
        assert all(one.why != other.why for one, other in pairwise(found))
    assert kernel.row(shmid) == before


@needs_peek
def test_a_segment_that_goes_during_a_walk_is_gone(held: Held) -> None:
    walk = pieces(source(held.shmid, held.child.pid), 0, 16 * MIB)
    next(walk)
    kernel.rmid(held.shmid)
    held.child.kill()
    held.child.wait()
    with pytest.raises(Gone):
        list(walk)


@needs_peek
def test_another_holder_takes_over_when_the_first_one_ends(
    held: Held, attached_child: AttachedChild
) -> None:
    second = attached_child(held.shmid)
    walk = pieces(source(held.shmid, held.child.pid, second.pid), 0, 16 * MIB)
    got = bytes(next(walk).data)
    held.child.kill()
    held.child.wait()
    got += b"".join(bytes(piece.data) for piece in walk)
    assert got == b"\x01" * (16 * MIB)


@needs_peek
def test_whoever_attaches_to_a_borrowed_segment_is_read_through(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(size=8 * MIB)
    kernel.fill(shmid, b"\x01" * (8 * MIB))
    jobs = source(shmid, consent=Consent.GIVEN)
    walk = pieces(jobs, 0, 8 * MIB)
    next(walk)
    assert jobs.tap == "borrowed"
    attached_child(shmid)
    assert sum(piece.length for piece in walk) == 8 * MIB - PIECE_BYTES
    assert jobs.tap == "peek"
    assert open_segments() == []


@pytest.mark.parametrize("consent", [Consent.TRACELESS, Consent.ASK])
def test_without_consent_nothing_is_attached_and_the_refusal_says_why(
    make_segment: MakeSegment, consent: Consent
) -> None:
    shmid = make_segment()
    before = kernel.row(shmid)
    with pytest.raises(Forbidden) as error:
        list(pieces(source(shmid, consent=consent), 0, 4096))
    assert error.value.refusal.needs_consent
    assert kernel.row(shmid) == before


@needs_peek
def test_what_nobody_holds_is_walked_with_one_attach(make_segment: MakeSegment) -> None:
    shmid = make_segment(size=8 * MIB)
    kernel.fill(shmid, b"\x02" * (6 * MIB), MIB)
    evidence = Evidence()
    row = segment(shmid)
    jobs = Source(row, [], Consent.GIVEN, evidence)
    seen = together(pieces(jobs, 0, 8 * MIB))
    jobs.close()
    assert seen == bytes(MIB) + b"\x02" * (6 * MIB) + bytes(MIB)
    assert (jobs.tap, evidence.attaches(row.identity)) == ("borrowed", 1)
    assert open_segments() == []
    assert segment(shmid).rss == 6 * MIB
