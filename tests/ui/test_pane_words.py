"""The sentences of the segment pane, at every width."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shmtui.monitor.reading import WindowRead, WindowRequest
from shmtui.present.words import cell_width
from shmtui.sysv.content import Consent, Refusal
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
    return pane_words.status(one, 0, NOW + 1.0, width)


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
