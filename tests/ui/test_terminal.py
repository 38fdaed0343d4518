"""The program as people meet it: real keys, a real terminal, real segments, real signals."""

import os
import re
import signal

import pytest

from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.terminal import Terminal
from tests.ui.interactive import (
    APP,
    DEMO,
    EMPTY,
    ENTER,
    assert_restored,
    children_of,
    nothing_left,
    wait_for_counting,
)
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("no_other_segments")


@pytest.mark.parametrize("noise", [b"\xff", b"\xc3", b"\xe2\x82"])
def test_bytes_that_are_no_character_are_no_key_and_no_end(noise: bytes) -> None:
    with Terminal(APP) as terminal:
        terminal.wait_for(EMPTY)
        terminal.send_bytes(noise)
        wait_until(lambda: asks_for_a_filter(terminal))
        terminal.send_bytes(noise)
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_exit() == 128 + signal.SIGTERM
        assert_restored(terminal)


def asks_for_a_filter(terminal: Terminal) -> bool:
    """Typed again and again, because a key that comes together with noise is noise."""
    terminal.send("/")
    return re.search("^ ?/", terminal.text, re.MULTILINE) is not None


@pytest.mark.parametrize("errors", ["2>/dev/null", "2>&-"])
def test_it_draws_on_standard_output_where_errors_go_elsewhere(errors: str) -> None:
    with Terminal(["bash", "-c", " ".join(["exec", *APP, errors])]) as terminal:
        terminal.wait_for(EMPTY)
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert_restored(terminal)


def test_a_tiny_terminal_is_enough_to_start_and_a_larger_one_shows_all(
    make_segment: MakeSegment,
) -> None:
    shmid = make_segment(key=0x51)
    with Terminal(APP, columns=20, rows=5) as terminal:
        terminal.wait_for(str(shmid))
        terminal.resize(80, 24)
        terminal.wait_for(lambda text: "0x00000051" in text and "Quit" in text)
        terminal.resize(20, 5)
        terminal.wait_for(lambda text: "0x00000051" not in text and str(shmid) in text)
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert_restored(terminal)


HOSTILE = "[/red]\x1b]0;pwned\x07\x1b[2J🐙"


@pytest.mark.parametrize("view", "127")
def test_names_and_content_are_shown_and_never_obeyed(
    make_segment: MakeSegment, attached_child: AttachedChild, view: str
) -> None:
    shmid = make_segment()
    attached_child(shmid, HOSTILE.encode(), name="[/b]\x1b[31m[@x=1]")
    with Terminal(APP, columns=120, rows=40) as terminal:
        terminal.wait_for("[/b]")
        terminal.send(ENTER)
        terminal.send(view)
        terminal.wait_for("[/red]" if view == "1" else "[/")
        assert "pwned" in terminal.text or view != "1"
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert b"\x1b]0;pwned" not in terminal.raw
        assert b"\x1b[31m[@" not in terminal.raw
        assert_restored(terminal)


def test_another_user_is_told_why_the_content_is_not_to_be_read(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    attached_child(make_segment(key=0x99, mode=0o600), b"not for you")
    with Terminal(APP, columns=120, user="nobody") as terminal:
        terminal.wait_for("0x00000099")
        terminal.send(ENTER)
        text = terminal.wait_for("owner root")
        assert "you are nobody" in text
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert_restored(terminal)


def test_another_user_writes_and_reads_their_own_by_peer() -> None:
    with Terminal(DEMO, columns=120, user="nobody") as terminal:
        wait_for_counting(terminal)
        terminal.wait_for("peer (0 attaches)")
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert_restored(terminal)
    wait_until(nothing_left)


def test_a_segment_that_goes_while_it_is_read_leaves_its_last_picture(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    child = attached_child(shmid, b"last words\0")
    with Terminal(APP) as terminal:
        terminal.wait_for("in use")
        terminal.send(ENTER)
        terminal.wait_for("last words")
        kernel.rmid(shmid)
        child.kill()
        text = terminal.wait_for("Gone at")
        assert "last words" in text
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert_restored(terminal)


@pytest.mark.parametrize("closed", [">&-", "<&-", ">/dev/null", "</dev/null"])
def test_without_a_terminal_it_says_so(closed: str) -> None:
    words, code = ("output: closed", 1) if closed == ">&-" else ("needs a terminal", 2)
    command = f"{' '.join(APP)} {closed}"
    with Terminal(["sh", "-c", f"{command}; echo code $?"]) as terminal:
        text = terminal.wait_for("code ")
        terminal.wait_exit()
        assert words in text
        assert f"code {code}" in text
        assert_restored(terminal)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root reads without a trace")
def test_listing_and_reading_leave_the_row_as_it_was(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(size=1 << 20)
    attached_child(shmid, b"look, do not touch", offset=8192)
    before = kernel.row(shmid)
    with Terminal([*APP, "--id", str(shmid), "--interval", "0.2"]) as terminal:
        terminal.wait_for("peek (0 attaches)")
        for view, words in ("2", "00000000"), ("7", "In memory"), ("1", "never written"):
            terminal.send(view)
            terminal.wait_for(words)
        terminal.send("q")
        assert terminal.wait_exit() == 0
    assert kernel.row(shmid) == before


def test_no_mouse_leaves_the_mouse_to_the_terminal() -> None:
    with Terminal([*APP, "--no-mouse"]) as terminal:
        terminal.wait_for(EMPTY)
        assert "mouse" not in terminal.modes_on
        terminal.send("q")
        assert terminal.wait_exit() == 0


def test_read_only_starts_no_writer() -> None:
    with Terminal([*APP, "--read-only"]) as terminal:
        terminal.wait_for("READ-ONLY")
        terminal.send("w")
        terminal.wait_for("read-only")
        assert children_of(terminal.pid) == set()
        terminal.send("q")
        assert terminal.wait_exit() == 0
    assert nothing_left()


def test_the_row_that_is_read_stays_in_sight_when_the_pane_opens(
    make_segment: MakeSegment,
) -> None:
    for number in range(30):
        make_segment(size=4096, key=0xC0DE00 + number)
    with Terminal(APP) as terminal:
        terminal.wait_for("segs 30")
        terminal.send("j" * 15 + ENTER)
        terminal.wait_for("[1Text]")
        terminal.wait_for(lambda text: any(line.startswith("▸") for line in text.splitlines()))
        terminal.send("q")
        assert terminal.wait_exit() == 0
