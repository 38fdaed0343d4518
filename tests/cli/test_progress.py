"""The line that tells how a long command goes."""

import sys

import pytest

from shmtui.cli.progress import progress_line, words
from shmtui.monitor.pace import Pace, Progress
from tests.terminal import Terminal

MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("progress", "told"),
    [
        (Progress(0, 1024 * MIB, 0.0, None), "0 of 1.0G, 0 %"),
        (Progress(512 * MIB, 1024 * MIB, 128.0 * MIB, 4.0), "512M of 1.0G, 50 %, 128M/s, 4 s left"),
        (Progress(1, 2, 1.0, 125.0), "1 of 2, 50 %, 1/s, 2:05 left"),
        (Progress(1, 3, 1.0, 3725.4), "1 of 3, 33 %, 1/s, 1:02:05 left"),
    ],
)
def test_it_tells_how_far_how_fast_and_how_long(progress: Progress, told: str) -> None:
    assert words(progress) == told


def test_where_stderr_is_no_terminal_nothing_is_drawn(capfd: pytest.CaptureFixture[str]) -> None:
    with progress_line() as line:
        line.show(Progress(1, 2, 0.0, None))
    assert capfd.readouterr() == ("", "")


DRAWN = """
from shmtui.monitor.pace import Progress
from shmtui.cli.progress import progress_line
with progress_line() as line:
    line.show(Progress(1024, 2048, 0.0, None))
    line.show(Progress(2, 2, 0.0, None))
    raise SystemExit("end")
"""


def test_on_a_terminal_it_is_drawn_over_itself_and_taken_away() -> None:
    with Terminal([sys.executable, "-c", DRAWN], columns=30) as terminal:
        assert terminal.wait_exit() == 1
        assert b"1.0K of 2.0K, 50 %" in terminal.raw
        assert b"2 of 2, 100 % " in terminal.raw  # what was longer before is covered
        assert terminal.text.strip() == "end"


def test_a_narrow_terminal_keeps_it_on_one_line() -> None:
    with Terminal([sys.executable, "-c", DRAWN], columns=12) as terminal:
        assert terminal.wait_exit() == 1
        assert "1.0K of 2.…".encode() in terminal.raw
        assert terminal.text.strip() == "end"


def test_the_rate_is_that_of_the_last_seconds_and_not_said_too_early() -> None:
    now = 100.0
    pace = Pace(1000, lambda: now)
    assert not pace.is_due()
    now += 0.2
    assert pace.is_due()
    assert pace.at(5) == Progress(5, 1000, 0.0, None)
    assert not pace.is_due()
    for done in (100, 200, 300, 400, 500):
        now += 1.0
        progress = pace.at(done)
    assert progress.rate == pytest.approx(100.0, rel=0.05)
    assert progress.left_s == pytest.approx(5.0, rel=0.05)
    for done in (510, 520, 530, 540):
        now += 1.0
        progress = pace.at(done)
    assert progress.rate == pytest.approx(10.0)
