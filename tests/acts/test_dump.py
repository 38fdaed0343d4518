"""Dumping real segments: the file is the segment, holes are holes, nothing half done is left."""

import errno
import mmap
import os
import resource
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from shmtui.acts.dump import Dumped, dump
from shmtui.acts.load import load, plan
from shmtui.acts.log import ActivityLog
from shmtui.acts.new_file import Exists, FileError
from shmtui.acts.policy import Policy
from shmtui.monitor.pace import Progress
from shmtui.monitor.source import Source
from shmtui.sysv.attachment import Forbidden
from shmtui.sysv.content import can_peek
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.window import Consent, Gone
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.sources import kept
from tests.sysv.rows import segment

PAGE = mmap.PAGESIZE
MIB = 1024 * 1024


def source(shmid: int, consent: Consent = Consent.FORCED, pid: int = 0) -> Source:
    return kept(Source(segment(shmid), (pid,), consent, Evidence()))


def dumped(shmid: int, path: Path, *, overwrite: bool = False) -> Dumped:
    *steps, last = dump(source(shmid), path, overwrite=overwrite)
    assert all(isinstance(step, Progress) for step in steps)
    assert isinstance(last, Dumped)
    return last


@pytest.fixture
def path(tmp_path: Path) -> Path:
    place = tmp_path / "place"
    place.mkdir()
    return place / "dump"


@pytest.fixture
def large(make_segment: MakeSegment) -> int:
    """32 MiB, all of it written, with numbers that tell each page from the others."""
    shmid = make_segment(32 * MIB)
    pages = (number.to_bytes(4, "little") * (PAGE // 4) for number in range(32 * MIB // PAGE))
    kernel.fill(shmid, b"".join(pages))
    return shmid


def test_the_file_is_the_segment_and_its_owners_alone(
    make_segment: MakeSegment, path: Path
) -> None:
    shmid = make_segment(PAGE + 10)
    kernel.fill(shmid, b"hello", PAGE + 5)
    done = dumped(shmid, path)
    assert path.read_bytes() == bytes(PAGE + 5) + b"hello"
    assert done == Dumped(path, PAGE + 10, 10, PAGE, {})
    assert done.complete
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_dump_through_a_holder_leaves_no_trace(
    make_segment: MakeSegment, attached_child: AttachedChild, path: Path
) -> None:
    shmid = make_segment(8 * PAGE)
    child = attached_child(shmid, b"hello", PAGE)
    before = kernel.row(shmid)
    list(dump(source(shmid, Consent.TRACELESS, child.pid), path))
    assert path.read_bytes()[PAGE : PAGE + 5] == b"hello"
    assert kernel.row(shmid) == before


def test_a_large_one_is_whole_and_tells_how_far_it_is(large: int, path: Path) -> None:
    done = dumped(large, path)
    assert (done.data, done.holes) == (32 * MIB, 0)
    assert path.read_bytes() == kernel.content(large, 32 * MIB)


@pytest.mark.parametrize("times", [0, 1, 3])
def test_it_is_whole_where_the_kernel_sends_nothing_or_no_more(
    large: int, path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    send, left = os.sendfile, [MIB] * times

    def refuse(out: int, of: int, offset: int, count: int) -> int:
        if not left:
            raise OSError(errno.EINVAL, "Invalid argument")
        return send(out, of, offset, min(count, left.pop()))

    monkeypatch.setattr(os, "sendfile", refuse)
    done = dumped(large, path)
    assert (done.data, done.holes) == (32 * MIB, 0)
    assert path.read_bytes() == kernel.content(large, 32 * MIB)
    assert left == [] or not can_peek()


def test_64_sparse_gib_take_no_time_and_no_space(path: Path) -> None:
    flags = 0o600 | kernel.IPC_CREAT | kernel.SHM_NORESERVE
    shmid = kernel.shmget(kernel.IPC_PRIVATE, 64 << 30, flags)
    try:
        kernel.fill(shmid, b"hello", 40 << 30)
        done = dumped(shmid, path)
        assert (done.size, done.data, done.holes) == (64 << 30, PAGE, (64 << 30) - PAGE)
        assert path.stat().st_size == 64 << 30
        assert path.stat().st_blocks * 512 < MIB
        with path.open("rb") as file:
            file.seek(40 << 30)
            assert file.read(5) == b"hello"
        assert segment(shmid).rss == PAGE
    finally:
        kernel.rmid(shmid)


def test_dump_load_dump_gives_the_same_bytes_and_the_same_holes(
    make_segment: MakeSegment, tmp_path: Path, path: Path
) -> None:
    one, other = make_segment(100 * PAGE + 7), make_segment(100 * PAGE + 7)
    for page in (3, 4, 50, 100):
        kernel.fill(one, bytes([page]) * 7, page * PAGE)
    kernel.fill(other, b"x" * (100 * PAGE + 7))
    first = dumped(one, path)
    policy, log = Policy(), ActivityLog(print, tmp_path / "log")
    list(load(plan(path, segment(other), 0, policy), policy, log))
    again = dumped(other, path.with_name("again"))
    assert path.read_bytes() == again.path.read_bytes()
    assert (first.data, first.holes) == (again.data, again.holes)


def test_a_file_that_is_there_stays_as_it_is(make_segment: MakeSegment, path: Path) -> None:
    path.write_text("precious")
    with pytest.raises(Exists, match="is there already"):
        dumped(make_segment(), path)
    assert path.read_text() == "precious"


def test_a_file_that_somebody_makes_at_the_last_moment_stays_as_it_is(
    make_segment: MakeSegment, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shmtui.acts.dump._check", lambda *_: None)
    path.write_text("precious")
    with pytest.raises(Exists):
        dumped(make_segment(), path)
    assert path.read_text() == "precious"


def test_it_is_replaced_in_one_step_where_told_to(large: int, path: Path) -> None:
    path.write_text("precious")
    path.chmod(0o644)
    steps = dump(source(large), path, overwrite=True)
    for step in steps:
        if isinstance(step, Progress):
            assert path.read_text() == "precious"
    assert path.stat().st_size == 32 * MIB
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == ["dump"]


def test_a_link_is_not_followed(make_segment: MakeSegment, path: Path) -> None:
    target = path.with_name("target")
    target.write_text("precious")
    path.symlink_to(target)
    for overwrite in (False, True):
        with pytest.raises(FileError, match="is not a plain file: not overwritten"):
            dumped(make_segment(), path, overwrite=overwrite)
    assert target.read_text() == "precious"


@pytest.mark.parametrize("overwrite", [True, False])
def test_a_cancel_removes_what_was_written_and_no_other_file(
    large: int, path: Path, overwrite: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shmtui.monitor.pace._EACH_S", 0.0)
    if overwrite:
        path.write_text("precious")
    steps = dump(source(large), path, overwrite=overwrite)
    first = next(steps)
    assert isinstance(first, Progress)
    assert 0 < first.done < first.total == 32 * MIB
    assert len(os.listdir(path.parent)) == (2 if overwrite else 1)
    steps.close()
    assert os.listdir(path.parent) == (["dump"] if overwrite else [])
    assert not overwrite or path.read_text() == "precious"


def test_what_somebody_put_in_its_place_meanwhile_is_not_removed(
    large: int, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shmtui.monitor.pace._EACH_S", 0.0)
    steps = dump(source(large), path)
    next(steps)
    path.unlink()
    path.write_text("another's")
    steps.close()
    assert path.read_text() == "another's"


def test_a_segment_that_goes_meanwhile_is_said_and_leaves_no_file(
    large: int, attached_child: AttachedChild, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shmtui.monitor.pace._EACH_S", 0.0)
    child = attached_child(large)
    steps = dump(source(large, pid=child.pid), path)
    next(steps)
    kernel.rmid(large)
    child.kill()
    child.wait()
    with pytest.raises(Gone, match=f"is gone. The part that was written to {path} is removed"):
        list(steps)
    assert not path.exists()


@pytest.fixture
def most_bytes_of_a_file() -> Iterator[None]:
    """No file may grow beyond 16 MiB (setrlimit(2): Python ignores SIGXFSZ)."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16 * MIB, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("most_bytes_of_a_file")
def test_a_file_that_may_not_be_so_large_is_said_and_not_left(large: int, path: Path) -> None:
    with pytest.raises(FileError, match=r"dump: File too large\. The part .* is removed"):
        dumped(large, path)
    assert os.listdir(path.parent) == []


@pytest.mark.usefixtures("most_bytes_of_a_file")
def test_a_file_that_was_to_be_replaced_stays_whole_and_is_said_to(large: int, path: Path) -> None:
    path.write_text("precious")
    with pytest.raises(FileError, match=r"File too large\. .*dump stays as it is"):
        dumped(large, path, overwrite=True)
    assert path.read_text() == "precious"
    assert os.listdir(path.parent) == ["dump"]


def test_a_place_where_nothing_may_be_made_is_said(make_segment: MakeSegment, path: Path) -> None:
    shmid = make_segment()
    with pytest.raises(FileError, match="nowhere/dump: No such file or directory"):
        dumped(shmid, path.parent / "nowhere" / "dump")
    with pytest.raises(FileError, match="Not a directory"):
        dumped(shmid, Path(__file__) / "dump")


def test_what_may_only_be_attached_is_not_dumped_without_consent(
    make_segment: MakeSegment, path: Path
) -> None:
    with pytest.raises(Forbidden, match="last pid and attach time change"):
        list(dump(source(make_segment(), Consent.TRACELESS), path))
    assert not path.exists()
