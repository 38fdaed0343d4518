"""What the pane knows of one segment: freezing, walking through time, jumping, watching."""

import struct

import pytest

from shmtui.decode.errors import NotUnderstood
from shmtui.decode.watch import parse_watch
from shmtui.monitor.study import MOST_WATCHES, Behind
from shmtui.sysv.window import Window
from tests.monitor.films import Desk, Reel


def test_the_live_picture_is_on_show_and_fades_while_nothing_changes() -> None:
    desk = Desk()
    assert desk.study.shown is None
    desk.see(b"aaaa", b"aXaa", b"aXaa", b"aXaa")
    shown = desk.study.shown
    assert shown is not None
    assert (shown.window.data, shown.ages[1], shown.time, shown.until) == (
        b"aXaa",
        2,
        1002.0,
        1004.0,
    )
    assert desk.study.behind is None


def test_frozen_the_picture_stays_and_tells_how_far_behind_it_is() -> None:
    desk = Desk()
    assert not desk.study.freeze()
    desk.see(b"aaaa", b"aaab")
    assert desk.study.freeze()
    desk.see(b"aaab", b"aaab")
    assert desk.study.behind == Behind(0.0, 0, 0)
    desk.see(b"aaac", b"aaac", b"zaad")
    assert desk.shown == b"aaab"
    assert desk.study.behind == Behind(3.0, 2, 2)
    desk.study.thaw()
    assert desk.shown == b"zaad"
    assert not desk.study.frozen
    assert desk.study.behind is None


def test_a_frozen_picture_keeps_the_marks_it_had() -> None:
    desk = Desk()
    desk.see(b"aaaa", b"aaab")
    desk.study.freeze()
    desk.see(b"aaab", b"aaab", b"aaab")
    assert desk.study.shown is not None
    assert desk.study.shown.ages[3] == 0


def test_steps_go_back_through_what_was_and_forward_to_the_live_picture() -> None:
    desk = Desk()
    assert not desk.study.step(-1)
    desk.see(b"1", b"2", b"3")
    assert not desk.study.step(1)
    shown = []
    while desk.study.step(-1):
        shown.append(desk.shown)
    assert shown == [b"2", b"1"]
    desk.see(b"4")
    assert desk.study.behind == Behind(3.0, 3, 1)
    while desk.study.frozen:
        shown.append(desk.shown)
        assert desk.study.step(1)
    assert shown == [b"2", b"1", b"1", b"2", b"3"]
    assert desk.shown == b"4"


def test_a_step_after_scrolling_shows_the_past_of_what_is_on_view_now() -> None:
    desk = Desk()
    desk.see(b"old!")
    desk.see(b"new!")
    desk.see(b"else", offset=100)
    assert not desk.study.step(-1)
    desk.see(b"w!", offset=2)
    assert desk.study.step(-1)
    assert desk.shown == b"old!"
    desk.see(b"else", offset=100)
    desk.see(b"ELSE", offset=100)
    assert desk.study.step(-1) is False
    assert desk.study.step(1)
    assert desk.shown == b"else"


def test_a_pinned_picture_survives_its_being_forgotten() -> None:
    desk = Desk(limit_bytes=1)
    desk.see(b"kept")
    desk.study.freeze()
    desk.see(b"1", b"2", b"3")
    assert desk.shown == b"kept"
    assert not desk.study.step(-1)
    assert desk.study.step(1)
    assert not desk.study.frozen


def test_pause_on_change_pins_the_first_picture_that_changed_and_disarms() -> None:
    desk = Desk()
    desk.study.pause_on_change = True
    desk.see(b"a", b"a")
    assert not desk.study.frozen
    desk.see(b"b", b"c")
    assert (desk.shown, desk.study.paused_by_change, desk.study.pause_on_change) == (
        b"b",
        True,
        False,
    )
    assert desk.study.behind == Behind(1.0, 1, 1)
    desk.study.thaw()
    desk.see(b"d")
    assert (desk.shown, desk.study.paused_by_change) == (b"d", False)


def test_pause_on_change_waits_while_a_picture_is_pinned_already() -> None:
    desk = Desk()
    desk.see(b"a")
    desk.study.freeze()
    desk.study.pause_on_change = True
    desk.see(b"b")
    assert (desk.shown, desk.study.pause_on_change) == (b"a", True)


def test_scrolling_is_no_change() -> None:
    desk = Desk()
    desk.study.pause_on_change = True
    desk.see(b"abcd")
    desk.see(b"cdef", offset=2)
    desk.see(b"zzzz", offset=100)
    assert not desk.study.frozen
    assert desk.study.next_change(0) is None


def test_jumps_go_round_all_places_that_changed_wherever_the_window_was() -> None:
    desk = Desk()
    desk.see(b"aaaa", b"aXaX")
    desk.see(b"aaaa", offset=200)
    desk.see(b"Xaaa", offset=200)
    study = desk.study
    assert [study.next_change(at) for at in (0, 1, 3, 200)] == [1, 3, 200, 1]
    assert [study.previous_change(at) for at in (300, 200, 3, 1)] == [200, 3, 1, 200]


def test_the_last_picture_stays_when_the_segment_goes() -> None:
    desk = Desk()
    desk.see(b"last")
    desk.study.take(desk.reel.gone())
    assert desk.shown == b"last"
    assert desk.study.live is not None
    assert desk.study.live.until == 1001.0


def test_a_reading_of_another_segment_is_passed_over() -> None:
    desk = Desk(size=100)
    desk.see(b"mine")
    desk.study.take(Reel(size=200).read(b"other"))
    assert desk.shown == b"mine"


def test_watches_follow_their_values_from_reading_to_reading() -> None:
    desk = Desk()
    study = desk.study
    study.add_watch(parse_watch("0x10:u32le:count"))
    study.add_watch(parse_watch("0x10:f32le:ratio"))
    study.add_watch(parse_watch("0x20:u8:flag"))
    assert study.watched == ((0x10, 4), (0x20, 1))
    for value in (1, 2):
        windows = (Window(0x10, struct.pack("<I", value), ()), Window(0x20, b"\x07", ()))
        study.take(desk.reel.read(b"", watched=windows))
    count, _, flag = study.tracks
    assert (count.value, count.previous, flag.value, flag.changes) == (2, 1, 7, 0)
    study.take(desk.reel.refused(study.watched))
    assert (count.value, count.why) == (None, "not read")


def test_a_watch_that_is_younger_than_the_request_waits_for_the_next_answer() -> None:
    desk = Desk()
    desk.study.add_watch(parse_watch("0:u8:new"))
    desk.see(b"a")
    (track,) = desk.study.tracks
    assert (len(track.history), track.why) == (0, "")


def test_a_watch_is_renamed_and_removed() -> None:
    study = Desk().study
    study.add_watch(parse_watch("0x10:u32le:old"))
    study.add_watch(parse_watch("0x10:u32le:new"))
    study.add_watch(parse_watch("0x20:u32le:other"))
    assert [watch.name for watch in study.watches] == ["new", "other"]
    study.remove_watch(study.watches[0])
    assert [watch.name for watch in study.watches] == ["other"]


def test_a_watch_beyond_the_end_and_one_too_many_are_refused_in_words() -> None:
    study = Desk(size=1024).study
    with pytest.raises(NotUnderstood, match=r"no u64le .* at 0x3fc, the segment has 1024 bytes"):
        study.add_watch(parse_watch("1020:u64le:late"))
    for offset in range(MOST_WATCHES):
        study.add_watch(parse_watch(f"{offset}:u8"))
    with pytest.raises(NotUnderstood, match="64 watches are the most: remove one first"):
        study.add_watch(parse_watch("1000:u8"))
