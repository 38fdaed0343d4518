"""A log only grows, line by line, for its owner alone."""

import contextlib
import json
import os
import resource
import signal
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from shmtui.store.logs import LogError, append, check, last
from shmtui.store.paths import StoreError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "log.jsonl"


def test_each_record_is_a_line(path: Path) -> None:
    append(path, {"what": "create", "name": "line\nend \x1b[2J \udcff"})
    append(path, {"what": "write"})
    first, second = path.read_text().splitlines()
    assert json.loads(first)["name"] == "line\nend \x1b[2J \udcff"
    assert json.loads(second) == {"what": "write"}
    assert first.isprintable()


def test_only_its_owner_may_read_it(path: Path) -> None:
    append(path, {})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_lines_of_many_hands_do_not_mix(path: Path) -> None:
    append(path, {})

    def add() -> None:
        for _ in range(50):
            append(path, {"text": "x" * 5000})

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = path.read_text().splitlines()
    assert len(lines) == 201
    assert all(json.loads(line) == {"text": "x" * 5000} for line in lines[1:])


def test_a_link_in_its_place_is_not_followed(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LogError, match="not written to"):
        append(path, {})
    assert not (tmp_path / "elsewhere").exists()


def test_what_is_no_plain_file_is_refused_and_hangs_nobody(path: Path) -> None:
    path.parent.mkdir()
    os.mkfifo(path)
    with pytest.raises(LogError):
        append(path, {})
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(LogError, match="not a plain file"):
        append(path, {})
    assert os.read(reader, 10) == b""
    os.close(reader)


def test_a_directory_that_cannot_be_made_is_said_in_words() -> None:
    with pytest.raises(StoreError, match="/proc/none"):
        append(Path("/proc/none/log.jsonl"), {})


def test_a_full_disk_is_said_in_words(path: Path) -> None:
    append(path, {})
    with pytest.raises(LogError, match=r"File too large|the disk may be full"), _no_larger_files():
        append(path, {"text": "x" * 100})


def test_a_line_that_a_full_disk_cut_takes_no_other_with_it(path: Path) -> None:
    append(path, {"number": 1})
    with path.open("a") as file:
        file.write('{"number": 2, "cut')
    append(path, {"number": 3})
    assert [record["number"] for record in last(path, 9)] == [1, 3]


def test_whether_lines_can_be_added_is_told_before_and_leaves_nothing(path: Path) -> None:
    check(path, 1000)
    assert [(file.name, file.stat().st_size) for file in path.parent.iterdir()] == [(path.name, 0)]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(LogError, match=r"not written to .*log\.jsonl: "), _no_larger_files():
        check(path, 1000)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(LogError, match="not a plain file"):
        check(path, 1000)
    path.unlink()
    path.symlink_to("elsewhere")
    with pytest.raises(LogError, match="not written to"):
        check(path, 1000)


def test_the_last_records_come_back_the_oldest_first(path: Path) -> None:
    assert last(path, 2) == []
    for number in range(5):
        append(path, {"number": number})
    assert [record["number"] for record in last(path, 2)] == [3, 4]
    assert len(last(path, 99)) == 5


def test_what_is_no_record_is_left_out(path: Path) -> None:
    append(path, {"number": 1})
    with path.open("ab") as file:
        file.write(b"[]\n\xff\xfe\n" + b"[" * 100_000 + b"\n17\n")
    append(path, {"number": 2})
    assert [record["number"] for record in last(path, 9)] == [1, 2]


def test_of_a_huge_log_only_the_end_is_read(path: Path) -> None:
    append(path, {"number": 1})
    os.truncate(path, 1 << 34)
    append(path, {"number": 2})
    append(path, {"number": 3})
    assert [record["number"] for record in last(path, 9)] == [2, 3]


def test_a_log_that_cannot_be_read_is_said(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(LogError, match=r"log\.jsonl"):
        last(path, 9)


@contextlib.contextmanager
def _no_larger_files() -> Iterator[None]:
    """No file may grow beyond 10 bytes: the nearest to a full disk (setrlimit(2))."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
