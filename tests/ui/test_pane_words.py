"""The sentences of the segment pane, at every width."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shmtui.monitor.reading import WindowRead, WindowRequest
from shmtui.monitor.study import Study
from shmtui.present.words import cell_width
from shmtui.sysv.content import Consent, Gap, Refusal, Window
from shmtui.sysv.gate import CONSENT
from shmtui.ui import pane_words
from tests.present import made
from tests.present.made import NOW
from tests.ui.panes import read

IDENTITY = made.segment(1, size=1024).identity
REQUEST = WindowRequest(IDENTITY, 0, 160, Consent.ASK, 1)


@pytest.fixture(autouse=True)
def utc() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


def changing(**fields: Any) -> WindowRead:
    plain = read(REQUEST, b"42", changes_per_s=1.0, last_change=NOW + 0.6, last_changed=2)
    return plain._replace(**fields)


def status(one: WindowRead, width: int = 200) -> str:
    return pane_words.status(one, pane_words.Where(0), NOW + 1.0, width)


def test_status_tells_the_tap_the_change_the_rate_and_the_place() -> None:
    assert status(changing()) == " peek (0 attaches) · 2 bytes 0.4 s ago · 1.0/s · 0x0 of 1.0K"


def test_status_counts_in_the_singular_too() -> None:
    one = changing(tap="attach", attaches=1, last_changed=1)
    assert status(one).startswith(" attach (1 attach) · 1 byte 0.4 s ago")


def test_status_of_a_gone_segment_claims_no_reading() -> None:
    assert status(changing(segment=None, tap="")).startswith(" no longer read (0 attaches) · 2 b")


def test_old_changes_are_told_in_minutes() -> None:
    assert "2 bytes 5 min ago" in status(changing(last_change=NOW - 300.0, changes_per_s=0.0))
    assert "no change seen" in status(changing(last_change=None, changes_per_s=0.0))


def test_status_says_why_no_better_tap() -> None:
    why = Refusal("peek", "it needs root or CAP_SYS_PTRACE with CAP_CHECKPOINT_RESTORE.", False)
    one = changing(tap="peer", why_not=(why,))
    assert status(one).endswith(" · not by peek: " + why.reason)
    assert status(one, 100).endswith("not by peek: it needs root or CAP_SY…")
    assert status(one, 70).endswith("0x0 of 1.0K")


@given(st.integers(0, 160))
def test_status_drops_whole_parts_from_the_right(width: int) -> None:
    why = (Refusal("peek", "needs root", False), Refusal("peer", "nobody maps it", False))
    one = changing(why_not=why)
    full, cut = status(one), status(one, width)
    assert cell_width(cut) <= width
    assert full.startswith(cut.removesuffix("…"))


def test_status_tells_what_is_selected_and_what_another_line_says_is_left_out() -> None:
    why = Refusal("peek", "needs root", False)
    where = pane_words.Where(0x40, (0x40, 0x50), pauses_on_change=True)
    words = pane_words.status(changing(why_not=(why,)), where, NOW + 1.0, 200, told_why=True)
    assert words.endswith(" · 0x40 of 1.0K · 16 bytes selected · pauses on change")


def test_a_pinned_picture_says_when_it_was_and_how_far_it_is_behind() -> None:
    study = Study(IDENTITY)
    study.take(read(REQUEST, b"42", time=NOW))
    assert pane_words.notice(study, None, True, 200) == ""
    study.freeze()
    study.take(read(REQUEST, b"43", time=NOW + 5.0, changed=1))
    words = pane_words.notice(study, None, True, 200)
    assert words.startswith("Picture of 22:13:20 (1 of 2, ")
    assert words.endswith(" of 16M) · 5 s, 1 change, 1 byte behind · f goes on")
    assert pane_words.notice(study, NOW, True, 200) == "Gone at 22:13:20 (last picture below)"


@pytest.mark.parametrize("width", [200, 79, 60, 40, 20])
def test_a_pinned_picture_says_how_to_go_on_at_any_width(width: int) -> None:
    study = Study(IDENTITY)
    study.take(read(REQUEST, b"42", time=NOW))
    study.freeze()
    study.take(read(REQUEST, b"43", time=NOW + 5.0, changed=1))
    words = pane_words.notice(study, None, True, width)
    assert len(words) <= width
    assert words.endswith("f goes on")
    assert ("1 byte behind" in words) is (width >= 40)


def test_bytes_up_to_a_gap_are_known_and_a_hole_is_zeros() -> None:
    gaps = (Gap(4, 2, "never written"), Gap(8, 2, "swapped out"))
    window = Window(0, b"abcd\0\0gh\0\0kl", gaps)
    assert pane_words.bytes_at(window, 2, 32) == b"cd\0\0gh"
    assert pane_words.bytes_at(window, 0, 3) == b"abc"
    assert pane_words.bytes_at(window, 8, 4) == b""
    assert pane_words.bytes_at(window, 12, 4) == b""


def test_nothing_read_yet_says_reading() -> None:
    assert pane_words.place(None, made.row()) == "Reading …"


@pytest.mark.parametrize(
    ("refusal", "sentence"),
    [
        (
            Refusal("attach", "Mode 0600, owner postgres; you are ops. Run as root.", False),
            "Mode 0600, owner postgres; you are ops. Run as root.",
        ),
        (
            Refusal("attach", CONSENT, True, True),
            "Enter attaches for an instant: last pid and attach time change.",
        ),
        (
            Refusal("attach", "shm_rmid_forced is set.", True),
            "shm_rmid_forced is set.\nEnter shows the consequence and asks.",
        ),
        (Refusal("attach", "\x1b[2J", False), "\\x1b[2J"),
    ],
)
def test_refusals_stand_in_words(refusal: Refusal, sentence: str) -> None:
    refused = changing(window=None, refusal=refusal, tap="")
    assert pane_words.place(refused, made.row()) == sentence
    assert status(refused) == " not read (0 attaches)"


def test_segment_without_a_page_says_how_large_its_holes_are() -> None:
    holes = made.row(size=2**30, rss=0)
    assert pane_words.place(read(REQUEST, b""), holes) == "Never written: 1.0G of holes."
    assert pane_words.place(None, holes) == "Never written: 1.0G of holes."
    assert pane_words.place(read(REQUEST, b"42"), holes) == ""
    assert pane_words.place(read(REQUEST, b""), made.row(rss=4096)) == ""
    assert pane_words.place(read(REQUEST, b""), made.row(rss=0, swap=4096)) == ""


def test_gone_tells_when_and_what_is_left() -> None:
    assert pane_words.gone(NOW, "picture") == "Gone at 22:13:20 (last picture below)"
    assert pane_words.gone(NOW) == "Gone at 22:13:20."


def test_details_say_how_the_content_is_read() -> None:
    why = Refusal("peek", "needs root", False)
    facts = pane_words.reading_facts(changing(tap="peer", why_not=(why,)))
    assert facts == [("Content by", "peer (0 attaches)"), ("", "not by peek: needs root")]
    assert pane_words.reading_facts(None) == []
