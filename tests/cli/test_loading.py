"""`shmtui load`: what it would change is said and asked, and dump, load, dump is the same."""

import json
import mmap
import re
import signal
from pathlib import Path

import pytest

from shmtui.store.paths import activity_path
from tests import kernel
from tests.cli.program import ENVIRONMENT, PROGRAM, printed, refused, shmtui, started
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.rows import segment
from tests.terminal import Terminal
from tests.waiting import wait_until

PAGE = mmap.PAGESIZE
KEY = 0x5EED
MIB = 1024 * 1024


@pytest.fixture
def shmid(make_segment: MakeSegment) -> int:
    return make_segment(100, key=KEY)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"hello")
    return path


def test_dump_load_dump_gives_the_same_bytes(make_segment: MakeSegment, tmp_path: Path) -> None:
    one, other = make_segment(20 * PAGE + 3), make_segment(20 * PAGE + 3)
    kernel.fill(one, bytes(range(256)) * 32, 7 * PAGE + 5)
    kernel.fill(other, b"x" * (20 * PAGE + 3))
    first, second = tmp_path / "first", tmp_path / "second"
    printed("dump", one, "-o", first, "--force")
    printed("load", first, other, "--yes")
    printed("dump", other, "-o", second, "--force")
    assert first.read_bytes() == second.read_bytes() == kernel.content(one, 20 * PAGE + 3)


def test_a_part_is_put_where_asked(shmid: int, file: Path) -> None:
    told = printed("load", file, "--key", hex(KEY), "--offset", "0x10", "--yes")
    assert told == f"segment {shmid} (0x00005eed): 5 of {file} loaded at 0x10\n"
    assert kernel.content(shmid, 100) == bytes(16) + b"hello" + bytes(79)


def test_without_a_terminal_nothing_is_done_without_yes(
    shmid: int, file: Path, attached_child: AttachedChild
) -> None:
    child = attached_child(shmid, name="neighbour")
    said = refused("load", file, shmid, code=2)
    assert f"5 of 100, 0x0 to 0x5, become those of {file}: what is there now is lost" in said
    assert f"attached 1 time: {child.pid} neighbour; they see it change at once" in said
    assert "Load it? There is no terminal to ask on: --yes says yes" in said
    assert kernel.content(shmid, 5) == bytes(5)


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("", 1), ("n", 1)])
def test_on_a_terminal_it_asks(shmid: int, file: Path, answer: str, code: int) -> None:
    with Terminal([*PROGRAM, "load", file, str(shmid)], columns=200) as terminal:
        terminal.wait_for("Load it? [y/N]")
        terminal.send(f"{answer}\r")
        assert terminal.wait_exit() == code
        assert ("nothing was changed" in terminal.text) == (code == 1)
    assert kernel.content(shmid, 5) == (bytes(5) if code else b"hello")


def test_ctrl_c_at_the_question_changes_nothing(shmid: int, file: Path) -> None:
    with Terminal([*PROGRAM, "load", file, str(shmid)], columns=200) as terminal:
        terminal.wait_for("Load it? [y/N]")
        terminal.send("\x03")
        assert terminal.wait_exit() == 130
    assert kernel.content(shmid, 5) == bytes(5)


def test_ctrl_c_while_it_loads_says_how_much_is_written(
    make_segment: MakeSegment, tmp_path: Path
) -> None:
    large = tmp_path / "large"
    large.write_bytes(b"x" * 512 * MIB)
    shmid = make_segment(512 * MIB)
    with started("load", large, shmid, "--yes") as loading:
        wait_until(lambda: segment(shmid).rss, timeout_s=30.0)
        loading.send_signal(signal.SIGINT)
        _, said = loading.communicate(timeout=30)
    assert loading.returncode == 130, said
    assert re.search(r"cancelled: about \S+ of 512M are written", said)
    (record,) = map(json.loads, activity_path().read_text().splitlines())
    assert record["result"].startswith("cancelled. Half written: ")
    assert segment(shmid).nattch == 0


def test_it_is_written_to_the_activity_log(shmid: int, file: Path, tmp_path: Path) -> None:
    env = {**ENVIRONMENT, "XDG_STATE_HOME": str(tmp_path / "state")}
    printed("load", file, shmid, "--yes", env=env)
    (log,) = (path for path in (tmp_path / "state").rglob("*") if path.is_file())
    (record,) = map(json.loads, log.read_text().splitlines())
    assert (record["what"], record["segment"]) == ("load", f"segment {shmid} (0x00005eed)")
    assert record["result"] == f"done: 5 bytes of {file} at 0x0"


def test_a_bare_key_is_refused_with_what_to_say(shmid: int, file: Path) -> None:
    said = refused("load", file, hex(KEY), "--yes", code=2)
    assert "0x5eed is a key, and this changes the segment: say --key 0x5eed" in said
    assert kernel.content(shmid, 5) == bytes(5)


def test_read_only_refuses_it(shmid: int, file: Path) -> None:
    said = refused("--read-only", "load", file, shmid, "--yes", code=1)
    assert "it is --read-only: shmtui will not write into a segment" in said
    assert kernel.content(shmid, 5) == bytes(5)


def test_what_does_not_fit_is_refused_and_nothing_is_written(shmid: int, file: Path) -> None:
    said = refused("load", file, shmid, "--offset", "96", "--yes", code=1)
    assert "has 5 bytes, segment" in said
    assert "has room for 4 from 0x60 on" in said
    assert kernel.content(shmid, 100) == bytes(100)


def test_names_of_files_are_never_terminal_control(shmid: int, tmp_path: Path) -> None:
    path = tmp_path / "evil\x1b[2J"
    path.write_bytes(b"hello")
    done = shmtui("load", path, shmid, "--yes")
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert r"evil\x1b[2J" in done.stdout
