"""A watched value through time: what it is, was, and between what it moves."""

import math
import struct

import pytest

from shmtui.decode.watch import parse_watch
from shmtui.monitor.track import HISTORY, Track
from shmtui.sysv.window import Gap, Window


class Watched:
    """A track, and a memory of 64 bytes that holds what it watches at 16; a refresh a second."""

    def __init__(self, kind: str) -> None:
        self.track = Track(parse_watch(f"0x10:{kind}:it"))
        self.now = 1000.0

    def take(self, data: bytes, gaps: tuple[Gap, ...] = ()) -> None:
        self.now += 1
        self.track.take(Window(0, bytes(16) + data.ljust(48, b"\0"), gaps), self.now)


def test_a_value_knows_what_it_was_before_and_between_what_it_moved() -> None:
    watched = Watched("i32le")
    for value in (5, 5, -7, -7, 9):
        watched.take(struct.pack("<i", value))
    track = watched.track
    assert (track.value, track.previous, track.minimum, track.maximum) == (9, -7, -7, 9)
    assert list(track.history) == [5, 5, -7, -7, 9]
    assert (track.changes, track.last_change) == (2, watched.now)
    assert track.changes_per_s == pytest.approx(2 / 4)


def test_changes_a_second_count_the_last_ten_seconds() -> None:
    watched = Watched("u8")
    for value in range(30):
        watched.take(bytes([value]))
    assert watched.track.changes_per_s == pytest.approx(1.0)
    for _ in range(11):
        watched.take(b"\0")
    assert watched.track.changes_per_s == 0.0


def test_what_was_not_read_is_no_value_and_no_change() -> None:
    watched = Watched("u32le")
    watched.take(b"\x05")
    watched.take(b"", (Gap(18, 2, "swapped out"),))
    track = watched.track
    assert (track.value, track.why, track.changes) == (None, "swapped out", 0)
    watched.take(b"\x05")
    assert (track.value, track.why, track.previous, track.changes) == (5, "", None, 0)
    track.take(None, watched.now)
    assert (track.value, track.why, track.minimum) == (None, "not read", 5)
    assert list(track.history) == [5, None, 5, None]


def test_a_gap_beside_it_does_not_matter_and_a_hole_is_zero() -> None:
    watched = Watched("u32le")
    watched.take(b"\x05", (Gap(0, 16, "swapped out"), Gap(20, 4, "swapped out")))
    assert watched.track.value == 5
    watched.take(b"", (Gap(0, 64, "never written"),))
    assert (watched.track.value, watched.track.previous) == (0, 5)


@pytest.mark.parametrize("window", [Window(16, b"\1\2\3", ()), Window(17, bytes(8), ())])
def test_a_window_that_does_not_hold_all_of_it_gives_no_value(window: Window) -> None:
    track = Track(parse_watch("0x10:u32le"))
    track.take(window, 1.0)
    assert (track.value, track.why) == (None, "not read")


def test_what_is_no_number_stays_out_of_the_range_and_is_no_change_to_itself() -> None:
    watched = Watched("f64be")
    for value in (math.nan, 1.5, math.nan, math.nan, -math.inf, 2.5):
        watched.take(struct.pack(">d", value))
    track = watched.track
    assert (track.minimum, track.maximum, track.changes) == (-math.inf, 2.5, 4)
    assert track.previous == -math.inf


def test_history_is_bounded() -> None:
    watched = Watched("u16be")
    for value in range(HISTORY + 5):
        watched.take(struct.pack(">H", value))
    assert list(watched.track.history) == list(range(5, HISTORY + 5))
