"""Removing from the list where the world moves, or the record cannot be kept."""

import os
import sys
import time
from pathlib import Path

import pytest

from shmtui.store.settings import Settings
from shmtui.ui.app import ShmtuiApp
from shmtui.ui.options import ScreenOptions
from tests import kernel
from tests.conftest import MakeSegment
from tests.terminal import Terminal
from tests.ui.hosts import shown, until
from tests.waiting import wait_until

KEY = 0x5EED
NEVER_S = 3600.0


async def test_an_id_that_another_segment_got_since_the_last_poll_is_not_removed(
    make_segment: MakeSegment,
) -> None:
    if not os.access(kernel.NEXT_ID, os.W_OK):
        pytest.skip("only root can ask the kernel for a given shmid")
    shmid = make_segment(key=KEY)
    ctime = int(kernel.row(shmid).split()[13])
    app = ShmtuiApp(ScreenOptions(interval_s=NEVER_S), Settings(), ("ops", "db1"))
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: "0x00005eed" in shown(app))
        await pilot.press("d")
        await until(pilot, lambda: "[ Remove 1 ]" in shown(app))
        # Of the same key, size and creator: only ctime tells them apart, in whole seconds of
        # a clock that may be a tick behind ours.
        await until(pilot, lambda: time.time() >= ctime + 1.1)
        kernel.rmid(shmid)
        kernel.NEXT_ID.write_text(str(shmid))
        assert make_segment(key=KEY) == shmid
        await pilot.press("tab", "enter")
        await until(pilot, lambda: "was changed since you looked" in shown(app))
        assert kernel.row(shmid).split()[:3] == [str(KEY), str(shmid), "600"]


_FULL_DISK = (
    'mount -t tmpfs -o size=4k tmpfs "$0" && head -c 4096 /dev/zero >"$0/fill"'
    ' && mkdir "$0/shmtui" && XDG_STATE_HOME="$0" exec "$@"'
)


def test_a_full_disk_is_asked_about_before_anything_goes_unlogged(
    make_segment: MakeSegment, tmp_path: Path
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    shmid = make_segment(key=KEY)
    argv = ["unshare", "--mount", "sh", "-c", _FULL_DISK, str(tmp_path)]
    with Terminal([*argv, sys.executable, "-m", "shmtui"], columns=120) as terminal:
        terminal.wait_for("0x00005eed")
        for answer, told in (("\r", "Nothing was removed."), ("\t\r", "1 segment removed")):
            terminal.send("d")
            terminal.wait_for("[ Remove 1 ]")
            terminal.send("\t\r")
            text = terminal.wait_for("Remove without a record of it?")
            assert "the activity log cannot be kept: " in text
            assert "No space left on device" in " ".join(text.replace("│", " ").split())
            terminal.send(answer)
            terminal.wait_for(told)
        wait_until(lambda: kernel.row(shmid) == "")
        terminal.send("q")
        assert terminal.wait_exit() == 0
