"""`shmtui write` as a process: what it leaves in the segment, how it ends, what it refuses."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import kernel
from tests.conftest import MakeSegment
from tests.waiting import wait_until
from tests.writer.process import WRITE, WriteProcess, await_string, number, string, write

FORCED = Path("/proc/sys/kernel/shm_rmid_forced")


@pytest.fixture
def shm_rmid_forced() -> Iterator[None]:
    """kernel.shm_rmid_forced=1 in the tests' namespace."""
    if not os.access(FORCED, os.W_OK):
        pytest.skip(f"{FORCED} cannot be written here (needs root)")
    FORCED.write_text("1")
    yield
    FORCED.write_text("0")


# What it writes


def test_the_counter_starts_at_0_and_grows() -> None:
    with WriteProcess("--remove", "--interval", "0.2") as writer:
        shmid = writer.ready().shmid
        for number in (b"0", b"1", b"2"):
            await_string(shmid, number)


def test_a_new_segment_is_empty_behind_the_value_and_has_one_page() -> None:
    with WriteProcess("--remove", "--size", "1M") as writer:
        shmid = writer.ready().shmid
        await_string(shmid, b"0")
        assert kernel.content(shmid, 1000)[1:] == bytes(999)
        assert int(kernel.row(shmid).split()[14]) == os.sysconf("SC_PAGESIZE")


def test_size_mode_and_key_are_as_asked_for() -> None:
    with WriteProcess("--remove", "--key", "0xbeef", "--size", "3K", "--mode", "0640") as writer:
        row = kernel.row(writer.ready().shmid).split()
    assert row[0] == str(0xBEEF)
    assert row[2:4] == ["640", "3072"]


def test_each_private_segment_is_a_new_one() -> None:
    words = ("--key", "private", "--remove")
    with WriteProcess(*words) as one, WriteProcess(*words) as other:
        assert one.ready().shmid != other.ready().shmid
        assert kernel.row(one.shmid).split()[0] == "0"


def test_count_ends_it() -> None:
    done = write("--key", "41", "--count", "3", "--interval", "0.01")
    shmid = int(done.stdout.split()[1])
    assert done.returncode == 0
    assert string(shmid) == b"2"
    kernel.rmid(shmid)


def test_lines_of_the_input_are_written_one_an_interval() -> None:
    words = ("--pattern", "stdin", "--interval", "0.05", "--remove")
    with WriteProcess(*words, stdin=subprocess.PIPE) as writer:
        shmid = writer.ready().shmid
        writer.input.write("hello\nhi\n")
        writer.input.flush()
        wait_until(lambda: kernel.content(shmid, 6) == b"hi\0lo\0", what="the second line")
        writer.input.write("no end of line")
        writer.input.close()
        await_string(shmid, b"no end of line")
        assert writer.wait() == 0


def test_a_line_that_does_not_fit_is_refused_in_words_and_the_next_is_written() -> None:
    words = ("--pattern", "stdin", "--interval", "0.01", "--size", "8")
    done = write(*words, stdin=None, input=f"12345678\n{'x' * 300_000}\n1234567\n")
    shmid = int(done.stdout.split()[1])
    assert kernel.content(shmid, 8) == b"1234567\0"
    assert done.returncode == 1
    assert done.stderr.count("a line longer than 7 was not written") == 2
    kernel.rmid(shmid)


def test_an_input_without_line_ends_does_not_fill_the_memory() -> None:
    words = ("--pattern", "stdin", "--size", "8", "--remove", "--interval", "0.01")
    limit = ("prlimit", f"--as={300 << 20}")
    with (
        Path("/dev/zero").open() as zeros,
        WriteProcess(*words, prefix=limit, stdin=zeros) as writer,
    ):
        writer.ready()
        wait_until(lambda: _read_by(writer) > 400 << 20, what="400 MiB to be read")
        assert writer.process.poll() is None


def _read_by(writer: WriteProcess) -> int:
    """Bytes that the process has read (proc_pid_io(5))."""
    return int(Path(f"/proc/{writer.process.pid}/io").read_text().split()[1])


# How it ends


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0), (signal.SIGHUP, 0)]
)
def test_a_signal_ends_it_at_once_and_the_segment_stays(
    make_segment: MakeSegment, number: signal.Signals, code: int
) -> None:
    shmid = make_segment(key=42)
    with WriteProcess("--key", "42", "--interval", "60") as writer:
        writer.ready()
        await_string(shmid, b"0")
        assert writer.end(number) == code
        assert writer.words == ""
    assert string(shmid) == b"0"
    assert kernel.row(shmid).split()[6] == "0"


def test_an_ignored_hangup_stays_ignored() -> None:
    with WriteProcess("--remove", "--interval", "0.02", prefix=["nohup"]) as writer:
        shmid = writer.ready().shmid
        writer.process.send_signal(signal.SIGHUP)
        before = number(shmid)
        wait_until(lambda: number(shmid) > before + 2, what="it to go on")


def test_remove_removes_what_it_made() -> None:
    with WriteProcess("--remove") as writer:
        shmid = writer.ready().shmid
        assert kernel.row(shmid)
        writer.end(signal.SIGINT)
    assert kernel.row(shmid) == ""


def test_with_remove_the_last_value_can_be_read_for_an_interval_too() -> None:
    with WriteProcess("--remove", "--count", "1", "--interval", "60") as writer:
        await_string(writer.ready().shmid, b"0")
        assert writer.end(signal.SIGTERM) == 0
    assert kernel.row(writer.shmid) == ""


def test_remove_does_not_remove_what_was_there_before(make_segment: MakeSegment) -> None:
    shmid = make_segment(key=43)
    with WriteProcess("--key", "43", "--remove") as writer:
        writer.ready()
        assert writer.end(signal.SIGTERM) == 0
    assert kernel.row(shmid)


def test_it_says_so_and_ends_when_another_hand_removes_the_segment() -> None:
    with WriteProcess("--key", "44", "--interval", "60") as writer:
        kernel.rmid(writer.ready().shmid)
        assert writer.wait() == 1
        assert "was removed by another hand" in writer.words
        assert "(0x0000002c)" not in kernel.row(writer.shmid)


def test_it_notices_the_removal_while_it_waits_for_a_line() -> None:
    with WriteProcess("--key", "44", "--pattern", "stdin", stdin=subprocess.PIPE) as writer:
        kernel.rmid(writer.ready().shmid)
        assert writer.wait() == 1


@pytest.mark.usefixtures("shm_rmid_forced")
def test_it_works_where_segments_go_with_their_last_detach() -> None:
    with WriteProcess("--interval", "0.01") as writer:
        shmid = writer.ready().shmid
        await_string(shmid, b"5")
        writer.end(signal.SIGTERM)
    assert kernel.row(shmid) == ""


# What it refuses, nothing done


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
    assert "creates 0x00000cea, 1.0G, rw-------" in done.stderr
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
    assert "no free id: all 1 of kernel.shmmni are used" in done.stderr


@pytest.mark.usefixtures("shm_rmid_forced")
def test_a_segment_that_its_end_would_destroy_is_refused(make_segment: MakeSegment) -> None:
    shmid = make_segment(key=49)
    before = kernel.row(shmid)
    done = write("--key", "49")
    assert done.returncode == 1
    assert "would destroy it" in done.stderr
    assert kernel.row(shmid) == before


# The lifeline


def test_the_end_of_the_lifeline_ends_it_and_cleans_up() -> None:
    with WriteProcess("--remove", "--lifeline", "0", stdin=subprocess.PIPE) as writer:
        shmid = writer.ready().shmid
        writer.input.close()
        assert writer.wait() == 0
    assert kernel.row(shmid) == ""


def test_told_to_stay_it_outlives_its_lifeline() -> None:
    words = ("--remove", "--interval", "0.05", "--lifeline", "0")
    with WriteProcess(*words, stdin=subprocess.PIPE) as writer:
        shmid = writer.ready().shmid
        writer.input.write("stay\n")
        writer.input.close()
        before = number(shmid)
        wait_until(lambda: number(shmid) > before + 5, what="it to go on")


def test_other_words_on_the_lifeline_do_not_make_it_stay() -> None:
    with WriteProcess("--remove", "--lifeline", "0", stdin=subprocess.PIPE) as writer:
        writer.ready()
        writer.input.write("stay here\nstay")
        writer.input.close()
        assert writer.wait() == 0


def test_lines_and_a_lifeline_on_another_descriptor() -> None:
    near, far = os.pipe()
    words = ("--pattern", "stdin", "--remove", "--lifeline", str(near))
    with WriteProcess(*words, stdin=subprocess.PIPE, pass_fds=(near,)) as writer:
        os.close(near)
        shmid = writer.ready().shmid
        writer.input.write("line\n")
        writer.input.flush()
        await_string(shmid, b"line")
        os.close(far)
        assert writer.wait() == 0


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("--lifeline", "0", "--pattern", "stdin"), "the standard input is the lifeline"),
        (("--lifeline", "9"), "lifeline 9"),
    ],
)
def test_a_lifeline_that_cannot_work_is_refused(words: tuple[str, ...], hint: str) -> None:
    done = write(*words)
    assert done.returncode == 1
    assert hint in done.stderr
    assert kernel.shmids() == []


def test_lines_of_a_closed_input_are_refused() -> None:
    words = ["sh", "-c", 'exec "$@" <&-', "sh", *WRITE, "--pattern", "stdin"]
    done = subprocess.run(words, capture_output=True, text=True, cwd=kernel.ROOT, timeout=30)
    assert done.returncode == 1
    assert "the standard input: Bad file descriptor" in done.stderr
    assert kernel.shmids() == []


# What it costs, and what it leaves on record


def test_it_needs_neither_the_screen_nor_psutil() -> None:
    words = [sys.executable, "-X", "importtime", *WRITE[1:], "--count", "1", "--key", "private"]
    done = subprocess.run(words, capture_output=True, text=True, cwd=kernel.ROOT)
    kernel.rmid(int(done.stdout.split()[1]))
    assert "shmtui.writer.program" in done.stderr
    for heavy in ("textual", "rich", "psutil", "asyncio"):
        assert f" {heavy}" not in done.stderr


def test_what_it_did_is_in_the_activity_log(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path)}
    with WriteProcess("--key", "private", "--remove", env=environment) as writer:
        writer.ready().end(signal.SIGTERM)
    log = (tmp_path / "shmtui" / "activity.jsonl").read_text().splitlines()
    assert len(log) == 2
    assert "created; counter every 1 s" in log[0]
    assert "ended" in log[1]


def test_a_log_that_cannot_be_kept_is_said_and_does_not_stop_it(tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_STATE_HOME": str(tmp_path / "file")}
    (tmp_path / "file").write_text("")
    done = write(
        "--key", "private", "--count", "1", "--remove", "--interval", "0.01", env=environment
    )
    assert done.returncode == 0
    assert done.stderr.count("the activity log is not kept") == 1


def test_read_only_refuses_to_write() -> None:
    words = [sys.executable, "-m", "shmtui", "--read-only", "write"]
    done = subprocess.run(words, capture_output=True, text=True, cwd=kernel.ROOT)
    assert done.returncode == 1
    assert "--read-only" in done.stderr
    assert kernel.shmids() == []
