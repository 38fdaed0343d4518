"""`shmtui read`: a segment's content for pipes and people, without a trace where that can be."""

import base64
import json
import os
import struct
import subprocess
import sys

import pytest

from shmtui.cli.look import Look, Stretch
from shmtui.cli.naming import Name
from shmtui.sysv.content import Consent, can_peek
from tests import kernel
from tests.cli.program import PROGRAM, line_of, parsed, printed, refused, shmtui, started
from tests.conftest import AttachedChild, MakeSegment, Peer
from tests.terminal import Terminal

needs_peek = pytest.mark.skipif(not can_peek(), reason="only root reads by peek")


@pytest.fixture
def held(make_segment: MakeSegment, attached_child: AttachedChild) -> int:
    """A segment that a process maps, with a C string, a number and some more in it."""
    shmid = make_segment(1024, key=0x5EED)
    content = b"42\0" + b"\xff" * 5 + struct.pack("=Id", 7, -1.5) + b"\x1b[31m\0"
    attached_child(shmid, content)
    return shmid


@needs_peek
def test_text_is_the_c_string_and_leaves_no_trace(held: int) -> None:
    before = kernel.row(held)
    done = shmtui("read", held, "--count", 1)
    assert done.stdout == "42\n"
    assert f"segment {held} (0x00005eed): read by peek, leaves no trace" in done.stderr
    assert kernel.row(held) == before


@needs_peek
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["--as", "u8"], "52"),
        (["--as", "u8", "--length", "3"], "52 50 0"),
        (["--as", "u32", "--offset", "8"], "7"),
        (["--as", "f64", "--offset", "0xc"], "-1.5"),
        (["--as", "i8", "--offset", "3"], "-1"),
        (["--as", "u64", "--offset", "1008", "--length", "24"], "0 0"),
        (["--as", "u64", "--offset", "1012", "--length", "24"], "0"),
        (["--offset", "20"], r"\x1b[31m"),
        (["--offset", "3", "--length", "2"], r"\xff\xff"),
        (["--as", "hex", "--length", "3"], "00000000  34 32 00" + " " * 42 + "|42.|"),
    ],
)
def test_content_is_printed_in_the_form_asked_for(
    held: int, words: list[str], expected: str
) -> None:
    assert printed("read", held, "--count", 1, *words) == f"{expected}\n"


@needs_peek
def test_raw_is_every_byte_and_nothing_else(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    content = os.urandom(300_000)
    shmid = make_segment(len(content))
    kernel.fill(shmid, content)
    attached_child(shmid)
    done = subprocess.run(
        [*PROGRAM, "read", str(shmid), "--count", "1", "--as", "raw"],
        capture_output=True,
        cwd=kernel.ROOT,
    )
    assert base64.b64encode(done.stdout) == base64.b64encode(content)


@needs_peek
def test_json_is_a_document_a_line(held: int) -> None:
    told = printed("read", held, "--json", "--count", 2, "--interval", 0.05)
    documents = [json.loads(line) for line in told.splitlines()]
    assert len(documents) == 2
    document = documents[0]
    assert document.pop("time") <= documents[1]["time"]
    assert document == {
        "schema": 1,
        "id": held,
        "offset": 0,
        "length": 1024,
        "tap": "peek",
        "gaps": [],
        "text": "42",
    }
    assert parsed("read", held, "--json", "--count", 1, "--as", "f64", "--offset", 12)[
        "values"
    ] == [-1.5]


@needs_peek
def test_what_is_no_number_is_null_in_json(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    attached_child(shmid, struct.pack("=dd", float("nan"), float("inf")))
    words = ["read", shmid, "--count", 1, "--as", "f64", "--length", 16]
    assert printed(*words) == "nan inf\n"
    assert parsed(*words, "--json")["values"] == [None, None]


@needs_peek
def test_each_interval_shows_what_a_c_writer_has_written_by_then(peer: Peer) -> None:
    with subprocess.Popen(
        [peer("writer"), "0x5eed", "1024", "5"], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        shmid = int(writer.stdout.readline())
        done = shmtui("read", shmid, "--count", 5, "--interval", 0.1)
        writer.kill()
    kernel.rmid(shmid)
    numbers = [int(line) for line in done.stdout.splitlines()]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 5


@needs_peek
def test_it_ends_with_1_when_the_segment_goes_before_the_count(make_segment: MakeSegment) -> None:
    for count, code in ((["--count", 1000], 1), ([], 0)):
        shmid = make_segment()
        with started("read", shmid, "--force", "--interval", 0.05, *count) as process:
            assert line_of(process) == ""
            kernel.rmid(shmid)
            _, said = process.communicate(timeout=30)
            assert process.returncode == code
            assert f"segment {shmid} (private) is gone" in said


def test_a_segment_that_nobody_maps_is_not_attached_unless_forced(
    make_segment: MakeSegment,
) -> None:
    shmid = make_segment()
    kernel.fill(shmid, b"left behind\0")
    before = kernel.row(shmid)
    said = refused("read", shmid, "--count", 1, code=1)
    assert f"segment {shmid} (private) cannot be read" in said
    assert "--force attaches for an instant: its last pid and times change" in said
    assert kernel.row(shmid) == before
    done = shmtui("read", shmid, "--count", 1, "--force")
    assert done.stdout == "left behind\n"
    assert "its last pid and times are ours" in done.stderr
    assert kernel.row(shmid) != before


def test_a_segment_that_goes_between_its_row_and_its_reading_is_gone(
    make_segment: MakeSegment,
) -> None:
    shmid = make_segment()
    look = Look(Name(shmid, None), Consent.FORCED, read_only=False)
    assert look.again()
    kernel.rmid(shmid)
    assert list(look.pieces(Stretch(0, 8))) == []
    assert look.gone
    look.close()


def test_read_only_never_attaches(make_segment: MakeSegment) -> None:
    shmid = make_segment()
    before = kernel.row(shmid)
    assert "read-only" in refused("--read-only", "read", shmid, "--force", code=1)
    assert kernel.row(shmid) == before


def test_no_right_to_read_is_said_with_mode_owner_and_who_you_are(
    make_segment: MakeSegment,
) -> None:
    shmid = make_segment(mode=0o600)
    argv = [sys.executable, "-m", "shmtui", "read", str(shmid), "--force"]
    done = kernel.as_user("nobody", argv)
    assert (done.returncode, done.stdout) == (1, "")
    for words in ("Mode 0600, owner", "you are nobody", "Run as root."):
        assert words in done.stderr


def test_bytes_that_are_not_there_are_refused_in_words(make_segment: MakeSegment) -> None:
    shmid = make_segment(1024)
    said = refused("read", shmid, "--offset", 1024, code=1)
    assert f"segment {shmid} (private) has 1024 bytes: no text at 1024" in said
    said = refused("read", shmid, "--offset", 1020, "--as", "u64", code=1)
    assert "no u64 at 1020" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--as", "u7"], "invalid choice: 'u7'"),
        (["--as", "u32", "--length", "6"], "--length 6: u32 takes 4 bytes each"),
        (["--length", "0"], "length 0 reads nothing"),
        (["--offset", "0xzz"], "offset '0xzz': bytes like 64, 0x40 or 4K"),
        (["--count", "0"], "'0' is not a number from 1 up"),
        (["--interval", "0"], "interval '0'"),
    ],
)
def test_wrong_words_are_wrong_usage(
    make_segment: MakeSegment, words: list[str], said: str
) -> None:
    assert said in refused("read", make_segment(), *words, code=2)


def test_raw_bytes_are_not_for_a_terminal(make_segment: MakeSegment) -> None:
    shmid = make_segment()
    kernel.fill(shmid, b"\x1b]0;pwned\x07")
    argv = [*PROGRAM, "read", str(shmid), "--force", "--count", "1", "--as", "raw"]
    with Terminal(argv) as terminal:
        assert terminal.wait_exit() == 2
        assert "raw bytes could control the terminal" in terminal.text
        assert b"\x1b]0;" not in terminal.raw
