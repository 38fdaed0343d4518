"""What stays in a header that has no room for all of it."""

import pytest

from shmtui.present.totals import Totals
from shmtui.sysv.limits import Nearest
from shmtui.ui.header import HeaderState, first_row
from tests.present.made import LIMITS

STATE = HeaderState(
    "root", "db1", LIMITS, Nearest("shmmni", 37, 4096, 37 / 4096), Totals(37), clock="06:24:51"
)


def said(state: HeaderState, width: int) -> str:
    return "  ".join(part.text for part in first_row(state, width))


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (80, "root@db1  segs 37/4096 ▏······· 1%  size 0  orphans 0 (0)  1.0s  06:24:51"),
        (34, "segs 37/4096 ▏······· 1%  1.0s"),
        (19, "segs 37/4096  1.0s"),
    ],
)
def test_segments_and_the_state_of_the_poll_stay_longest(width: int, words: str) -> None:
    assert said(STATE, width) == words


def test_without_room_for_its_gauge_a_limit_that_is_near_is_still_said() -> None:
    near = STATE._replace(nearest=Nearest("shmmni", 3700, 4096, 0.9), paused=True)
    assert said(near, 25) == "segs 37/4096 NEAR  PAUSED"
