"""`shmtui write` refuses in words what it should not or cannot do, nothing written."""

import os
import subprocess
from pathlib import Path

import pytest

from shmtui.sysv import lifecycle
from shmtui.sysv.errors import Refused
from shmtui.writer.hold import take
from shmtui.writer.spec import WriterSpec
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.writer.process import WRITE, write


@pytest.mark.parametrize(
    ("content", "accepted"),
    [
        (b"", True),
        (b"\0rest", True),
        (b"41\0rest", True),
        (b"-2147483648\0", True),
        (b" " * 4096, True),
        (b"text", False),
        (b"41", True),
        (b"41 apples\0", False),
        (b"\x12\x34", False),
        (b" 5\0", False),
        (b"9" * 200, False),
    ],
)
def test_only_what_is_empty_or_a_number_is_written_over(
    make_segment: MakeSegment, content: bytes, accepted: bool
) -> None:
    shmid = make_segment(key=45)
    kernel.fill(shmid, content)
    before = kernel.content(shmid, 4096)
    done = write("--key", "45", "--count", "1")
    assert done.returncode == (0 if accepted else 1)
    if not accepted:
        assert "holds something else" in done.stderr
        assert "--overwrite" in done.stderr
        assert kernel.content(shmid, 4096) == before


def test_refusing_a_segment_that_somebody_holds_leaves_no_trace_in_its_row(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(key=45)
    attached_child(shmid, b"precious text")
    before = kernel.row(shmid)
    done = write("--key", "45", "--count", "1")
    assert "holds something else" in done.stderr
    assert kernel.row(shmid) == before


def test_a_segment_that_another_made_meanwhile_is_not_taken_for_ours(
    make_segment: MakeSegment, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, made = lifecycle.make, []

    def make_too_late(key: int | None, size: int, mode: int) -> int:
        made.append(make_segment(key=key))
        kernel.fill(made[0], b"text")
        return make(key, size, mode)

    monkeypatch.setattr(lifecycle, "make", make_too_late)
    with pytest.raises(Refused, match="holds something else"):
        take(WriterSpec(key=45))
    assert kernel.content(made[0], 4) == b"text"
    assert kernel.shmids() == made


def test_overwrite_takes_it_all_the_same(make_segment: MakeSegment) -> None:
    shmid = make_segment(key=45)
    kernel.fill(shmid, b"text")
    assert write("--key", "45", "--count", "1", "--overwrite").returncode == 0
    assert kernel.content(shmid, 4) == b"0\0xt"


def test_a_refusal_does_not_let_the_content_control_the_terminal(make_segment: MakeSegment) -> None:
    kernel.fill(make_segment(key=45), b"\x1b[2J\x9b[/red]")
    assert write("--key", "45").stderr.strip().isprintable()


def test_a_segment_of_another_user_is_not_ours(make_segment: MakeSegment) -> None:
    shmid = make_segment(key=46, mode=0o666)
    before = kernel.row(shmid)
    done = kernel.as_user("nobody", [*WRITE, "--key", "46", "--count", "1"], cwd=kernel.ROOT)
    assert done.returncode == 1
    assert "owner root, made by root; you are nobody" in done.stderr
    assert kernel.row(shmid) == before


def test_without_the_right_to_write_it_says_who_has_it(make_segment: MakeSegment) -> None:
    shmid = make_segment(key=46, mode=0o644)
    words = [*WRITE, "--key", "46", "--count", "1", "--overwrite"]
    done = kernel.as_user("nobody", words, cwd=kernel.ROOT)
    assert done.returncode == 1
    assert f"segment {shmid} (0x0000002e): mode 0644, owner root; you are nobody" in done.stderr


def test_a_segment_that_is_too_small_is_refused(make_segment: MakeSegment) -> None:
    shmid = make_segment(key=47, size=512)
    before = kernel.row(shmid)
    done = write("--key", "47")
    assert done.returncode == 1
    assert "has 512, less than the 1.0K asked for" in done.stderr
    assert kernel.row(shmid) == before


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("--size", "0"), "at least one byte"),
        (("--size", "7", "--pattern", "sine"), "needs 8 bytes"),
        (("--size", "1"), "needs 2 bytes"),
        (("--size", "2", "--count", "11"), "needs 3 bytes for 11 values"),
        (("--mode", "1777"), "up to 0777"),
        (("--key", "0x100000000"), "0xffffffff"),
        (("--key", "0"), "private"),
        (("--interval", "0"), "0.001"),
        (("--count", "0"), "from 1 up"),
        (("--pattern", "waltz"), "counter"),
        (("--size", "1KB"), "say K"),
    ],
)
def test_what_cannot_be_is_wrong_usage_and_makes_no_segment(
    words: tuple[str, ...], hint: str
) -> None:
    done = write(*words)
    assert done.returncode == 2
    assert hint in done.stderr
    assert kernel.shmids() == []


def test_a_mode_that_shuts_out_the_writer_itself_makes_no_segment() -> None:
    done = write("--mode", "0400")
    assert done.returncode == 1
    assert "at least 0600" in done.stderr
    assert kernel.shmids() == []


def test_the_number_that_no_longer_fits_ends_it_in_words(make_segment: MakeSegment) -> None:
    shmid = make_segment(key=48, size=2)
    done = write("--key", "48", "--size", "2", "--interval", "0.01")
    assert done.returncode == 1
    assert "has 2 bytes, 3 are needed for b'10" in done.stderr
    assert kernel.content(shmid, 2) == b"9\0"


def test_where_only_the_attach_fails_no_segment_is_left() -> None:
    # 400 MiB of address space: shmget is allowed 1 GiB, shmat is not.
    done = subprocess.run(
        ["prlimit", f"--as={400 << 20}", *WRITE, "--size", "1G"],
        capture_output=True,
        text=True,
        cwd=kernel.ROOT,
    )
    assert done.returncode == 1
    assert "no room to map 1073741824 bytes" in done.stderr
    assert kernel.shmids() == []


def test_no_free_id_is_said_in_words(make_segment: MakeSegment) -> None:
    limit = Path("/proc/sys/kernel/shmmni")
    if not os.access(limit, os.W_OK):
        pytest.skip(f"{limit} cannot be written here (needs root)")
    make_segment()
    before = limit.read_text()
    limit.write_text("1")
    try:
        done = write()
    finally:
        limit.write_text(before)
    assert done.returncode == 1
    assert "kernel.shmmni is reached: 1 of 1 segments" in done.stderr


@pytest.mark.usefixtures("shm_rmid_forced")
def test_a_segment_that_its_end_would_destroy_is_refused(make_segment: MakeSegment) -> None:
    shmid = make_segment(key=49)
    before = kernel.row(shmid)
    done = write("--key", "49")
    assert done.returncode == 1
    assert "would destroy it" in done.stderr
    assert kernel.row(shmid) == before


def test_lines_of_a_closed_input_are_refused() -> None:
    words = ["sh", "-c", 'exec "$@" <&-', "sh", *WRITE, "--pattern", "stdin"]
    done = subprocess.run(words, capture_output=True, text=True, cwd=kernel.ROOT, timeout=30)
    assert done.returncode == 1
    assert "the standard input: Bad file descriptor" in done.stderr
    assert kernel.shmids() == []


def test_a_writer_of_a_new_segment_takes_none_that_is_there(make_segment: MakeSegment) -> None:
    shmid = make_segment(key=48)
    before = kernel.row(shmid)
    done = write("--key", "48", "--new", "--count", "1")
    assert done.returncode == 1
    assert f"segment {shmid} (0x00000030) has that key already" in done.stderr
    assert kernel.row(shmid) == before


def test_a_segment_that_could_not_be_announced_is_not_left_behind() -> None:
    before = kernel.shmids()
    with open("/dev/full", "wb") as full:
        argv = [*WRITE, "--key", "49", "--count", "1"]
        done = subprocess.run(argv, stdout=full, stderr=subprocess.PIPE, text=True, cwd=kernel.ROOT)
    assert done.returncode == 1
    assert done.stderr == "shmtui: standard output: No space left on device\n"
    assert kernel.shmids() == before
