"""`shmtui dump`: the file, what it asks, what it says where a part is missing, how it ends."""

import mmap
import os
import signal
import stat
import sys
from pathlib import Path

import pytest

from shmtui.sysv.content import can_peek
from tests import kernel
from tests.cli.program import PROGRAM, printed, refused, run, shmtui, started
from tests.conftest import AttachedChild, MakeSegment
from tests.terminal import Terminal
from tests.waiting import wait_until

PAGE = mmap.PAGESIZE
MIB = 1024 * 1024


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "place"
    place.mkdir()
    return place / "dump"


@pytest.fixture
def held(make_segment: MakeSegment, attached_child: AttachedChild) -> int:
    """A segment of three pages that a child holds; it wrote to the second."""
    shmid = make_segment(3 * PAGE, key=0x5EED)
    attached_child(shmid, b"hello", PAGE)
    return shmid


@pytest.mark.parametrize("name", [["0x5eed"], ["--key", "0x5eed"]])
def test_the_file_is_the_segment_and_its_holes_are_told(
    held: int, path: Path, name: list[str]
) -> None:
    told = printed("dump", *name, "-o", path)
    assert told.startswith(f"{path}: 12K, of it 4.0K data and 8.0K ")
    assert path.read_bytes() == bytes(PAGE) + b"hello" + bytes(2 * PAGE - 5)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_how_it_was_read_is_said_and_no_progress_where_nobody_sees_it(
    held: int, path: Path
) -> None:
    if not can_peek():
        pytest.skip("opening /proc/PID/map_files needs root in the initial user namespace")
    done = shmtui("dump", held, "-o", path)
    assert done.stderr == f"shmtui: segment {held} (0x00005eed): read by peek, leaves no trace\n"


def test_without_a_terminal_a_file_that_is_there_is_wrong_usage(held: int, path: Path) -> None:
    path.write_text("precious")
    said = refused("dump", held, "-o", path, code=2)
    assert "is there already. Overwrite it? There is no terminal to ask on: --overwrite" in said
    assert path.read_text() == "precious"
    printed("dump", held, "-o", path, "--overwrite")
    assert path.stat().st_size == 3 * PAGE


@pytest.mark.parametrize(
    ("answer", "code", "size"), [("y", 0, 3 * PAGE), ("\r", 1, 8), ("n", 1, 8), ("why", 1, 8)]
)
def test_on_a_terminal_it_asks_before_it_overwrites(
    held: int, path: Path, answer: str, code: int, size: int
) -> None:
    path.write_text("precious")
    with Terminal([*PROGRAM, "dump", str(held), "-o", path], columns=200) as terminal:
        terminal.wait_for("Overwrite it? [y/N]")
        terminal.send(answer.removesuffix("\r") + "\r")
        assert terminal.wait_exit() == code
        assert ("is left as it was" in terminal.text) == (code == 1)
    assert path.stat().st_size == size


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_a_kill_and_a_closed_terminal_leave_no_file(
    make_segment: MakeSegment, path: Path, end: signal.Signals
) -> None:
    shmid = make_segment(512 * MIB)
    kernel.fill(shmid, b"x" * 512 * MIB)
    with started("dump", shmid, "-o", path, "--force") as dumping:
        wait_until(path.exists, timeout_s=30.0)
        dumping.send_signal(end)
        out, said = dumping.communicate(timeout=30)
    assert dumping.returncode == 130, said
    assert (out, os.listdir(path.parent)) == ("", [])
    assert said == f"shmtui: {path}: cancelled, nothing of it is left\n"


def test_a_full_disk_is_said_and_nothing_is_left(make_segment: MakeSegment, tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small file system")
    shmid = make_segment(8 * MIB)
    kernel.fill(shmid, b"x" * 8 * MIB)
    script = 'mount -t tmpfs -o size=4m tmpfs "$0" && { "$@"; code=$?; ls -A "$0"; exit $code; }'
    words = [*PROGRAM, "dump", str(shmid), "--force", "-o", str(tmp_path / "dump")]
    done = run(["unshare", "--mount", "sh", "-c", script, str(tmp_path), *words])
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert f"{tmp_path}/dump: No space left on device. The part that was" in done.stderr
    assert done.stderr.endswith("is removed\n")


def test_what_only_an_attach_would_read_is_refused_with_what_helps(
    make_segment: MakeSegment, path: Path
) -> None:
    shmid = make_segment(PAGE)
    before = kernel.row(shmid)
    said = refused("dump", shmid, "-o", path, code=1)
    assert f"segment {shmid} (private) cannot be read" in said
    assert "not by peek: Nobody has it attached." in said
    assert "--force attaches for an instant" in said
    assert kernel.row(shmid) == before
    assert "its last pid and times are ours" in shmtui("dump", shmid, "-o", path, "--force").stderr
    assert path.stat().st_size == PAGE


def test_another_users_segment_is_refused_in_words(held: int) -> None:
    argv = [*PROGRAM, "dump", str(held), "--force", "-o", "/dev/shm/home/dump"]
    done = kernel.as_user("nobody", argv, cwd=kernel.ROOT)
    assert done.returncode == 1
    assert "Mode 0600, owner root; you are nobody. Run as root." in done.stderr


PEER = """
from shmtui.cli.main import run
from tests.sysv.plainuser import Child
with Child({shmid}, b"x", {offset}):
    raise SystemExit(run(["dump", "{shmid}", "-o", "/dev/shm/home/dump"]))
"""


def test_a_part_that_could_not_be_read_is_named_and_the_exit_code_tells(
    make_segment: MakeSegment,
) -> None:
    shmid = make_segment(2 * PAGE, mode=0o666)
    kernel.fill(shmid, b"x" * PAGE)
    code = PEER.format(shmid=shmid, offset=PAGE)
    done = kernel.as_user("nobody", [sys.executable, "-c", code], cwd=kernel.ROOT)
    if "not by peer" in done.stderr:
        pytest.skip(f"a child may not be traced here: {done.stderr}")
    assert done.returncode == 1, done.stderr
    assert "dump lacks 4.0K: not mapped by that process; root reads that too" in done.stderr
    assert "dump: 8.0K, of it 4.0K data and 0 " in done.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["5"], "-o/--output"),
        (["-o", "dump"], "name one segment"),
        (["5", "--key", "5", "-o", "dump"], "name one segment"),
    ],
)
def test_wrong_words_are_wrong_usage(words: list[str], said: str) -> None:
    assert said in refused("dump", *words, code=2)


def test_a_segment_that_is_not_there_is_said(path: Path) -> None:
    assert "no segment has the id 123456" in refused("dump", 123456, "-o", path, code=1)
