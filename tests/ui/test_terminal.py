"""The program as people meet it: real keys, a real terminal, real segments, real signals."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shmtui.sysv.peek import can_peek
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment, Peer
from tests.terminal import Terminal
from tests.waiting import wait_until

APP = [sys.executable, "-m", "shmtui"]
KEY = 3306
EMPTY = "No shared memory segments in this IPC namespace"
ESC, ENTER, TAB, CTRL_C, CTRL_Z = "\x1b", "\r", "\t", "\x03", "\x1a"


@pytest.fixture(autouse=True)
def _no_segments_of_other_tests() -> Iterator[None]:
    """The whole list is on the screen."""
    _remove_all()
    yield
    _remove_all()


def _remove_all() -> None:
    for shmid in kernel.shmids():
        kernel.rmid(shmid)


def children_of(pid: int) -> set[int]:
    """The pids of its living children (proc(5) task/TID/children)."""
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        found |= set(map(int, (task / "children").read_text().split()))
    return found


def nothing_left() -> bool:
    return not kernel.shmids()


def run_reader(peer: Peer) -> str:
    """What a C program finds in the segment."""
    argv = [str(peer("reader")), str(KEY), "1024", "1", "0"]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()


def gone(pids: set[int]) -> Callable[[], bool]:
    return lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids)


def assert_restored(terminal: Terminal) -> None:
    """The shell gets back the terminal that it lent."""
    assert terminal.modes_on == set()
    assert terminal.echoes
    assert "Traceback" not in terminal.text


def number_in_pane(text: str) -> int | None:
    """The counter, which stands alone in a line of the text view; the inspector may be beside."""
    found = re.search(r"^ ?(\d+)\s*(?:▏|$)", text, re.MULTILINE)
    return int(found[1]) if found else None


def wait_for_counting(terminal: Terminal) -> None:
    """The number in the pane is there, and then grows."""
    first = number_in_pane(terminal.wait_for(lambda text: number_in_pane(text) is not None))
    assert first is not None
    terminal.wait_for(lambda text: (number_in_pane(text) or 0) > first + 1)


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
    with Terminal([*APP, "--demo"]) as terminal:
        terminal.wait_for("private")
        wait_for_counting(terminal)
        terminal.send("q")
        assert terminal.wait_exit() == 0
    wait_until(lambda: kernel.shmids() == [taken])
    assert kernel.row(taken) == before


def test_two_demos_at_once_do_not_share_a_segment() -> None:
    with Terminal([*APP, "--demo"]) as one, Terminal([*APP, "--demo"]) as other:
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
    with Terminal([*APP, "--demo"]) as terminal:
        wait_for_counting(terminal)
        writers = children_of(terminal.pid)
        assert terminal.modes_on >= {"mouse", "alternate screen"}
        terminal.signal(number)
        terminal.wait_exit()
        assert_restored(terminal)
    wait_until(gone(writers))
    wait_until(nothing_left)


def test_ctrl_c_quits() -> None:
    with Terminal([*APP, "--demo"]) as terminal:
        wait_for_counting(terminal)
        terminal.send(CTRL_C)
        assert terminal.wait_exit() == 0
        assert_restored(terminal)
    wait_until(nothing_left)


def test_a_closed_window_ends_it_and_its_writers() -> None:
    with Terminal([*APP, "--demo"]) as terminal:
        wait_for_counting(terminal)
        terminal.hang_up()
        terminal.wait_exit()
    wait_until(nothing_left)


def test_a_killed_screen_takes_its_writers_with_it() -> None:
    with Terminal([*APP, "--demo"]) as terminal:
        wait_for_counting(terminal)
        writers = children_of(terminal.pid)
        terminal.signal(signal.SIGKILL)
        assert terminal.wait_exit() == -signal.SIGKILL
    wait_until(gone(writers))
    wait_until(nothing_left)


def test_a_killed_writer_is_shown_as_failed_and_the_screen_lives_on() -> None:
    with Terminal([*APP, "--demo"], columns=120) as terminal:
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


def test_the_shell_gets_its_terminal_while_suspended_and_fg_comes_back() -> None:
    command = " ".join([*APP, "--demo"])
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
    with Terminal([*APP, "--demo"], columns=120, user="nobody") as terminal:
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
