"""`shmtui write` as a process: what it leaves in the segment, how it ends, what it refuses."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import kernel
from tests.conftest import MakeSegment
from tests.waiting import wait_until
from tests.writer.process import WRITE, WriteProcess, await_string, number, string, write

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
        wait_until(lambda: number(shmid) >= 5, what="the counter to grow")
        writer.end(signal.SIGTERM)
    assert kernel.row(shmid) == ""


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
