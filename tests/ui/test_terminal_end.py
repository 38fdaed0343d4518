"""However the program ends or is stopped, its terminal is as it was, and nothing is left."""

import os
import signal
from pathlib import Path

import pytest

from shmtui.sysv.peek import can_peek
from tests import kernel
from tests.conftest import MakeSegment
from tests.terminal import Terminal
from tests.ui.interactive import (
    APP,
    CTRL_C,
    CTRL_Z,
    DEMO,
    ENTER,
    assert_restored,
    children_of,
    gone,
    nothing_left,
    wait_for_counting,
    wait_for_number,
)
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("no_other_segments")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_while_the_screen_comes_up_leaves_the_terminal_as_it_was(
    number: signal.Signals,
) -> None:
    with Terminal(APP) as terminal:
        terminal.wait_for(lambda _: terminal.modes_on)
        terminal.signal(number)
        assert terminal.wait_exit() == 128 + number
        assert_restored(terminal)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_with_the_terminal_restored_and_the_writers_stopped(
    number: signal.Signals,
) -> None:
    with Terminal(DEMO) as terminal:
        wait_for_number(terminal)
        writers = children_of(terminal.pid)
        assert terminal.modes_on >= {"mouse", "alternate screen"}
        terminal.signal(number)
        terminal.wait_exit()
        assert_restored(terminal)
    wait_until(gone(writers))
    wait_until(nothing_left)


def test_ctrl_c_quits() -> None:
    with Terminal(DEMO) as terminal:
        wait_for_number(terminal)
        terminal.send(CTRL_C)
        assert terminal.wait_exit() == 0
        assert_restored(terminal)
    wait_until(nothing_left)


def test_a_closed_window_ends_it_and_its_writers() -> None:
    with Terminal(DEMO) as terminal:
        wait_for_number(terminal)
        terminal.hang_up()
        terminal.wait_exit()
    wait_until(nothing_left)


def test_a_killed_screen_takes_its_writers_with_it() -> None:
    with Terminal(DEMO) as terminal:
        wait_for_number(terminal)
        writers = children_of(terminal.pid)
        terminal.signal(signal.SIGKILL)
        assert terminal.wait_exit() == -signal.SIGKILL
    wait_until(gone(writers))
    wait_until(nothing_left)


def test_the_shell_gets_its_terminal_while_suspended_and_fg_comes_back() -> None:
    command = " ".join(DEMO)
    with Terminal(["bash", "--norc", "-i"], env={"PS1": "shell> "}) as terminal:
        terminal.wait_for("shell>")
        terminal.send(f"{command}{ENTER}")
        wait_for_counting(terminal)
        terminal.send(CTRL_Z)
        terminal.wait_for("Stopped")
        assert not terminal.modes_on - {"bracketed paste"}
        terminal.send(f"fg{ENTER}")
        terminal.wait_for(lambda text: "segs" in text and "shell>" not in text)
        wait_for_counting(terminal)
        terminal.send("q")
        terminal.wait_for("shell>")
        wait_until(nothing_left)
        terminal.send(f"exit{ENTER}")
        terminal.wait_exit()


@pytest.mark.parametrize("how", ["key", "signal"])
def test_stopped_it_keeps_no_memory_of_a_segment_alive(how: str, make_segment: MakeSegment) -> None:
    if not can_peek():
        pytest.skip("only root can borrow a descriptor")
    kernel.fill(make_segment(key=0x52), b"content")
    with Terminal(["bash", "--norc", "-i"]) as terminal:
        terminal.send(" ".join([*APP, ENTER]))
        terminal.wait_for("0x00000052")
        terminal.send(ENTER)
        terminal.wait_for("Enter attaches")
        terminal.send(ENTER)
        terminal.wait_for("borrowed")
        (program,) = children_of(terminal.pid)
        assert holds_a_segment_open(program)
        if how == "key":
            terminal.send(CTRL_Z)
        else:
            os.kill(program, signal.SIGTSTP)
        terminal.wait_for("Stopped")
        assert not holds_a_segment_open(program)
        os.kill(program, signal.SIGKILL)


def holds_a_segment_open(pid: int) -> bool:
    files = Path(f"/proc/{pid}/fd")
    return any(str(os.readlink(file)).startswith("/SYSV") for file in files.iterdir())
