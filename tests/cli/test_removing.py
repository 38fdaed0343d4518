"""`shmtui remove`: what would happen is said and asked, and only that happens."""

import json
import os
import signal
import sys
from pathlib import Path

import pytest

from tests import kernel
from tests.cli.program import ENVIRONMENT, PROGRAM, printed, refused, run, shmtui, started
from tests.conftest import AttachedChild, MakeSegment
from tests.monitor.conftest import Creator, creator
from tests.terminal import Terminal
from tests.waiting import wait_until

__all__ = ["creator"]

KEY = 0x5EED


def test_it_is_gone_and_said_and_on_record(make_segment: MakeSegment, tmp_path: Path) -> None:
    shmid = make_segment(key=KEY)
    env = {**ENVIRONMENT, "XDG_STATE_HOME": str(tmp_path)}
    told = printed("remove", shmid, "--yes", env=env)
    assert told.startswith(f"segment {shmid} (0x00005eed): removed, freed at once")
    assert kernel.row(shmid) == ""
    (log,) = (path for path in tmp_path.rglob("*") if path.is_file())
    (record,) = map(json.loads, log.read_text().splitlines())
    assert record["what"] == "remove"
    assert record["result"].startswith("done: freed at once")


def test_several_are_named_in_any_way_and_each_goes_once(make_segment: MakeSegment) -> None:
    one, two, three = make_segment(), make_segment(), make_segment(key=KEY)
    told = printed("remove", one, "--id", two, "--key", hex(KEY), "--id", one, "--yes")
    assert len(told.splitlines()) == 3
    assert [kernel.row(shmid) for shmid in (one, two, three)] == ["", "", ""]


def test_one_that_is_not_there_does_not_stop_the_others(make_segment: MakeSegment) -> None:
    shmid = make_segment()
    done = shmtui("remove", 99999, shmid, "--yes")
    assert done.returncode == 1
    assert "no segment has the id 99999" in done.stderr
    assert kernel.row(shmid) == ""


def test_without_a_terminal_nothing_goes_without_yes(make_segment: MakeSegment) -> None:
    shmid = make_segment(2048)
    said = refused("remove", shmid, code=2)
    assert "Remove 1 segment, 2.0K? There is no terminal to ask on: --yes says yes" in said
    assert kernel.row(shmid)


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("", 1), ("n", 1)])
def test_on_a_terminal_it_asks(make_segment: MakeSegment, answer: str, code: int) -> None:
    shmid = make_segment(2048)
    with Terminal([*PROGRAM, "remove", str(shmid)], columns=200) as terminal:
        terminal.wait_for("Remove 1 segment, 2.0K? [y/N]")
        assert "freed at once" in terminal.text
        terminal.send(f"{answer}\r")
        assert terminal.wait_exit() == code
        assert ("nothing was removed" in terminal.text) == (code == 1)
    assert bool(kernel.row(shmid)) == (code == 1)


def test_yes_never_covers_what_is_attached(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    held, free = make_segment(), make_segment()
    attached_child(held)
    done = shmtui("remove", held, free, "--yes")
    assert done.returncode == 1
    assert "it is attached: --force and its id, typed, would remove it" in done.stderr
    assert kernel.row(held).split()[2] == "600"
    assert kernel.row(free) == ""


def test_what_is_attached_goes_with_force_and_its_id_typed(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(key=KEY)
    attached_child(shmid)
    said = refused("remove", shmid, "--yes", "--force", code=2)
    assert "There is no terminal to ask on, and no option answers this" in said
    for answer, code in (("y", 1), (str(shmid), 0)):
        argv = [*PROGRAM, "remove", "--force", "--key", hex(KEY)]
        with Terminal(argv, columns=200) as terminal:
            terminal.wait_for("1 process keeps it; key free at once. Type its id to remove it:")
            terminal.send(f"{answer}\r")
            assert terminal.wait_exit() == code
            assert ("its id was not typed" in terminal.text) == (code == 1)
        assert kernel.row(shmid).split()[2] == ("600" if code else "1600")


def test_ctrl_c_at_the_question_removes_nothing(make_segment: MakeSegment) -> None:
    shmid = make_segment()
    with Terminal([*PROGRAM, "remove", str(shmid)], columns=200) as terminal:
        terminal.wait_for("[y/N]")
        terminal.send("\x03")
        assert terminal.wait_exit() == 130
    assert kernel.row(shmid)


def test_a_dry_run_says_what_would_happen_and_does_nothing(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    held, free = make_segment(), make_segment(key=KEY)
    attached_child(held)
    told = printed("remove", held, free, "--dry-run").splitlines()
    assert told[0].split()[:4] == ["private", str(held), "4.0K", "in"]
    assert told[1].startswith("  refused: it is attached")
    assert told[2].split()[:3] == ["0x00005eed", str(free), "4.0K"]
    assert "freed at once" in told[2]
    assert len(kernel.shmids()) == 2


def test_a_question_about_many_stays_in_sight(make_segment: MakeSegment) -> None:
    shmids = [make_segment() for _ in range(25)]
    said = refused("remove", *shmids, code=2).splitlines()
    assert len(said) == 22
    assert said[20] == "shmtui: and 5 more, which --dry-run lists"
    assert said[21].startswith("shmtui: Remove 25 segments, 100K?")
    assert len(printed("remove", *shmids, 99999, "--dry-run").splitlines()) == 25
    assert len(kernel.shmids()) == 25


def test_a_kill_while_it_is_dumped_keeps_it_and_leaves_no_file(
    make_segment: MakeSegment, tmp_path: Path
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    shmid = make_segment(512 << 20)
    kernel.fill(shmid, bytes(512 << 20))
    with started("remove", shmid, "--yes", "--dump", place) as removing:
        wait_until(lambda: list(place.iterdir()), 30.0, "the dump to begin")
        removing.send_signal(signal.SIGTERM)
        removing.wait(timeout=30)
    assert removing.returncode == 130
    assert list(place.iterdir()) == []
    assert kernel.row(shmid)


def test_orphans_are_those_that_are_old_and_no_others(
    creator: Creator, make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    gone, idle, held = creator(), creator(), make_segment()
    gone.end()
    attached_child(held)
    done = shmtui("remove", "--orphans", "--yes")
    assert (done.returncode, done.stdout) == (0, "")
    assert "no orphan that nobody touched for 1h" in done.stderr
    told = printed("remove", "--orphans", "--older-than", "0s", "--yes")
    assert told == f"segment {gone.shmid} (private): removed, freed at once\n"
    assert kernel.shmids() == sorted([idle.shmid, held])


def test_each_is_dumped_first_where_asked(make_segment: MakeSegment, tmp_path: Path) -> None:
    shmid = make_segment(10)
    kernel.fill(shmid, b"precious")
    said = refused("remove", shmid, "--yes", "--dump", tmp_path / "nowhere", code=1)
    assert "nowhere is no directory; nothing was removed" in said
    said = refused("remove", shmid, "--yes", "--dump", "/proc/self", code=1)
    assert "no file can be made in /proc/self" in said
    assert kernel.shmids() == [shmid]
    told = printed("remove", shmid, "--yes", "--dump", os.path.relpath(tmp_path, kernel.ROOT))
    (file,) = tmp_path.iterdir()
    path = told.partition("dumped to ")[2].strip()
    assert path.startswith("/")
    assert file.samefile(path)
    assert file.read_bytes() == b"precious\0\0"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "name segments, or say --orphans"),
        (["1", "--orphans"], "name segments, or say --orphans"),
        (["1", "--older-than", "1h"], "--older-than is for --orphans"),
        (["--orphans", "--older-than", "soon"], "'soon' is not an age"),
        (["0x5eed"], "0x5eed is a key, and this changes the segment: say --key 0x5eed"),
        (["--key", "0"], "key 0 is no key"),
        (["abc"], "segment 'abc': an id like 32769"),
    ],
)
def test_wrong_words_are_wrong_usage_and_nothing_goes(
    make_segment: MakeSegment, words: list[str], said: str
) -> None:
    shmid = make_segment(key=KEY)
    assert said in refused("remove", *words, "--yes", code=2)
    assert kernel.row(shmid)


def test_read_only_refuses_it(make_segment: MakeSegment) -> None:
    shmid = make_segment()
    said = refused("--read-only", "remove", shmid, "--yes", code=1)
    assert "it is --read-only: shmtui will not remove a segment" in said
    assert kernel.row(shmid)


def test_who_may_not_is_told_why_and_leaves_no_trace(make_segment: MakeSegment) -> None:
    shmid = make_segment(mode=0o666)
    before = kernel.row(shmid)
    argv = [sys.executable, "-m", "shmtui", "remove", str(shmid), "--yes"]
    done = kernel.as_user("nobody", argv, cwd=kernel.ROOT)
    assert done.returncode == 1
    assert "you are nobody. Only its owner, its creator or root may" in done.stderr
    assert kernel.row(shmid) == before


def test_who_stops_listening_has_still_asked_for_all(make_segment: MakeSegment) -> None:
    shmids = [make_segment() for _ in range(3)]
    reader, writer = os.pipe()
    os.close(reader)
    done = shmtui("remove", *shmids, 99999, "--yes", stdout=writer)
    os.close(writer)
    assert done.returncode == 1
    assert kernel.shmids() == []


# The record


def full_disk(tmp_path: Path, *words: object) -> list[str]:
    """The command line of the program with a state directory that has no room."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    script = (
        'mount -t tmpfs -o size=4k tmpfs "$0" && head -c 4096 /dev/zero >"$0/fill"'
        ' && mkdir "$0/shmtui" && XDG_STATE_HOME="$0" exec "$@"'
    )
    argv = ["unshare", "--mount", "sh", "-c", script, str(tmp_path)]
    return [*argv, *PROGRAM, *map(str, words)]


def test_on_a_full_disk_nothing_goes_unlogged(make_segment: MakeSegment, tmp_path: Path) -> None:
    shmid = make_segment()
    done = run(full_disk(tmp_path, "remove", shmid, "--yes"))
    assert done.returncode == 1
    assert "the activity log cannot be kept: not written to" in done.stderr
    assert "No space left on device" in done.stderr
    assert "nothing was removed: --unlogged would remove without a record" in done.stderr
    assert kernel.row(shmid)
    done = run(full_disk(tmp_path, "remove", shmid, "--yes", "--unlogged"))
    assert done.returncode == 0, done.stderr
    assert kernel.row(shmid) == ""


@pytest.mark.parametrize("answer", ["y", "n"])
def test_on_a_terminal_a_full_disk_is_asked_about(
    make_segment: MakeSegment, tmp_path: Path, answer: str
) -> None:
    shmid = make_segment()
    with Terminal(full_disk(tmp_path, "remove", shmid, "--yes"), columns=200) as terminal:
        terminal.wait_for("Remove without a record? [y/N]")
        terminal.send(f"{answer}\r")
        assert terminal.wait_exit() == (0 if answer == "y" else 1)
    assert bool(kernel.row(shmid)) == (answer == "n")
