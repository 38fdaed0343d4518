"""The events screen: live at its end, held elsewhere, bounded; and recorded from the start."""

import pytest

from shmtui.monitor.event import Event, Kind
from shmtui.monitor.history import History
from shmtui.store.settings import Settings
from shmtui.sysv.segment import Identity
from shmtui.ui.app import ShmtuiApp
from shmtui.ui.options import ScreenOptions
from shmtui.ui.screens.events import EMPTY, EventsScreen
from shmtui.ui.screens.over import ScreenTable
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.ui.hosts import shown, until
from tests.ui.over import SIZES, Over, OverHost, body, sees
from tests.ui.painted import style_at


def event(number: int, words: str = "", command: str = "writer") -> Event:
    identity = Identity(1, number, 100, 0, 4096)
    return Event(1_790_000_000.0, Kind.APPEARED, identity, number, words, 100, command)


def history(count: int, limit: int = 10_000) -> History:
    made = History(limit)
    made.add(map(event, range(count)))
    return made


def keys(pilot: Over) -> list[int]:
    """Which events are on view."""
    words = (line.split() for line in body(pilot))
    return [int(key, 16) for word in words for key in word if key.startswith("0x")]


async def test_before_anything_happens_it_says_so() -> None:
    async with OverHost(EventsScreen(History())).run_test(size=(80, 24)) as pilot:
        await sees(pilot, EMPTY)
        await pilot.press("j", "k", "G", "g", "enter")
        await sees(pilot, "0 events", "live")


async def test_an_event_says_when_what_which_and_who() -> None:
    made = History()
    made.add([event(3306, "1.0K rw-------")])
    async with OverHost(EventsScreen(made)).run_test(size=(100, 24)) as pilot:
        await sees(pilot, "1 event")
        words = body(pilot)[1].split()
        assert words[1:] == ["appeared", "0x00000cea", "3306", "100", "writer", "1.0K", "rw-------"]


ALIKE = (Kind.OWNER, Kind.LOCKED, Kind.UNLOCKED, Kind.UNSEEN)
"""Kinds with the tone of another one."""


async def test_a_kind_has_its_word_and_the_tone_of_the_list() -> None:
    made, kinds = History(), [kind for kind in Kind if kind not in ALIKE]
    made.add(event(1)._replace(kind=kind) for kind in (*kinds, Kind.LOCKED))
    screen = EventsScreen(made)
    async with OverHost(screen).run_test(size=(100, 24)) as pilot:
        await sees(pilot, *kinds)
        colours = {str(style_at(pilot.app, 12, 2 + y).color) for y in range(len(kinds))}
        assert len(colours) == len(kinds)
        table = screen.query_one(ScreenTable)
        doomed = table.get_component_rich_style("table--alarm").color
        assert style_at(pilot.app, 12, 2 + kinds.index(Kind.DOOMED)).color == doomed


async def test_at_80_columns_it_says_whole_what_appeared() -> None:
    made = History()
    made.add([event(2_000_000_000, "212M rw-rw---- root", r"[b]\x1b")] * 2)
    async with OverHost(EventsScreen(made)).run_test(size=(80, 24)) as pilot:
        await sees(pilot, "2 events")
        assert body(pilot)[1].endswith("212M rw-rw---- root")


async def test_it_opens_at_the_newest_and_follows() -> None:
    made = history(100)
    async with OverHost(EventsScreen(made)).run_test(size=(80, 24)) as pilot:
        await sees(pilot, "100 events", "live", "0x00000063")
        made.add([event(500)])
        await sees(pilot, "101 events", "live", "0x000001f4")


async def test_the_cursor_off_the_end_holds_the_picture() -> None:
    made = history(100)
    async with OverHost(EventsScreen(made)).run_test(size=(80, 24)) as pilot:
        await sees(pilot, "100 events")
        await pilot.press("pageup")
        await sees(pilot, "held: G goes to the newest")
        before = keys(pilot)
        made.add(event(500 + n) for n in range(50))
        await sees(pilot, "150 events", "held")
        assert keys(pilot) == before
        await pilot.press("G")
        await sees(pilot, "live", f"{549:#010x}")
        made.add([event(900)])
        await sees(pilot, f"{900:#010x}")


async def test_what_is_forgotten_is_said_and_the_rest_stays_right() -> None:
    made = history(25, limit=20)
    async with OverHost(EventsScreen(made)).run_test(size=(80, 40)) as pilot:
        await sees(pilot, "25 events", "the first 5 forgotten")
        assert keys(pilot) == list(range(5, 25))
        made.add(event(100 + n) for n in range(3))
        await sees(pilot, "the first 8 forgotten")
        assert keys(pilot) == [*range(8, 25), 100, 101, 102]
        made.add(event(200 + n) for n in range(70))
        await sees(pilot, "the first 78 forgotten")
        assert keys(pilot) == list(range(250, 270))


@pytest.mark.parametrize("size", SIZES)
async def test_foreign_names_are_shown_as_they_are(size: tuple[int, int]) -> None:
    made = History()
    made.add([event(1, words="[/b]\x1b[31m", command="[/red]\x1b")])
    async with OverHost(EventsScreen(made)).run_test(size=size) as pilot:
        await sees(pilot, "appeared", r"[/b]\x1b[31m")


async def test_ten_thousand_events_do_not_keep_the_keys_waiting() -> None:
    made = history(10_000)
    async with OverHost(EventsScreen(made)).run_test(size=(80, 24)) as pilot:
        await sees(pilot, "10000 events")
        made.add([event(77)])
        await sees(pilot, "the first 1 forgotten")
        await pilot.press("g")
        await sees(pilot, "0x00000001")


async def test_events_are_recorded_from_the_start_and_shown_by_e(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    app = ShmtuiApp(ScreenOptions(interval_s=0.2), Settings())
    async with app.run_test(size=(100, 24)) as pilot:
        await until(pilot, lambda: app.main.snapshot is not None)
        shmid = make_segment(4096, key=0xCAFE)
        await until(pilot, lambda: len(app.main.history.events) == 1)
        await pilot.press("E")
        await sees(pilot, "appeared", "0x0000cafe")
        child = attached_child(shmid)
        await sees(pilot, "attached", str(child.pid))
        kernel.rmid(shmid)
        await sees(pilot, "doomed")
        child.kill()
        await sees(pilot, "gone")
        await pilot.press("escape")
        await until(pilot, lambda: "NATT" in shown(app))
