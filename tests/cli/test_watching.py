"""`shmtui read --watch`: typed values by name, line by line, for people and for programs."""

import json
import re
import struct
import sys

import pytest

from shmtui.sysv.content import can_peek
from tests import kernel
from tests.cli.program import line_of, parsed, printed, refused, shmtui, started
from tests.conftest import AttachedChild, MakeSegment

needs_peek = pytest.mark.skipif(not can_peek(), reason="only root reads by peek")

ONCE = ("--count", 1)


@pytest.fixture
def held(make_segment: MakeSegment, attached_child: AttachedChild) -> int:
    """A segment that a process maps: at 16 a count, at 24 a rate, at 32 what is no number."""
    shmid = make_segment(1024, key=0x5EED)
    attached_child(shmid, struct.pack("=4xI", 7) + struct.pack("=8xQdd", 42, 1.5, float("nan")))
    return shmid


@needs_peek
def test_each_line_is_the_time_and_every_value_by_its_name(held: int) -> None:
    before = kernel.row(held)
    words = ["--watch", "0x10:u64:count", "--watch", "24:f64:rate", "--watch", "4 u32be"]
    done = shmtui("read", held, *ONCE, *words)
    assert re.fullmatch(rf"\d\d:\d\d:\d\d  count=42  rate=1\.5  0x4={7 << 24}\n", done.stdout), (
        done.stdout
    )
    assert f"segment {held} (0x00005eed): read by peek, leaves no trace" in done.stderr
    assert kernel.row(held) == before


@needs_peek
def test_json_has_a_document_a_line_with_offset_type_and_value(held: int) -> None:
    words = ["--json", "--watch", "0x10:u64le:count", "--watch", "0x20:f64:ratio"]
    document = parsed("read", held, *ONCE, *words)
    assert re.match(r"\d{4}-\d\d-\d\dT", document.pop("time"))
    assert document == {
        "schema": 1,
        "id": held,
        "tap": "peek",
        "watches": {
            "count": {"offset": 16, "type": "u64le", "value": 42},
            "ratio": {"offset": 32, "type": "f64le", "value": None},
        },
    }


@needs_peek
def test_each_interval_prints_what_is_there_by_then(held: int) -> None:
    with started("read", held, "--interval", 0.05, "--watch", "16:u64:n", "--json") as process:
        assert json.loads(line_of(process))["watches"]["n"]["value"] == 42
        kernel.fill(held, struct.pack("=Q", 43), 16)
        assert process.stdout is not None
        for line in process.stdout:
            if json.loads(line)["watches"]["n"]["value"] == 43:
                break


@needs_peek
def test_only_the_watched_bytes_of_a_large_sparse_segment_are_read(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(1 << 30)
    attached_child(shmid, b"\x05", 1 << 29)
    before = kernel.row(shmid)
    words = ["--watch", f"{1 << 29:#x}:u8:written", "--watch", "1M:u32:hole"]
    done = shmtui("read", shmid, *ONCE, *words)
    assert done.stdout.endswith("  written=5  hole=0\n")
    assert "not read" not in done.stderr  # a hole is known to be zeros
    assert kernel.row(shmid) == before


def test_what_cannot_be_read_is_a_dash_and_the_reason_is_said() -> None:
    # To a plain user only the pages that the holder touched can be read.
    done = kernel.as_user("nobody", [sys.executable, "-c", _READ_OWN_CHILD], cwd=kernel.ROOT)
    assert re.fullmatch(r"\d\d:\d\d:\d\d  seen=9  far=—\n", done.stdout), done.stderr
    assert "— stands for what was not read: not mapped by that process" in done.stderr


_READ_OWN_CHILD = """
from shmtui.cli.main import run
from tests import kernel
from tests.sysv.plainuser import Child
shmid = kernel.shmget(kernel.IPC_PRIVATE, 1 << 16, 0o600 | kernel.IPC_CREAT)
with Child(shmid, bytes([9])):
    kernel.rmid(shmid)  # it goes with the child, whatever happens
    run(["read", str(shmid), "--count=1", "--watch=0:u8:seen", "--watch=0x8000:u8:far"])
"""


def test_a_value_beyond_the_end_is_refused_before_anything_is_printed(
    make_segment: MakeSegment,
) -> None:
    shmid = make_segment(1024)
    said = refused("read", shmid, "--watch", "1020:u64:late", code=1)
    assert f"segment {shmid} (private): watch late: no u64le (8 bytes) at 0x3fc" in said
    assert "the segment has 1024 bytes" in said
    assert "no u8" in refused("read", shmid, "--watch", "0:u8:a", "--watch", "1K:u8:b", code=1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--watch", "0x10"], "watch '0x10': OFFSET:TYPE:NAME, like 0x10:u32le:count"),
        (["--watch", "0x10:u31:count"], "type 'u31': one of"),
        (["--watch=-4:u32:count"], "-4"),
        (["--watch", "0:u8:a", "--watch", "4:u8:a"], "--watch: two are called a"),
        (["--watch", "0:u8:a", "--as", "hex"], "leave out --as, --offset, --length"),
        (["--watch", "0:u8:a", "--offset", "4"], "leave out --as, --offset, --length"),
        (["--watch", "0:u8:a", "--length", "4"], "leave out --as, --offset, --length"),
    ],
)
def test_a_watch_that_is_not_understood_is_wrong_usage(
    make_segment: MakeSegment, words: list[str], said: str
) -> None:
    assert said in refused("read", make_segment(), *words, code=2)


def test_a_segment_that_nobody_maps_is_not_attached_unless_forced(
    make_segment: MakeSegment,
) -> None:
    shmid = make_segment()
    kernel.fill(shmid, b"\x2a")
    before = kernel.row(shmid)
    words = ["read", shmid, *ONCE, "--watch", "0:u8:answer"]
    assert "cannot be read" in refused(*words, code=1)
    assert kernel.row(shmid) == before
    assert printed(*words, "--force").endswith("  answer=42\n")
    assert kernel.row(shmid) != before


def test_it_ends_with_1_when_the_segment_goes_before_the_count(make_segment: MakeSegment) -> None:
    shmid = make_segment()
    words = ["--force", "--interval", 0.05, "--count", 1000, "--watch", "0:u8:a"]
    with started("read", shmid, *words) as process:
        assert line_of(process).endswith("a=0")
        kernel.rmid(shmid)
        _, said = process.communicate(timeout=30)
        assert process.returncode == 1
        assert f"segment {shmid} (private) is gone" in said
