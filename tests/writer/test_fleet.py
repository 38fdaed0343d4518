"""The writers of the program: real processes that never outlive it unasked."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from shmtui.sysv.errors import BadArgument, Refused, ShmError
from shmtui.writer.fleet import Fleet, Writer
from shmtui.writer.spec import WriterSpec
from tests import kernel
from tests.conftest import MakeSegment
from tests.waiting import GRAIN_S, wait_until
from tests.writer.process import await_string, number

SPEC = WriterSpec(key=None, remove=True, interval_s=0.05)


@pytest.fixture
async def fleet() -> AsyncIterator[Fleet]:
    fleet = Fleet()
    yield fleet
    await fleet.stop_all()
    await fleet.close()


async def until(predicate: Callable[[], object], timeout_s: float = 10.0) -> None:
    """wait_until, while the loop of the fleet runs on."""
    async with asyncio.timeout(timeout_s):
        while not predicate():
            await asyncio.sleep(GRAIN_S)


def gone(pid: int) -> bool:
    """No such process; one that waits to be reaped is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return True


async def test_a_started_writer_is_known_with_its_segment_and_writes(fleet: Fleet) -> None:
    writer = await fleet.start(SPEC)
    assert (writer.state, writer.key, writer.created) == ("running", None, True)
    assert kernel.row(writer.shmid).split()[4] == str(writer.pid)
    assert writer.identity.cpid == writer.pid
    assert fleet.writers == [writer]
    wait_until(lambda: number(writer.shmid) > 2, what="its numbers")


async def test_a_refusal_is_raised_in_the_writers_own_words(
    fleet: Fleet, make_segment: MakeSegment
) -> None:
    kernel.fill(make_segment(key=3306), b"text")
    with pytest.raises(ShmError, match=r"^segment \d+ \(0x00000cea\) holds something else"):
        await fleet.start(WriterSpec())
    assert fleet.writers == []


async def test_what_cannot_be_is_refused_before_a_process_is_made(fleet: Fleet) -> None:
    with pytest.raises(BadArgument, match="size 0"):
        await fleet.start(WriterSpec(size=0))
    with pytest.raises(Refused, match="stdin"):
        await fleet.start(WriterSpec(pattern="stdin"))


async def test_stop_ends_one_and_leaves_the_others(fleet: Fleet) -> None:
    one, other = await fleet.start(SPEC), await fleet.start(SPEC)
    stopped = await fleet.stop(one)
    assert (stopped.state, stopped.exit_code, stopped.last_error) == ("stopped", 0, "")
    assert kernel.row(one.shmid) == ""
    assert fleet.running == [other]
    assert fleet.writers == [stopped, other]


async def test_a_writer_that_does_not_listen_is_killed_and_cleaned_up_after(fleet: Fleet) -> None:
    writer = await fleet.start(SPEC)
    os.kill(writer.pid, signal.SIGSTOP)
    stopped = await fleet.stop(writer)
    assert (stopped.state, stopped.exit_code) == ("stopped", -signal.SIGKILL)
    assert kernel.row(writer.shmid) == ""


async def test_each_change_is_told(fleet: Fleet) -> None:
    told: list[Writer] = []
    fleet = Fleet(told.append)
    writer = await fleet.start(SPEC)
    fleet.leave_running(writer)
    await fleet.stop(writer)
    assert [(one.state, one.stays) for one in told] == [
        ("running", False),
        ("running", True),
        ("stopped", True),
    ]


async def test_a_writer_that_loses_its_segment_has_failed_and_says_why(fleet: Fleet) -> None:
    writer = await fleet.start(SPEC)
    kernel.rmid(writer.shmid)
    await until(lambda: not fleet.running)
    (failed,) = fleet.writers
    assert (failed.state, failed.exit_code) == ("failed", 1)
    assert "was removed by another hand" in failed.last_error


async def test_a_killed_writer_has_failed_and_what_it_made_is_removed(fleet: Fleet) -> None:
    writer = await fleet.start(SPEC)
    os.kill(writer.pid, signal.SIGKILL)
    await until(lambda: not fleet.running)
    (failed,) = fleet.writers
    assert (failed.state, failed.last_error) == ("failed", "killed by SIGKILL")
    assert kernel.row(writer.shmid) == ""


async def test_a_killed_writer_leaves_what_it_was_not_told_to_remove(
    fleet: Fleet, make_segment: MakeSegment
) -> None:
    shmid = make_segment(key=51)
    writer = await fleet.start(WriterSpec(key=51, remove=True))
    assert (writer.shmid, writer.created) == (shmid, False)
    os.kill(writer.pid, signal.SIGKILL)
    await until(lambda: not fleet.running)
    assert kernel.row(shmid)


async def test_one_told_to_stay_can_still_be_stopped(fleet: Fleet) -> None:
    writer = fleet.leave_running(await fleet.start(SPEC))
    assert writer.stays
    assert (await fleet.stop(writer)).exit_code == 0


async def test_one_that_has_ended_cannot_be_told_to_stay(fleet: Fleet) -> None:
    writer = await fleet.stop(await fleet.start(SPEC))
    with pytest.raises(ShmError, match="has ended already"):
        fleet.leave_running(writer)


async def test_a_start_that_is_given_up_leaves_no_process() -> None:
    fleet = Fleet()
    before = kernel.shmids()
    for after in range(0, 30, 3):
        start = asyncio.ensure_future(fleet.start(SPEC))
        await asyncio.sleep(after * GRAIN_S)
        start.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await fleet.stop(await start)
    await until(lambda: kernel.shmids() == before)
    await fleet.close()


async def test_its_own_session_keeps_the_keys_of_the_terminal_from_it(fleet: Fleet) -> None:
    writer = await fleet.start(SPEC)
    assert os.getsid(writer.pid) == writer.pid


async def test_the_writer_keeps_none_of_our_files_open(fleet: Fleet) -> None:
    await fleet.start(SPEC)
    writer = await fleet.start(SPEC)
    assert sorted(os.listdir(f"/proc/{writer.pid}/fd"))[:3] == ["0", "1", "2"]
    opened = [os.readlink(f"/proc/{writer.pid}/fd/{name}") for name in ("0", "1", "2")]
    pipes = [name for name in _descriptors(writer.pid) if name.startswith("pipe:")]
    assert opened[2].startswith("/memfd:")
    # Its input and output, and both ends of the pipe that its signals wake it by.
    assert len(pipes) == 4


def _descriptors(pid: int) -> list[str]:
    return [os.readlink(entry) for entry in Path(f"/proc/{pid}/fd").iterdir()]


@pytest.mark.parametrize("number_", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_however_the_program_ends_only_those_told_to_stay_live_on(number_: signal.Signals) -> None:
    words = [sys.executable, "-m", "tests.writer.app"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, text=True, cwd=kernel.ROOT, stderr=subprocess.DEVNULL
    ) as program:
        assert program.stdout is not None
        pid, shmid, staying, kept = map(int, program.stdout.readline().split())
        program.send_signal(number_)
        program.wait(timeout=10)
        try:
            wait_until(lambda: gone(pid), what="the writer to end")
            assert kernel.row(shmid) == ""
            before = number(kept)
            wait_until(lambda: number(kept) > before + 3, what="the other to go on")
        finally:
            os.kill(staying, signal.SIGTERM)
            wait_until(lambda: gone(staying), what="the other to end")
    assert kernel.row(kept) == ""


async def test_a_stray_module_in_the_current_directory_is_not_run(
    fleet: Fleet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('stray')")
    (tmp_path / "shmtui").mkdir()
    monkeypatch.chdir(tmp_path)
    await_string((await fleet.start(SPEC)).shmid, b"1")
