"""`shmtui remove` where the world moves, or refuses, between the question and the removal."""

import os
import sys
import time
from collections.abc import Callable

import pytest

from tests import kernel
from tests.cli.program import PROGRAM, printed, refused
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.conftest import Setting, kernel_setting
from tests.terminal import Terminal
from tests.waiting import wait_until

__all__ = ["kernel_setting"]

KEY = 0x5EED

Meanwhile = Callable[[], object]


def answered(words: list[str], meanwhile: Meanwhile) -> tuple[int, str]:
    """The exit status and the screen, where that happens before the question is answered yes."""
    with Terminal([*PROGRAM, "remove", *words], columns=200) as terminal:
        terminal.wait_for("[y/N]")
        meanwhile()
        terminal.send("y\r")
        return terminal.wait_exit(), terminal.text


def test_an_id_that_another_segment_got_since_the_question_is_not_removed(
    make_segment: MakeSegment,
) -> None:
    if not os.access(kernel.NEXT_ID, os.W_OK):
        pytest.skip("only root can ask the kernel for a given shmid")
    shmid = make_segment(key=KEY)

    ctime = int(kernel.row(shmid).split()[13])

    def give_its_id_away() -> None:
        # Of the same key, size and creator: only ctime tells them apart, in whole seconds of
        # a clock that may be a tick behind ours.
        wait_until(lambda: time.time() >= ctime + 1.1)
        kernel.rmid(shmid)
        kernel.NEXT_ID.write_text(str(shmid))
        assert make_segment(key=KEY) == shmid

    code, text = answered([str(shmid)], give_its_id_away)
    assert code == 1
    assert "was changed since you looked" in text
    assert kernel.row(shmid).split()[:3] == [str(KEY), str(shmid), "600"]


def test_what_somebody_attached_since_the_question_is_not_removed(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    code, text = answered([str(shmid)], lambda: attached_child(shmid))
    assert code == 1
    assert "somebody attached to it since you looked" in text
    assert kernel.row(shmid).split()[2] == "600"


def test_where_a_detach_destroys_looking_and_refusing_destroy_nothing(
    make_segment: MakeSegment, attached_child: AttachedChild, kernel_setting: Setting
) -> None:
    shmid, other, held = make_segment(key=KEY), make_segment(), make_segment()
    attached_child(held)
    kernel_setting("kernel/shm_rmid_forced", 1)
    rows = [kernel.row(it) for it in (shmid, other, held)]
    printed("list")
    printed("show", shmid)
    printed("remove", shmid, other, "--dry-run")
    refused("remove", held, "--yes", code=1)
    refused("read", shmid, "--count", 1, code=1)
    refused("read", shmid, "--count", 1, "--force", "--read-only", code=1)
    assert [kernel.row(it) for it in (shmid, other, held)] == rows
    code, text = answered([str(shmid), str(other)], lambda: attached_child(other))
    assert code == 1, text
    assert kernel.shmids() == sorted([other, held])
    assert kernel.row(other).split()[2] == "600"


def test_where_the_log_may_not_be_written_nothing_goes_without_a_word(
    make_segment: MakeSegment,
) -> None:
    make = f"from tests import kernel; print(kernel.shmget({KEY}, 4096, 0o1600))"
    done = kernel.as_user("nobody", [sys.executable, "-c", make], cwd=kernel.ROOT)
    shmid = int(done.stdout)
    argv = ["env", "XDG_STATE_HOME=/proc", *PROGRAM, "remove", str(shmid), "--yes"]
    done = kernel.as_user("nobody", argv, cwd=kernel.ROOT)
    assert done.returncode == 1
    assert "the activity log cannot be kept: " in done.stderr
    assert "nothing was removed: --unlogged would remove without a record" in done.stderr
    assert kernel.row(shmid)
    done = kernel.as_user("nobody", [*argv, "--unlogged"], cwd=kernel.ROOT)
    assert done.returncode == 0, done.stderr
    assert kernel.row(shmid) == ""
