"""The map of the segment on the screen."""

import pytest
from textual.app import App, ComposeResult
from textual.strip import Strip

from shmtui.monitor.survey import SegmentMap
from shmtui.sysv.pages import PAGE_SIZE
from shmtui.sysv.window import PageCount
from shmtui.ui.map_strip import MapStrip
from tests.ui.hosts import until
from tests.ui.painted import lines, style_at

HOLE, IN = PageCount(0, 0, 1, 0), PageCount(1, 0, 0, 0)
PAGES = 80
SIZE = PAGES * PAGE_SIZE
KNOWN = SegmentMap(SIZE, (IN,) * 10 + (HOLE,) * 70)
AT_START = (0, PAGE_SIZE)


class PaintedMap(MapStrip):
    """Counts its paints."""

    def __init__(self) -> None:
        super().__init__()
        self.paints = 0

    def render_line(self, y: int) -> Strip:
        self.paints += 1
        return super().render_line(y)


class MapApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.map = PaintedMap()
        self.gone_to: list[int] = []

    def compose(self) -> ComposeResult:
        yield self.map

    def on_mount(self) -> None:
        self.map.show(KNOWN, AT_START, (), SIZE)

    def on_map_strip_go_to(self, event: MapStrip.GoTo) -> None:
        self.gone_to.append(event.offset)


async def test_it_shows_the_whole_segment_at_any_width() -> None:
    app = MapApp()
    async with app.run_test(size=(80, 3)) as pilot:
        await until(pilot, lambda: lines(app)[0] == "▓" + "█" * 9 + "·" * 70)
        await pilot.resize_terminal(40, 3)
        await until(pilot, lambda: lines(app)[0] == "▓" + "█" * 4 + "·" * 35)


async def test_a_click_goes_there() -> None:
    app = MapApp()
    async with app.run_test(size=(80, 3)) as pilot:
        await pilot.click(PaintedMap, offset=(40, 0))
        assert app.gone_to == [40 * PAGE_SIZE]


async def test_a_drag_goes_along_and_each_cell_is_told_once() -> None:
    app = MapApp()
    async with app.run_test(size=(80, 3)) as pilot:
        await pilot.mouse_down(PaintedMap, offset=(10, 0))
        await pilot.hover(PaintedMap, offset=(11, 0))
        await pilot.hover(PaintedMap, offset=(11, 0))
        await pilot.hover(PaintedMap, offset=(79, 0))
        await pilot.mouse_up(PaintedMap, offset=(79, 0))
        assert app.gone_to == [10 * PAGE_SIZE, 11 * PAGE_SIZE, SIZE - 1]
        await pilot.hover(PaintedMap, offset=(20, 0))
        assert len(app.gone_to) == 3
        await pilot.click(PaintedMap, offset=(79, 0))
        assert app.gone_to[3:] == [SIZE - 1]


async def test_a_drag_that_leaves_the_line_goes_on() -> None:
    app = MapApp()
    async with app.run_test(size=(80, 3)) as pilot:
        await pilot.mouse_down(PaintedMap, offset=(10, 0))
        await pilot.hover(None, offset=(30, 2))
        await pilot.mouse_up(None, offset=(30, 2))
        assert app.gone_to == [10 * PAGE_SIZE, 30 * PAGE_SIZE]


async def test_it_is_painted_only_where_something_else_is_to_be_seen() -> None:
    app = MapApp()
    async with app.run_test(size=(80, 3)) as pilot:
        await until(pilot, lambda: lines(app)[0].startswith("▓"))
        app.map.paints = 0
        app.map.show(SegmentMap(SIZE, KNOWN.slots), (0, 16), [], SIZE)
        await pilot.pause()
        assert app.map.paints == 0
        app.map.show(KNOWN, AT_START, ((SIZE // 2, SIZE // 2 + 1),), SIZE)
        await until(pilot, lambda: app.map.paints > 0)
        assert lines(app)[0][40] == "!"


async def test_without_a_segment_it_is_blank_and_leads_nowhere() -> None:
    app = MapApp()
    async with app.run_test(size=(80, 3)) as pilot:
        app.map.show(None, (0, 0), (), 0)
        await until(pilot, lambda: lines(app)[0] == "")
        await pilot.click(PaintedMap, offset=(40, 0))
        assert app.gone_to == []


@pytest.mark.parametrize("no_color", [False, True])
async def test_place_and_change_stand_out(no_color: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    app = MapApp()
    async with app.run_test(size=(80, 3)) as pilot:
        app.map.show(KNOWN, AT_START, ((SIZE // 2, SIZE // 2 + 1),), SIZE)
        await until(pilot, lambda: "!" in lines(app)[0])
        assert style_at(app, 40, 0).bold
        assert style_at(app, 40, 0).underline
        assert not style_at(app, 41, 0).bold
        assert style_at(app, 0, 0).bold


async def test_it_takes_no_focus() -> None:
    app = MapApp()
    async with app.run_test(size=(80, 3)):
        assert not app.map.focusable
