"""A started writer ends with its starter, unless it was told to stay."""

import os
import subprocess

import pytest

from tests import kernel
from tests.waiting import wait_until
from tests.writer.process import WriteProcess, await_string, number, write


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
