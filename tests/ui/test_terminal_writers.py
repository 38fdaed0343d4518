"""Writers that a person starts in a terminal, and the demo: what they write, who stops them."""

import os
import signal

import pytest

from tests import kernel
from tests.conftest import MakeSegment, Peer
from tests.terminal import Terminal
from tests.ui.interactive import (
    APP,
    DEMO,
    EMPTY,
    ENTER,
    ESC,
    KEY,
    TAB,
    assert_restored,
    children_of,
    gone,
    nothing_left,
    number_in_pane,
    run_reader,
    wait_for_counting,
)
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("no_other_segments")


def test_a_writer_started_by_key_is_read_by_key_and_nothing_is_left(
    peer: Peer,
) -> None:
    with Terminal(APP) as terminal:
        terminal.wait_for(EMPTY)
        terminal.send("w")
        terminal.wait_for("creates 0x00000cea")
        terminal.send(ENTER)
        terminal.wait_for("in use")
        terminal.send(ENTER)
        wait_for_counting(terminal)
        shown = int(number_in_pane(terminal.text) or 0)
        assert shown <= int(run_reader(peer)) <= shown + 2
        writers = children_of(terminal.pid)
        terminal.send("q")
        terminal.wait_for("Stop them and quit")
        terminal.send(ENTER)
        assert terminal.wait_exit() == 0
        assert_restored(terminal)
    wait_until(gone(writers))
    wait_until(nothing_left)


def test_a_writer_told_to_stay_runs_on(peer: Peer) -> None:
    with Terminal(APP) as terminal:
        terminal.wait_for(EMPTY)
        terminal.send("w")
        terminal.wait_for("creates 0x00000cea")
        terminal.send(ENTER)
        terminal.wait_for("in use")
        (writer,) = children_of(terminal.pid)
        terminal.send("q")
        terminal.wait_for("Leave them running")
        terminal.send(TAB + ENTER)
        assert terminal.wait_exit() == 0
        assert_restored(terminal)
    assert run_reader(peer).isdigit()
    os.kill(writer, signal.SIGTERM)
    wait_until(nothing_left)


def test_a_writer_that_ends_before_it_is_told_to_stay_keeps_nobody_here() -> None:
    with Terminal(APP) as terminal:
        terminal.wait_for(EMPTY)
        terminal.send("w")
        terminal.wait_for("creates 0x00000cea")
        terminal.send(ENTER)
        terminal.wait_for("in use")
        writers = children_of(terminal.pid)
        terminal.send("q")
        terminal.wait_for("Leave them running")
        for writer in writers:
            os.kill(writer, signal.SIGTERM)
        wait_until(gone(writers))
        wait_until(nothing_left)
        terminal.send(TAB + ENTER)
        assert terminal.wait_exit() == 0
        assert_restored(terminal)


def test_the_demo_counts_and_takes_everything_with_it() -> None:
    with Terminal([*APP, "--demo"]) as terminal:
        terminal.wait_for("0x00000cea")
        wait_for_counting(terminal)
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert_restored(terminal)
    wait_until(nothing_left)


def test_the_demo_leaves_a_key_alone_that_somebody_has(make_segment: MakeSegment) -> None:
    taken = make_segment(key=KEY)
    before = kernel.row(taken)
    with Terminal(DEMO) as terminal:
        terminal.wait_for("private")
        wait_for_counting(terminal)
        terminal.send("q")
        assert terminal.wait_exit() == 0
    wait_until(lambda: kernel.shmids() == [taken])
    assert kernel.row(taken) == before


def test_two_demos_at_once_do_not_share_a_segment() -> None:
    with Terminal(DEMO) as one, Terminal(DEMO) as other:
        wait_for_counting(one)
        wait_for_counting(other)
        assert len(kernel.shmids()) == 2
        one.send("q")
        assert one.wait_exit() == 0
        assert len(kernel.shmids()) == 1
        wait_for_counting(other)
        other.send("q")
        assert other.wait_exit() == 0
    wait_until(nothing_left)


def test_a_killed_writer_is_shown_as_failed_and_the_screen_lives_on() -> None:
    with Terminal(DEMO, columns=120) as terminal:
        wait_for_counting(terminal)
        (writer,) = children_of(terminal.pid)
        os.kill(writer, signal.SIGKILL)
        terminal.send("W")
        # The message line says so too, and sooner than the screen is open.
        terminal.wait_for(lambda text: "Writers" in text and f"{writer}" in text)
        terminal.wait_for(lambda text: "failed" in text and "segs" not in text)
        terminal.send(ESC)
        terminal.wait_for("segs")
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert_restored(terminal)
