"""`shmtui create`: what ipcmk does, refused in words before anything is made."""

import json
import os
from pathlib import Path

import pytest

from tests import kernel
from tests.cli.program import parsed, printed, refused
from tests.conftest import MakeSegment

KEY = 0x5EED


def test_the_id_is_printed_and_the_segment_is_there() -> None:
    shmid = int(printed("create", "--size", "1K", "--key", hex(KEY), "--mode", "0640"))
    segment = parsed("show", shmid, "--json")["segment"]
    kernel.rmid(shmid)
    assert (segment["key"], segment["size"], segment["mode"]) == (KEY, 1024, "0640")
    assert (segment["rss"], segment["attach_time"]) == (0, None)


def test_without_a_key_it_is_private() -> None:
    shmid = int(printed("create", "--size", "1"))
    private = parsed("show", shmid, "--json")["segment"]["private"]
    kernel.rmid(shmid)
    assert private is True


def test_it_is_written_to_the_activity_log(tmp_path: Path) -> None:
    env = {**os.environ, "XDG_STATE_HOME": str(tmp_path)}
    shmid = int(printed("create", "--size", "1", env=env))
    kernel.rmid(shmid)
    (log,) = (path for path in tmp_path.rglob("*") if path.is_file())
    (line,) = log.read_text().splitlines()
    assert json.loads(line)["segment"] == f"segment {shmid} (private)"


def test_a_taken_key_is_said_with_whose_it_is(make_segment: MakeSegment) -> None:
    shmid = make_segment(1024, key=KEY)
    said = refused("create", "--size", "1K", "--key", KEY, code=1)
    assert f"key 0x00005eed is taken by segment {shmid}: 1024 bytes, mode 0600" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "--size"),
        (["--size", "4KB"], "size '4KB': say K (1024 steps)"),
        (["--size", "1K", "--mode", "0888"], "octal digits like 0600"),
        (["--size", "1K", "--mode", "01777"], "only the nine permission bits"),
        (["--size", "1K", "--key", "0"], "key 0 is no key"),
        (["--size", "1K", "--key", "0x100000000"], "keys go up to 0xffffffff"),
    ],
)
def test_wrong_words_are_wrong_usage(words: list[str], said: str) -> None:
    before = kernel.shmids()
    assert said in refused("create", *words, code=2)
    assert kernel.shmids() == before


def test_what_no_machine_can_make_is_refused_in_words() -> None:
    assert "size 0: a segment has at least one byte" in refused("create", "--size", 0, code=1)
    assert "size" in refused("create", "--size", 2**62, code=1)
