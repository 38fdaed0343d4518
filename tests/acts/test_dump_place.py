"""Where dumps are to go is looked at before anything is removed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shmtui.acts.dump_place import lacking
from shmtui.sysv.segment import Segment
from tests.present.made import segment

MIB = 2**20


class Disk:
    """What statvfs tells of a disk that is not here."""

    total, used, free = 100 * MIB, 99 * MIB, MIB


@pytest.fixture
def nearly_full(monkeypatch: pytest.MonkeyPatch) -> type[Disk]:
    monkeypatch.setattr("shutil.disk_usage", lambda path: Disk)
    return Disk


def test_nothing_is_said_of_a_good_place_and_nothing_left_in_it(tmp_path: Path) -> None:
    assert lacking(tmp_path, [segment(1)]) == ""
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_directory_is_said_so(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for path in (file, tmp_path / "nowhere", file / "below"):
        assert lacking(path, []) == f"{path} is no directory"


def test_a_directory_where_no_file_can_be_made_is_said_so_with_the_cause() -> None:
    """Root may write to every directory, but not to this one."""
    assert lacking(Path("/proc/self"), []).startswith("no file can be made in /proc/self: ")


def test_a_directory_that_another_user_may_not_write_to_is_refused(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root becomes another user")
    program = "import sys, pathlib; from shmtui.acts.dump_place import lacking"
    program += "; print(lacking(pathlib.Path(sys.argv[1]), []))"
    other = str(Path(__file__).parent.parent / "otheruser.py")
    words = [sys.executable, other, "nobody", sys.executable, "-c", program, "/usr"]
    said = subprocess.run(words, capture_output=True, text=True, check=False)
    if said.returncode == 126:
        pytest.skip(said.stderr)
    assert said.stdout == "no file can be made in /usr: Permission denied\n"


@pytest.mark.parametrize("path", ["x\0y", "a" * 300])
def test_a_name_that_cannot_be_one_is_told_too(path: str) -> None:
    assert lacking(Path(path), []) != ""


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([segment(1, size=2**40, rss=MIB, swap=0)], ""),
        ([segment(1, size=2 * MIB, rss=MIB, swap=MIB)], "1 dump takes up to 2.0M"),
        ([segment(at, size=MIB, rss=MIB, swap=0) for at in (1, 2, 3)], "3 dumps take up to 3.0M"),
        ([segment(1, size=2 * MIB, rss=None, swap=None)], "1 dump takes up to 2.0M"),
        ([segment(1, size=2 * MIB, rss=2**40, swap=0)], "1 dump takes up to 2.0M"),
    ],
)
def test_all_dumps_must_have_room_for_what_is_not_a_hole(
    nearly_full: type[Disk], tmp_path: Path, rows: list[Segment], words: str
) -> None:
    assert lacking(tmp_path, rows) == (words and f"{tmp_path} has 1.0M of room, {words}")


def test_a_file_system_that_does_not_tell_its_room_is_not_refused(
    monkeypatch: pytest.MonkeyPatch, nearly_full: type[Disk], tmp_path: Path
) -> None:
    monkeypatch.setattr(nearly_full, "total", 0)
    assert lacking(tmp_path, [segment(1, rss=2**30, size=2**30)]) == ""
