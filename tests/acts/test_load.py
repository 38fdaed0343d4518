"""Loading a file into a real segment: planned in words, done exactly, put on record."""

import mmap
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from shmtui.acts import load as acts
from shmtui.acts.load import Loaded, LoadError, LoadPlan, load, plan
from shmtui.acts.log import ActivityLog
from shmtui.acts.policy import Policy
from shmtui.monitor.pace import Progress
from shmtui.sysv.errors import BadArgument, Refused, ShmError
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.window import Gone
from tests import kernel
from tests.acts.conftest import Records
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.rows import segment

PAGE = mmap.PAGESIZE
FREE = Policy()

Results = Callable[[], list[object]]


@pytest.fixture
def results(records: Records) -> Results:
    """What the log says came of it."""
    return lambda: [record["result"] for record in records()]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "file"
    path.write_bytes(b"hello")
    return path


def run(made: LoadPlan, log: ActivityLog) -> Loaded:
    *steps, loaded = load(made, FREE, log)
    assert all(isinstance(step, Progress) for step in steps)
    assert isinstance(loaded, Loaded)
    return loaded


def test_the_bytes_are_there_and_the_rest_is_as_it_was(
    make_segment: MakeSegment, file: Path, log: ActivityLog, results: Results
) -> None:
    shmid = make_segment(100)
    kernel.fill(shmid, b"." * 100)
    loaded = run(plan(file, segment(shmid), 7, FREE), log)
    assert (loaded.offset, loaded.length) == (7, 5)
    assert kernel.content(shmid, 100) == b"." * 7 + b"hello" + b"." * 88
    assert results() == ["done: 5 bytes of " + str(file) + " at 0x7"]


def test_the_plan_says_what_it_would_change_and_who_sees_it(
    make_segment: MakeSegment, attached_child: AttachedChild, file: Path
) -> None:
    shmid = make_segment(100)
    child = attached_child(shmid, name="neighbour")
    before = kernel.row(shmid)
    made = plan(file, segment(shmid), 7, FREE)
    assert made.lines == (
        f"segment {shmid} (private): 5 of 100, 0x7 to 0xc, become those of {file}:"
        " what is there now is lost",
        f"attached 1 time: {child.pid} neighbour; they see it change at once",
        "its last pid, attach and detach time become ours; the activity log keeps this",
    )
    assert (made.data, made.holes) == (5, 0)
    assert kernel.row(shmid) == before


def test_holes_of_the_file_become_zeros_and_holes_again(
    make_segment: MakeSegment, tmp_path: Path, log: ActivityLog
) -> None:
    shmid = make_segment(8 * PAGE)
    kernel.fill(shmid, b"x" * 8 * PAGE)
    file = tmp_path / "sparse"
    with file.open("wb") as sparse:
        sparse.truncate(8 * PAGE)
        sparse.seek(3 * PAGE)
        sparse.write(b"y" * PAGE)
    made = plan(file, segment(shmid), 0, FREE)
    assert (made.data, made.holes) == (PAGE, 7 * PAGE)
    assert "28K of the file are holes: zeros there, their memory is freed" in made.lines
    run(made, log)
    assert segment(shmid).rss == PAGE
    assert kernel.content(shmid, 8 * PAGE) == bytes(3 * PAGE) + b"y" * PAGE + bytes(4 * PAGE)


def test_a_file_of_many_pieces_arrives_whole(
    make_segment: MakeSegment, tmp_path: Path, log: ActivityLog
) -> None:
    content = os.urandom(3 * 1024 * 1024 + 5)
    file = tmp_path / "large"
    file.write_bytes(content)
    shmid = make_segment(len(content) + 3)
    run(plan(file, segment(shmid), 3, FREE), log)
    assert kernel.content(shmid, len(content), 3) == content


def test_what_our_attaches_overwrote_is_known(
    make_segment: MakeSegment, attached_child: AttachedChild, file: Path, log: ActivityLog
) -> None:
    shmid = make_segment(100)
    child = attached_child(shmid)
    evidence = Evidence()
    list(load(plan(file, segment(shmid), 0, FREE), FREE, log, evidence))
    assert segment(shmid).lpid == os.getpid()
    assert evidence.original(segment(shmid)).lpid == child.pid


def test_nobody_is_attached_between_two_steps(
    make_segment: MakeSegment,
    tmp_path: Path,
    log: ActivityLog,
    results: Results,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(acts, "_SPELL_S", 0.0)
    file = tmp_path / "large"
    file.write_bytes(b"x" * 1024 * 1024)
    shmid = make_segment(1024 * 1024)
    steps = load(plan(file, segment(shmid), 0, FREE), FREE, log)
    progress = next(steps)
    assert isinstance(progress, Progress)
    assert (progress.done, progress.total) == (128 * 1024, 1024 * 1024)
    assert segment(shmid).nattch == 0
    steps.close()
    assert kernel.content(shmid, 256 * 1024) == b"x" * 128 * 1024 + bytes(128 * 1024)
    assert results() == [f"cancelled. Half written: 131072 of 1048576 bytes of {file}"]


def test_a_segment_that_goes_meanwhile_is_said_with_how_much_was_written(
    make_segment: MakeSegment,
    tmp_path: Path,
    log: ActivityLog,
    results: Results,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(acts, "_SPELL_S", 0.0)
    file = tmp_path / "large"
    file.write_bytes(b"x" * 1024 * 1024)
    shmid = make_segment(1024 * 1024)
    steps = load(plan(file, segment(shmid), 0, FREE), FREE, log)
    next(steps)
    kernel.rmid(shmid)
    with pytest.raises(Gone, match=r"is gone\. Half written: 131072 of 1048576 bytes"):
        next(steps)
    assert str(results()[0]).startswith(f"failed: segment {shmid} (private) is gone. Half written")


def test_a_file_that_was_cut_meanwhile_is_an_error(
    make_segment: MakeSegment, file: Path, log: ActivityLog, results: Results
) -> None:
    shmid = make_segment(100)
    made = plan(file, segment(shmid), 0, FREE)
    file.write_bytes(b"he")
    with pytest.raises(LoadError, match="was changed meanwhile"):
        list(load(made, FREE, log))
    assert kernel.content(shmid, 5) == bytes(5)
    assert str(results()[0]).endswith(f"Nothing of 5 bytes of {file} was written")


def test_one_byte_is_not_called_bytes(
    make_segment: MakeSegment, tmp_path: Path, log: ActivityLog, results: Results
) -> None:
    file = tmp_path / "one"
    file.write_bytes(b"x")
    run(plan(file, segment(make_segment(100)), 0, FREE), log)
    assert results() == [f"done: 1 byte of {file} at 0x0"]


@pytest.mark.parametrize(
    ("offset", "words"),
    [
        (96, r"has 5 bytes, segment \d+ \(private\) has room for 4 from 0x60 on"),
        (100, "has 100 bytes: none at 100"),
        (-1, "has 100 bytes: none at -1"),
    ],
)
def test_what_does_not_fit_is_refused(
    make_segment: MakeSegment, file: Path, offset: int, words: str
) -> None:
    with pytest.raises(BadArgument, match=words):
        plan(file, segment(make_segment(100)), offset, FREE)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.touch(), "is empty: there is nothing to load"),
        (lambda path: path.mkdir(), "is not a plain file"),
        (lambda path: os.mkfifo(path), "is not a plain file"),
        (lambda path: None, "No such file or directory"),
    ],
)
def test_what_is_no_file_to_load_is_refused(
    make_segment: MakeSegment, tmp_path: Path, make: Callable[[Path], None], words: str
) -> None:
    path = tmp_path / "thing"
    make(path)
    with pytest.raises(ShmError, match=words):
        plan(path, segment(make_segment(100)), 0, FREE)


def test_read_only_refuses_before_anything_is_looked_at(
    make_segment: MakeSegment, file: Path, log: ActivityLog
) -> None:
    shmid = make_segment(100)
    closed = Policy(read_only=True)
    with pytest.raises(Refused, match="--read-only: shmtui will not write into a segment"):
        plan(file, segment(shmid), 0, closed)
    made = plan(file, segment(shmid), 0, FREE)
    with pytest.raises(Refused, match="--read-only"):
        list(load(made, closed, log))
    assert kernel.content(shmid, 5) == bytes(5)


def test_a_segment_marked_for_destruction_is_refused(
    make_segment: MakeSegment, attached_child: AttachedChild, file: Path
) -> None:
    shmid = make_segment(100)
    attached_child(shmid)
    kernel.rmid(shmid)
    with pytest.raises(Refused, match="what is written goes with it"):
        plan(file, segment(shmid), 0, FREE)
