"""Searches a whole segment, piece by piece, for a run of bytes: the next place, or how many.

Generators that yield progress; closing one cancels the search. Only what was written is searched:
zeros that nobody wrote are never found, and a match never spans a stretch that cannot be read.
The source stays its maker's to close. Nothing here is for a UI thread.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from shmtui.decode.needle import MOST_BYTES
from shmtui.monitor.matches import Found, Matcher
from shmtui.monitor.pace import Pace
from shmtui.monitor.pieces import Piece, pieces
from shmtui.monitor.source import Source
from shmtui.sysv.errors import BadArgument
from shmtui.sysv.window import Why


class SoFar(NamedTuple):
    """How far a search is."""

    done: int
    """Bytes of the segment that are behind it, stretches that cannot be read included."""
    total: int
    matches: int
    """So far; 0 while the next one is looked for."""


class Hit(NamedTuple):
    """A match."""

    offset: int
    wrapped: bool
    """It was found beyond the end (or the start) of the segment, from the other one on."""


@dataclass(frozen=True, slots=True)
class Counted:
    """All matches; overlapping ones count, as each can be gone to."""

    matches: int
    exact: bool
    """False: there are more, many of which overlap."""
    index: int
    """The place of the hit among them, from 1; at least so far where not `exact`."""
    skipped: dict[Why, int]
    """Bytes that were not searched."""


def find(
    source: Source, needle: bytes, origin: int, forwards: bool
) -> Generator[SoFar | Hit | Counted, None, None]:
    """The next match that begins after `origin`, or before it, once around; at last one at it.

    Ends with the Hit; without a match with a Counted of none, which tells what was not searched.
    Raises BadArgument for a needle that is empty or too long, and what `pieces` raises: Gone,
    Forbidden, ShmError.
    """
    _check(needle)
    matcher = Matcher(needle)
    walk = _Walk(source, needle)
    legs = _legs(walk.total, needle, origin, forwards)
    for wrapped, (start, end) in enumerate(legs):
        for piece in walk.pieces(start, end, backwards=not forwards):
            look = matcher.first if forwards else matcher.last
            at = look(walk.room, len(piece.data))
            if at >= 0:
                yield Hit(piece.offset + at, bool(wrapped))
                return
            if walk.pace.is_due():
                yield walk.so_far(0)
    yield Counted(0, True, 0, walk.skipped)


def count(source: Source, needle: bytes, hit: int) -> Generator[SoFar | Counted, None, None]:
    """How many matches there are, and which of them begins at `hit`. Raises as `find` does."""
    _check(needle)
    matcher = Matcher(needle)
    walk = _Walk(source, needle)
    found = before = Found(0, True)
    for piece in walk.pieces(0, walk.total):
        here = matcher.count(walk.room, len(piece.data))
        found = _sum(found, here)
        reach = min(len(piece.data), hit - piece.offset + len(needle))
        if reach == len(piece.data):
            before = _sum(before, here)
        elif reach > 0:
            before = _sum(before, matcher.count(walk.room, reach))
        if walk.pace.is_due():
            yield walk.so_far(found.matches)
    index = min(before.matches, found.matches)  # where neither is exact
    yield Counted(found.matches, found.exact, index, walk.skipped)


class _Walk:
    """The pieces of a search, as they pass."""

    def __init__(self, source: Source, needle: bytes) -> None:
        self._source = source
        self._overlap = len(needle) - 1
        self.total = source.segment.size
        self.pace = Pace(self.total)
        self._done = 0
        self.room = bytearray()
        """Holds the piece's data: a memoryview has no `find`, and a copy into a new place each
        time costs more than the search."""
        self.skipped: dict[Why, int] = {}

    def pieces(self, start: int, end: int, backwards: bool = False) -> Iterator[Piece]:
        """Each that can be read, its data in `room`; and gaps, without data."""
        edge = end if backwards else start
        for piece in pieces(self._source, start, end, backwards=backwards, overlap=self._overlap):
            self._take(piece)
            far = piece.offset if backwards else piece.offset + piece.length
            self._done = min(self.total, self._done + abs(far - edge))
            edge = far
            yield piece

    def so_far(self, matches: int) -> SoFar:
        """How far it is, with so many matches."""
        now = self.pace.at(self._done)
        return SoFar(now.done, now.total, matches)

    def _take(self, piece: Piece) -> None:
        if piece.why:
            self.skipped[piece.why] = self.skipped.get(piece.why, 0) + piece.length
            return
        size = len(piece.data)
        if len(self.room) < size:
            self.room = bytearray(size)
        with memoryview(self.room) as room:
            room[:size] = piece.data


def _legs(size: int, needle: bytes, origin: int, forwards: bool) -> Iterator[tuple[int, int]]:
    """The stretches that hold the matches after the origin, and then all others."""
    if forwards:
        yield min(size, origin + 1), size
        yield 0, min(size, origin + len(needle))
    else:
        yield 0, min(size, origin + len(needle) - 1)
        yield origin, size


def _check(needle: bytes) -> None:
    if not 0 < len(needle) <= MOST_BYTES:
        raise BadArgument(
            f"what is searched for has {len(needle)} bytes: from 1 to {MOST_BYTES} can be"
        )


def _sum(one: Found, other: Found) -> Found:
    return Found(one.matches + other.matches, one.exact and other.exact)
