"""Writers and readers in C understand ours, and ours understands theirs."""

import subprocess

import pytest

from tests import kernel
from tests.conftest import Peer
from tests.waiting import wait_until
from tests.writer.process import WriteProcess, await_string, number

KEY = 3306


def test_a_c_reader_prints_the_numbers_of_our_writer(peer: Peer) -> None:
    with WriteProcess("--interval", "0.02", "--remove") as writer:
        shmid = writer.ready().shmid
        wait_until(lambda: kernel.content(shmid, 1) != b"\0", what="the first number")
        words = [str(peer("reader")), str(KEY), "1024", "60", "10"]
        printed = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()
    numbers = [int(word) for word in printed]
    assert len(numbers) == 60
    assert numbers == sorted(numbers)
    assert len(set(numbers)) > 10


def test_the_defaults_are_what_a_reader_in_c_asks_for(peer: Peer) -> None:
    with WriteProcess("--remove") as writer:
        await_string(writer.ready().shmid, b"0")
        words = [str(peer("reader")), str(KEY), "1024", "1", "0"]
        first = subprocess.run(words, capture_output=True, text=True, check=True)
        assert first.stdout == "0\n"


def test_our_writer_goes_on_in_the_segment_that_a_c_writer_left(peer: Peer) -> None:
    with subprocess.Popen(
        [peer("writer"), str(KEY), "1024", "5"], stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdout is not None
        shmid = int(program.stdout.readline())
        wait_until(lambda: number(shmid) > 10, what="the C writer to count")
        program.kill()
    try:
        with WriteProcess() as writer:
            assert writer.ready().shmid == shmid
            assert "attached" in writer.hello
            await_string(shmid, b"0")
            await_string(shmid, b"1")
    finally:
        kernel.rmid(shmid)


def test_a_c_writer_and_our_writer_share_a_segment(peer: Peer) -> None:
    with WriteProcess("--remove", "--interval", "60") as writer:
        shmid = writer.ready().shmid
        await_string(shmid, b"0")
        with subprocess.Popen(
            [peer("writer"), str(KEY), "1024", "5"], stdout=subprocess.PIPE, text=True
        ) as program:
            assert program.stdout is not None
            assert int(program.stdout.readline()) == shmid
            wait_until(lambda: number(shmid) > 3, what="the C writer's numbers")
            program.kill()


@pytest.mark.parametrize("pattern", ["clock", "sine", "random"])
def test_other_patterns_reach_a_reader_too(peer: Peer, pattern: str) -> None:
    with WriteProcess("--pattern", pattern, "--interval", "0.01", "--remove") as writer:
        shmid = writer.ready().shmid
        wait_until(lambda: any(kernel.content(shmid, 8)), what=f"{pattern} in the segment")
        words = [str(peer("reader")), str(KEY), "1024", "1", "0"]
        assert subprocess.run(words, capture_output=True, check=True).stdout
