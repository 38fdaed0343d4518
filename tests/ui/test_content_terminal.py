"""The content of a segment in a real terminal: keys, jobs, and what they leave behind."""

import contextlib
import os
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shmtui.sysv.peek import can_peek
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.terminal import Terminal
from tests.ui.interactive import (
    APP,
    CTRL_C,
    DEMO,
    ENTER,
    ESC,
    assert_restored,
    nothing_left,
    wait_for_counting,
)
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(not can_peek(), reason="only root reads without an attach")


@pytest.fixture(autouse=True)
def _no_segments_of_other_tests() -> None:
    for shmid in kernel.shmids():
        kernel.rmid(shmid)


@pytest.fixture
def needles(make_segment: MakeSegment, attached_child: AttachedChild) -> int:
    """A segment of 64 MiB, of which 8 MiB are written and a child holds all."""
    shmid = make_segment(64 << 20, key=0x5EA1)
    kernel.fill(shmid, b"Z" * (8 << 20), 16 << 20)
    attached_child(shmid, b"needle", offset=0x100)
    return shmid


@contextlib.contextmanager
def reading(shmid: int, *words: str, **given: Any) -> Iterator[Terminal]:
    """The pane is open on it, in hex."""
    with Terminal([*APP, "--id", str(shmid), *words], **given) as terminal:
        terminal.wait_for("(0 attaches)")
        terminal.send("2")
        terminal.wait_for(lambda text: "[2Hex]" in text or "[2]" in text)
        yield terminal
        if terminal.wait_exit() == 0:
            assert_restored(terminal)


def test_what_is_typed_in_one_piece_with_its_key_is_whole(needles: int) -> None:
    with reading(needles, columns=100) as terminal:
        terminal.send("/needle\r")
        terminal.wait_for("text:needle at 0x100: match 1 of 1")
        terminal.send(":0x28\r")
        terminal.wait_for("0x28 of 64M")
        terminal.send("m\x150x30 u32le count\r")
        terminal.wait_for("SPARK")
        terminal.send("q")


def test_escape_backs_out_of_job_selection_zoom_pane_and_filter_in_this_order(
    needles: int,
) -> None:
    with reading(needles, columns=100) as terminal:
        terminal.send("\x1b[1;2B")
        terminal.wait_for("bytes selected")
        terminal.send("z")
        terminal.wait_for(lambda text: "KEY " not in text)
        terminal.send(ESC)
        terminal.wait_for(lambda text: "selected" not in text)
        assert "KEY " not in terminal.text
        terminal.send(ESC)
        terminal.wait_for("KEY ")
        terminal.send(ESC)
        terminal.wait_for("Filter")
        assert "[2Hex]" in terminal.text
        terminal.send(ESC)
        terminal.wait_for(lambda text: "[2Hex]" not in text)
        terminal.send("q")


def test_ctrl_c_copies_what_is_selected_and_quits_where_nothing_is(needles: int) -> None:
    with reading(needles) as terminal:
        terminal.send("\x1b[1;2C")
        terminal.wait_for("selected")
        terminal.send(CTRL_C)
        terminal.wait_for("Copied 2 bytes as text")
        assert b"\x1b]52;c;" in terminal.raw
        terminal.send(ESC)
        terminal.wait_for(lambda text: "selected" not in text)
        terminal.send(CTRL_C)


SLOW = """
import os, sys, threading
send = os.sendfile
def slowly(out, of, offset, count):
    threading.Event().wait(0.3)
    return send(out, of, offset, min(count, 1 << 20))
os.sendfile = slowly
from shmtui.__main__ import main
sys.exit(main())
"""
"""The program with a disk that takes its time."""


@contextlib.contextmanager
def dumping(shmid: int, place: Path) -> Iterator[Terminal]:
    """A dump is under way, and takes its time."""
    with Terminal([sys.executable, "-c", SLOW, "--id", str(shmid)], columns=140) as terminal:
        terminal.wait_for("(0 attaches)")
        terminal.send("s\x15" + str(place) + ENTER)
        terminal.wait_for("Dumping to")
        wait_until(place.exists)
        yield terminal


@pytest.mark.parametrize(("key", "left"), [(ESC, "removed"), (CTRL_C, "removed")])
def test_a_dump_that_is_cancelled_removes_its_file(
    needles: int, tmp_path: Path, key: str, left: str
) -> None:
    place = tmp_path / "d"
    with dumping(needles, place) as terminal:
        terminal.send(key)
        terminal.wait_for(f"The dump was cancelled, and its file {left}.")
        assert not place.exists()
        terminal.send("q")
        assert terminal.wait_exit() == 0


@pytest.mark.parametrize("how", ["quit", "signal", "window"])
def test_whoever_leaves_while_a_dump_runs_leaves_no_partial_file(
    needles: int, tmp_path: Path, how: str
) -> None:
    place = tmp_path / "d"
    with dumping(needles, place) as terminal:
        if how == "quit":
            terminal.send("q")
        elif how == "signal":
            terminal.signal(signal.SIGTERM)
        else:
            terminal.hang_up()
        terminal.wait_exit()
    assert list(tmp_path.iterdir()) == []


def test_a_segment_that_goes_while_it_is_dumped_says_so_and_leaves_no_file(
    make_segment: MakeSegment, attached_child: AttachedChild, tmp_path: Path
) -> None:
    shmid = make_segment(64 << 20)
    kernel.fill(shmid, b"Z" * (8 << 20))
    child = attached_child(shmid, b"here")
    place = tmp_path / "d"
    with dumping(shmid, place) as terminal:
        kernel.rmid(shmid)
        child.kill()
        terminal.wait_for("is removed")
        assert not place.exists()
        terminal.send("q")
        assert terminal.wait_exit() == 0


def test_a_second_dump_does_not_drop_the_first(needles: int, tmp_path: Path) -> None:
    place = tmp_path / "d"
    with dumping(needles, place) as terminal:
        terminal.send("s\x15" + str(tmp_path / "e") + ENTER)
        terminal.wait_for("Dump is under way: Esc cancels it.")
        assert not (tmp_path / "e").exists()
        terminal.send("q")
        assert terminal.wait_exit() == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts")
def test_a_full_disk_says_so_and_leaves_no_file(needles: int, tmp_path: Path) -> None:
    place = tmp_path / "small"
    place.mkdir()
    mount = f"mount -t tmpfs -o size=1M small {place} && "
    program = " ".join([*APP, "--id", str(needles)])
    argv = ["unshare", "--mount", "sh", "-c", f"{mount}{program}; ls -A {place}; echo left"]
    with Terminal(argv, columns=120) as terminal:
        terminal.wait_for("(0 attaches)")
        terminal.send("s\x15" + str(place / "d") + ENTER)
        terminal.wait_for("No space left on device")
        terminal.send("q")
        text = terminal.wait_for("left")
        assert "\nd\n" not in text
        terminal.wait_exit()


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
@pytest.mark.parametrize("view", "1234")
def test_every_view_shows_content_at_any_size(
    make_segment: MakeSegment,
    attached_child: AttachedChild,
    size: tuple[int, int],
    view: str,
) -> None:
    shmid = make_segment()
    attached_child(shmid, b"plain words\0" * 9)
    seen = {"1": "plain words", "2": "70 6c 61 69", "3": "1767992432", "4": "plain words"}[view]
    columns, rows = size
    with reading(shmid, columns=columns, rows=rows) as terminal:
        terminal.send(view)
        terminal.wait_for(seen)
        terminal.send("jjlG" + "g")
        terminal.wait_for(seen)
        terminal.send("q")


def test_without_colour_none_is_sent_and_the_cursor_is_still_seen(needles: int) -> None:
    with reading(needles, env={"NO_COLOR": "1"}) as terminal:
        terminal.send(":0x100\r")
        terminal.wait_for("0x100 of 64M")
        terminal.send("q")
        terminal.wait_exit()
        assert not re.search(rb"\x1b\[(?:[0-9;]*;)?[34][0-8][;m]", terminal.raw)
        assert re.search(rb"\x1b\[(?:[0-9]+;)*7(?:;[0-9]+)*m6e", terminal.raw)


def test_read_only_searches_copies_and_dumps(needles: int, tmp_path: Path) -> None:
    with reading(needles, "--read-only", columns=100) as terminal:
        terminal.send("/needle\r")
        terminal.wait_for("match 1 of 1")
        terminal.send("s\x15" + str(tmp_path / "d") + ENTER)
        terminal.wait_for("Dumped 8.0M")
        terminal.send("q")
    assert (tmp_path / "d").stat().st_size == 64 << 20


def test_another_user_searches_their_own_by_peer(tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    with Terminal(DEMO, columns=120, user="nobody") as terminal:
        wait_for_counting(terminal)
        terminal.wait_for("peer (0 attaches)")
        terminal.send("/u8:0x0a\r")
        terminal.wait_for("u8:0x0a")
        terminal.send("q")
        assert terminal.wait_exit() == 0
        assert_restored(terminal)
    wait_until(nothing_left)
