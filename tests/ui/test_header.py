"""What stays in a header that has no room for all of it."""

import pytest

from shmtui.monitor.diagnosis import Word
from shmtui.present.totals import Totals
from shmtui.sysv.limits import Bound
from shmtui.ui.header import HeaderState, first_row
from tests.present.made import LIMITS
from tests.ui.hosts import shown, until
from tests.ui.scene import FEW, NOW, Scene, facts

STATE = HeaderState(
    "root", "db1", LIMITS, Bound("shmmni", "segments", 37, 4096), Totals(37), clock="06:24:51"
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
    near = STATE._replace(nearest=Bound("shmmni", "segments", 3700, 4096), paused=True)
    assert said(near, 25) == "segs 37/4096 NEAR  PAUSED"


def test_that_orphans_become_more_is_said_where_there_is_room() -> None:
    grown = STATE._replace(growth="12 more orphans than 10 min ago")
    assert "orphans 0 (0)  12 more orphans than 10 min ago  1.0s" in said(grown, 119)
    assert said(grown, 80) == said(STATE, 80)


@pytest.mark.parametrize(("width", "start"), [(119, "root@db1  in web\\x1b[31m "), (50, "in web")])
def test_another_namespace_is_named_also_where_the_host_gives_way(width: int, start: str) -> None:
    assert said(STATE._replace(place="web\x1b[31m"), width).startswith(start)


@pytest.mark.parametrize(
    ("width", "words"), [(38, "in web  segs 37/4096  STALE 12s"), (25, "segs 37/4096  STALE 12s")]
)
def test_where_one_is_stays_longer_than_the_gauge(width: int, words: str) -> None:
    assert said(STATE._replace(place="web", stale_s=12.0), width) == words


async def test_the_header_counts_orphans_from_poll_to_poll() -> None:
    scene = Scene()
    async with scene.run_test(size=(120, 24)) as pilot:
        scene.poll()
        await until(pilot, lambda: "orphans 1 (4.0M)" in shown(scene))
        assert "more orphan" not in shown(scene)
        more = [*FEW, facts(7, 0, 4096, Word.ORPHAN)]
        scene.poll(more, at=NOW + 1)
        await until(pilot, lambda: "orphans 2 (4.0M)  1.0s" in shown(scene))
        scene.poll(more, at=NOW + 120)
        words = "orphans 2 (4.0M)  1 more orphan than 2 min ago"
        await until(pilot, lambda: words in shown(scene))
