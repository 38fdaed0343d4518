"""Selecting bytes of the content with keys and the mouse, and how what is marked looks."""

import pytest
from rich.style import Style
from textual import events
from textual.pilot import Pilot

from shmtui.decode import hexdump, spans, strings, text
from tests.ui.hosts import until
from tests.ui.painted import lines, style_at
from tests.ui.views import (
    CHARACTERS_AT,
    HEX_AT,
    LOREM,
    U32,
    UNCHANGED,
    VIEWS,
    ViewApp,
)

pytestmark = pytest.mark.usefixtures("pauses_settle")


async def drag(pilot: Pilot[None], *cells: tuple[int, int]) -> None:
    """Press at the first cell, move over the others; the button stays pressed."""
    await pilot.mouse_down(offset=cells[0])
    for cell in cells[1:]:
        await move(pilot, *cell)


async def move(pilot: Pilot[None], x: int, y: int) -> None:
    """As a terminal tells it that has the mouse outside too."""
    event = events.MouseMove(None, x, y, 0, 0, 1, False, False, False, screen_x=x, screen_y=y)
    pilot.app.screen._forward_event(event)
    await pilot.pause()


async def test_shift_and_keys_select_from_where_the_cursor_was() -> None:
    app = ViewApp(4096)
    async with app.run_test(size=(80, 10)) as pilot:
        app.view.go_to(20)
        await pilot.press("shift+right", "shift+right")
        assert app.view.selection == (20, 23)
        await pilot.press("shift+down")
        assert app.view.selection == (20, 39)
        await pilot.press("shift+up", "shift+left", "shift+left", "shift+left")
        assert app.view.selection == (19, 21)
        await pilot.press("shift+home")
        assert app.view.selection == (16, 21)
        await pilot.press("shift+end")
        assert app.view.selection == (20, 32)
        await pilot.press("shift+pagedown")
        assert app.view.selection == (20, 192)
        await pilot.press("shift+pageup")
        assert app.view.selection == (20, 32)
        await pilot.press("right")
        assert app.view.selection is None


async def test_selection_takes_whole_numbers_and_characters() -> None:
    app = ViewApp(4096, U32)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give("aé漢bcdef".encode())
        await pilot.press("shift+right")
        assert app.view.selection == (0, 8)
        app.view.set_view(text)
        app.give("aé漢bcdef".encode())
        app.view.clear_selection()
        app.view.go_to(1)
        await pilot.press("shift+right")
        assert app.view.selection == (1, 6)


async def test_selection_upwards_goes_on_with_what_was_read_later() -> None:
    app = ViewApp(65536, text)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give(LOREM)
        app.view.go_to(9500)
        app.give(LOREM)
        await pilot.press("shift+pageup")
        first = app.view.cursor
        app.give(LOREM)
        await pilot.pause()
        assert app.view.cursor < first
        assert app.view.selection == (app.view.cursor, 9501)


async def test_clearing_tells_whether_there_was_a_selection() -> None:
    app = ViewApp(4096)
    async with app.run_test(size=(80, 10)):
        assert not app.view.clear_selection()
        app.view.select(3, 10_000)
        assert app.view.selection == (3, 4096)
        assert app.view.clear_selection()
        assert app.view.selection is None
        app.view.select(5, 5)
        assert app.view.selection is None


async def test_bytes_of_the_picture_are_given_out_as_shown() -> None:
    app = ViewApp(4096)
    async with app.run_test(size=(80, 10)):
        assert app.view.shown(0, 4) is None
        app.give(bytes(range(160)))
        got = app.view.shown(3, 8)
        assert got is not None
        assert (got.offset, got.data, tuple(got.gaps)) == (3, bytes(range(3, 8)), ())
        assert app.view.shown(150, 161) is None
        assert app.view.shown(4, 4) is None


async def test_click_puts_the_cursor_in_hex_and_in_the_characters() -> None:
    app = ViewApp(4096)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give(b"A" * 4096)
        await pilot.click(offset=(HEX_AT + 3, 2))
        assert app.view.cursor == 33
        await pilot.click(offset=(CHARACTERS_AT + 5, 4))
        assert app.view.cursor == 69
        await pilot.click(offset=(0, 1))
        assert app.view.cursor == 16
        assert app.view.selection is None


async def test_drag_selects() -> None:
    app = ViewApp(4096)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give(b"A" * 4096)
        await drag(pilot, (HEX_AT, 1), (HEX_AT, 1))
        assert app.view.selection is None
        await move(pilot, HEX_AT + 6, 3)
        assert app.view.selection == (16, 51)
        await move(pilot, HEX_AT + 6, 0)
        assert app.view.selection == (2, 17)
        await pilot.mouse_up(offset=(HEX_AT + 6, 0))
        await move(pilot, HEX_AT, 5)
        assert app.view.selection == (2, 17)


@pytest.mark.parametrize("view", VIEWS)
async def test_drag_below_the_lines_scrolls_on(view: spans.View) -> None:
    app = ViewApp(65536, view)
    async with app.run_test(size=(80, 10)) as pilot:
        app.content = LOREM
        app.give(LOREM)
        await drag(pilot, (HEX_AT, 1), (HEX_AT, 15))
        await until(pilot, lambda: app.view.on_view[0] > 100)
        first = app.view.on_view[0]
        assert app.view.selection is not None
        assert app.view.selection[1] > first
        await move(pilot, HEX_AT, -5)
        await until(pilot, lambda: app.view.on_view[0] < first)
        await pilot.mouse_up(offset=(0, 0))
        assert app.view._drag_timer is None


async def test_double_click_selects_what_is_under_it() -> None:
    content = b"\0" * 40 + b"a run of text" + b"\0" * 300
    app = ViewApp(4096, strings)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give(content)
        await pilot.pause()
        await pilot.click(offset=(14, 0), times=2)
        assert app.view.unit() == (40, 13)
        assert app.view.selection == (40, 53)
        app.view.set_view(hexdump)
        app.give(content)
        await pilot.pause()
        await pilot.click(offset=(HEX_AT, 2), times=2)
        assert app.view.selection is not None
        start, end = app.view.selection
        assert end - start == 1


async def test_shift_and_a_click_extend() -> None:
    app = ViewApp(4096)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give(b"A" * 4096)
        await pilot.click(offset=(HEX_AT, 1))
        await pilot.click(offset=(HEX_AT, 3), shift=True)
        assert app.view.selection == (16, 49)
        await pilot.click(offset=(HEX_AT, 0), shift=True)
        assert app.view.selection == (0, 17)


async def test_wheel_scrolls_three_lines_and_leaves_the_cursor() -> None:
    app = ViewApp(65536, text)
    async with app.run_test(size=(80, 10)) as pilot:
        app.content = LOREM
        app.give(LOREM)
        app.view.post_message(events.MouseScrollDown(app.view, 5, 5, 0, 1, 0, False, False, False))
        await until(pilot, lambda: app.view.on_view[0] == 3 * app.view.stride)
        assert app.view.cursor == 0
        app.view.post_message(events.MouseScrollUp(app.view, 5, 5, 0, 1, 0, False, False, False))
        await until(pilot, lambda: app.view.on_view[0] == 0)


async def test_drag_ends_with_its_segment() -> None:
    app = ViewApp(4096)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give(b"A" * 4096)
        await drag(pilot, (HEX_AT, 1), (HEX_AT, 20))
        app.view.show_segment(1024)
        await move(pilot, HEX_AT, 3)
        assert app.view.selection is None


async def test_another_segment_has_nothing_selected_and_the_cursor_at_its_start() -> None:
    app = ViewApp(4096)
    async with app.run_test(size=(80, 10)):
        app.view.go_to(99)
        app.view.select(3, 6)
        app.view.set_marks([(1, 2)])
        app.view.show_segment(1024)
        assert app.view.cursor == 0
        assert app.view.selection is None
        assert [mark.name for mark in app.view.marks()] == ["window--cursor"]


def looks(app: ViewApp) -> dict[str, Style]:
    """Cells of a hex row in which byte 1 changed, 2 to 5 are selected, 4 changed, 6 is a match."""
    names = {0: "cursor", 1: "changed", 2: "selected", 4: "selected and changed", 6: "match"}
    names |= {8: "plain", 9: "old change"}
    wide = {at: HEX_AT + 3 * at + (at >= 8) for at in names}
    return {name: style_at(app, wide[at], 0) for at, name in names.items()}


async def show_all(app: ViewApp) -> None:
    ages = bytearray(UNCHANGED * 16)
    ages[1] = ages[4] = 0
    ages[9] = 3
    app.give(b"A" * 4096, bytes(ages))
    app.view.select(2, 6)
    app.view.set_marks([(6, 7), (100, 200)])


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "ansi-dark"])
async def test_marks_are_told_apart_in_every_theme(theme: str) -> None:
    app = ViewApp(4096)
    async with app.run_test(size=(80, 10)) as pilot:
        app.theme = theme
        await show_all(app)
        await pilot.pause()
        found = looks(app)
        assert len(set(found.values())) == len(found)
        assert found["selected and changed"].bold
        assert found["selected and changed"].underline


async def test_marks_are_told_apart_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = ViewApp(4096)
    async with app.run_test(size=(80, 10)) as pilot:
        await show_all(app)
        await pilot.pause()
        found = looks(app)
        styles = {
            (s.bold, s.dim, s.italic, s.underline, s.reverse): name for name, s in found.items()
        }
        assert len(styles) == len(found), found
        app.screen.set_focus(None)
        await pilot.pause()
        assert looks(app)["cursor"] not in (found["plain"], found["cursor"], found["old change"])


async def test_blanks_are_selected_only_between_selected_bytes() -> None:
    app = ViewApp(4096)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give(b"A" * 4 + b"A\xff\0A" + b"A" * 4000, UNCHANGED * 4 + b"\0")
        app.view.select(4, 8)
        await pilot.pause()
        cells = [style_at(app, x, 0) for x in range(HEX_AT + 3 * 3 + 2, HEX_AT + 3 * 8 + 1)]
        ground = style_at(app, HEX_AT, 0).bgcolor
        assert [cell.bgcolor != ground for cell in cells] == [False] + [True] * 11 + [False] * 2
        assert not cells[3].underline, "the blank after the byte that changed"
        assert lines(app)[0].startswith("00000000  41 41")
