"""The table of the watches on the screen."""

import pytest
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from shmtui.monitor.track import Track
from shmtui.present.watching import table
from shmtui.ui.watch_table import WatchTable
from tests.present.made import NOW
from tests.present.tracks import tracked
from tests.ui.hosts import until
from tests.ui.painted import Painted, lines, style_at


class PaintedTable(Painted, WatchTable):
    """Tells which lines were painted."""


class TableApp(App[None]):
    CSS = "#content { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.table = PaintedTable()
        self.content = Widget(id="content")

    def compose(self) -> ComposeResult:
        with Vertical():
            yield self.content
            yield self.table

    def watch_values(self, *tracks: Track) -> None:
        self.table.show(table(tracks, self.size.width, NOW + 10))


MANY = [tracked(f"{at} u8 name{at}", 1, 2) for at in range(9)]


async def test_it_is_as_high_as_there_are_watches() -> None:
    app = TableApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.content.size.height == 24
        app.watch_values(*MANY[:2])
        await until(pilot, lambda: app.content.size.height == 21)
        assert [line.split()[0] for line in lines(app)[21:]] == ["NAME", "name0", "name1"]
        app.watch_values()
        await until(pilot, lambda: app.content.size.height == 24)


async def test_of_many_watches_those_without_room_are_counted() -> None:
    app = TableApp()
    async with app.run_test(size=(80, 15)) as pilot:
        app.watch_values(*MANY)
        await until(pilot, lambda: app.table.size.height == 4)
        await pilot.pause()
        assert lines(app)[-2].startswith("name1 ")
        assert lines(app)[-1] == "… and 7 more"


async def test_only_the_line_of_a_value_that_changed_is_painted() -> None:
    app = TableApp()
    async with app.run_test(size=(80, 24)) as pilot:
        rested, moving = tracked("0 u8 rested", 1, 2, 2), tracked("1 u8 moving", 5, 6, 6)
        app.watch_values(rested, moving)
        await until(pilot, lambda: app.table.size.height == 3)
        await pilot.pause()
        app.table.painted.clear()
        app.watch_values(rested, tracked("1 u8 moving", 5, 6, 6, 7))
        await until(pilot, lambda: bool(app.table.painted))
        assert app.table.painted == {2}
        app.table.painted.clear()
        app.watch_values(rested, tracked("1 u8 moving", 5, 6, 6, 7))
        await pilot.pause()
        assert app.table.painted == set()


async def test_fresh_value_shows_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = TableApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.watch_values(tracked("0 u8 moved", 1, 2))
        await until(pilot, lambda: app.table.size.height == 2)
        await pilot.pause()
        at = lines(app)[23].index(" 2 ") + 1
        assert style_at(app, at, 23).underline
        assert style_at(app, at, 23).bold
        assert not style_at(app, at - 1, 23).underline


async def test_a_name_is_no_markup() -> None:
    app = TableApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.watch_values(tracked("0 u8 [/red][b]", 1))
        await until(pilot, lambda: app.table.size.height == 2)
        await pilot.pause()
        assert lines(app)[23].startswith("[/red][b]")


async def test_it_takes_no_focus() -> None:
    app = TableApp()
    async with app.run_test(size=(80, 24)):
        assert not app.table.focusable
