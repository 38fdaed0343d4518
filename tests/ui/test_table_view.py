"""A table of words: the cursor stays on its row, what fits is shown, what differs is painted."""

from collections.abc import Iterable
from typing import ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from shmtui.ui.table_view import TableColumn, TableRow, TableView
from tests.ui.hosts import until
from tests.ui.painted import Painted, lines, style_at

pytestmark = pytest.mark.usefixtures("pauses_settle")

COLUMNS = (
    TableColumn("PID", "right"),
    TableColumn("USER", goes=1, most=6),
    TableColumn("WHERE", goes=2),
    TableColumn("COMMAND", most=12),
)


class PaintedTable(Painted, TableView):
    """Tells which lines were painted."""


class TableApp(App[None]):
    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self.table = PaintedTable(*COLUMNS)
        self.chosen: list[object] = []

    def compose(self) -> ComposeResult:
        yield self.table

    def on_mount(self) -> None:
        self.table.focus()

    def on_table_view_chosen(self, event: TableView.Chosen) -> None:
        self.chosen.append(event.value)


def rows(pids: Iterable[int]) -> list[TableRow]:
    return [TableRow(pid, (str(pid), "root", f"place{pid}", f"command {pid}")) for pid in pids]


def on_view(app: TableApp) -> list[int]:
    """The pids of the rows on the screen."""
    words = [line.split() for line in lines(app)]
    return [int(word[0]) for word in words if word and word[0].isdigit()]


async def filled(pilot: Pilot[None], pids: Iterable[int]) -> TableApp:
    app = pilot.app
    assert isinstance(app, TableApp)
    wanted = rows(pids)
    app.table.fill(wanted)
    await pilot.pause()
    await until(pilot, lambda: not wanted or app.table.value in on_view(app))
    return app


async def test_columns_are_as_wide_as_their_words_and_the_last_takes_the_rest() -> None:
    async with TableApp().run_test(size=(50, 5)) as pilot:
        app = await filled(pilot, (7, 1234))
        assert lines(app)[:3] == [
            "  PID  USER  WHERE      COMMAND",
            "    7  root  place7     command 7",
            " 1234  root  place1234  command 1234",
        ]


@pytest.mark.parametrize(
    ("width", "heading"),
    [
        (38, " PID  USER  WHERE   COMMAND"),
        (29, " PID  USER  COMMAND"),
        (20, " PID  COMMAND"),
        (12, " PID  COMM…"),
    ],
)
async def test_what_does_not_fit_goes_and_the_rest_stays(width: int, heading: str) -> None:
    async with TableApp().run_test(size=(width, 5)) as pilot:
        app = await filled(pilot, [7])
        assert lines(app)[0] == heading


async def test_a_column_comes_back_when_there_is_room_again() -> None:
    async with TableApp().run_test(size=(20, 5)) as pilot:
        app = await filled(pilot, [7])
        await pilot.resize_terminal(50, 5)
        await until(pilot, lambda: "WHERE" in lines(app)[0])


async def test_words_too_long_for_their_column_are_cut_and_say_so() -> None:
    async with TableApp().run_test(size=(50, 5)) as pilot:
        app = await filled(pilot, [7])
        app.table.fill([TableRow(7, ("7", "somebody", "x" * 60, "command 7"))])
        await pilot.pause()
        assert "someb…" in lines(app)[1]


async def test_foreign_words_are_not_markup() -> None:
    async with TableApp().run_test(size=(60, 5)) as pilot:
        app = await filled(pilot, [7])
        app.table.fill([TableRow(7, ("7", "[/b]", "[red]", "[/proc/1] [@click=quit]"))])
        await pilot.pause()
        assert lines(app)[1] == "   7  [/b]  [red]  [/proc/1] [@click=quit]"


async def test_the_cursor_stays_on_its_row_when_others_come_and_go() -> None:
    async with TableApp().run_test(size=(50, 10)) as pilot:
        app = await filled(pilot, (1, 2, 3))
        await pilot.press("j")
        app.table.fill(rows((0, 1, 2, 3)))
        assert app.table.value == 2
        app.table.fill(rows((2, 3)))
        assert app.table.value == 2


async def test_the_cursor_goes_near_where_its_row_was_when_that_went() -> None:
    async with TableApp().run_test(size=(50, 10)) as pilot:
        app = await filled(pilot, (1, 2, 3))
        await pilot.press("G")
        app.table.fill(rows((1, 2)))
        assert app.table.value == 2
        app.table.fill(())
        assert app.table.value is None
        app.table.fill(rows((8, 9)))
        assert app.table.value == 8


async def test_an_empty_table_takes_all_keys() -> None:
    async with TableApp().run_test(size=(50, 10)) as pilot:
        app = await filled(pilot, ())
        await pilot.press("j", "k", "pagedown", "pageup", "G", "g", "home", "end", "ctrl+d")
        assert app.table.value is None
        app.table.action_choose()
        await pilot.pause()
        assert app.chosen == []


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (("j", "down"), 2),
        (("j", "j", "k", "up"), 0),
        (("G",), 99),
        (("end",), 99),
        (("G", "g"), 0),
        (("G", "home"), 0),
        (("pagedown",), 9),
        (("space", "space"), 18),
        (("pagedown", "pageup"), 0),
        (("ctrl+d",), 5),
        (("ctrl+d", "ctrl+u"), 0),
        (("up",), 0),
    ],
)
async def test_the_keys_move_the_cursor_and_it_stays_on_view(
    keys: tuple[str, ...], value: int
) -> None:
    async with TableApp().run_test(size=(50, 10)) as pilot:
        app = await filled(pilot, range(100))
        await pilot.press(*keys)
        assert app.table.value == value
        await until(pilot, lambda: value in on_view(app))
        assert lines(app)[0].split()[0] == "PID"


async def test_the_last_row_can_be_seen_whole_table_above_it() -> None:
    async with TableApp().run_test(size=(50, 10)) as pilot:
        app = await filled(pilot, range(100))
        await pilot.press("G")
        await until(pilot, lambda: on_view(app) == list(range(91, 100)))


async def test_rows_that_come_above_leave_the_picture_where_it_is() -> None:
    async with TableApp().run_test(size=(50, 10)) as pilot:
        app = await filled(pilot, range(10, 100))
        await pilot.press("G", "k")
        await until(pilot, lambda: on_view(app) == list(range(91, 100)))
        app.table.fill(rows(range(100)))
        await pilot.pause()
        assert (app.table.value, on_view(app)) == (98, list(range(91, 100)))


async def test_at_the_top_new_rows_are_seen() -> None:
    async with TableApp().run_test(size=(50, 10)) as pilot:
        app = await filled(pilot, range(10, 100))
        app.table.fill(rows(range(8, 100)))
        await pilot.pause()
        assert (app.table.value, on_view(app)[0]) == (10, 8)


async def test_a_table_that_was_scrolled_away_from_the_cursor_stays_so() -> None:
    async with TableApp().run_test(size=(50, 10)) as pilot:
        app = await filled(pilot, range(100))
        app.table.go_to_row(50)
        await until(pilot, lambda: on_view(app)[0] == 50)
        app.table.fill(rows(range(1, 101)))
        await pilot.pause()
        assert app.table.top == 50


async def test_a_table_that_shrinks_shows_its_rows() -> None:
    async with TableApp().run_test(size=(50, 10)) as pilot:
        app = await filled(pilot, range(100))
        await pilot.press("G")
        app.table.fill(rows(range(3)))
        await until(pilot, lambda: on_view(app) == [0, 1, 2])


async def test_the_cursor_stays_on_view_when_the_terminal_shrinks() -> None:
    async with TableApp().run_test(size=(50, 20)) as pilot:
        app = await filled(pilot, range(100))
        await pilot.press("pagedown")
        await pilot.resize_terminal(50, 6)
        await until(pilot, lambda: app.table.value in on_view(app))


async def test_a_click_takes_a_row_and_a_double_click_chooses_it() -> None:
    async with TableApp().run_test(size=(50, 10)) as pilot:
        app = await filled(pilot, range(100))
        await pilot.press("G")
        await until(pilot, lambda: 99 in on_view(app))
        await pilot.click(PaintedTable, offset=(4, 2))
        assert (app.table.value, app.chosen) == (92, [])
        await pilot.double_click(PaintedTable, offset=(4, 3))
        await until(pilot, lambda: app.chosen == [93])
        await pilot.click(PaintedTable, offset=(4, 0))
        assert app.table.value == 93


async def test_only_rows_that_differ_are_painted_again() -> None:
    async with TableApp().run_test(size=(50, 10)) as pilot:
        app = await filled(pilot, (1, 2, 3))
        app.table.painted.clear()
        app.table.fill(rows((1, 2, 3)))
        await pilot.pause()
        assert app.table.painted == set()
        app.table.fill([*rows((1, 2)), TableRow(3, ("3", "ops", "place3", "command 3"))])
        await pilot.pause()
        assert app.table.painted == {3}


async def test_the_cursor_can_be_seen_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with TableApp().run_test(size=(50, 10)) as pilot:
        app = await filled(pilot, (1, 2))
        assert style_at(app, 4, 1).reverse
        assert not style_at(app, 4, 2).reverse


@pytest.mark.parametrize("look", sorted(TableView.LOOKS))
async def test_a_look_differs_from_the_plain_row(look: str) -> None:
    async with TableApp().run_test(size=(50, 10)) as pilot:
        app = await filled(pilot, (1, 2))
        app.table.fill([*rows((1, 2)), rows([3])[0]._replace(look=look)])
        await pilot.pause()
        assert style_at(app, 4, 3) != style_at(app, 4, 2)
