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

from shmtui.store.logs import LogError, append
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
