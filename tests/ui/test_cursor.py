"""The cursor of the content: it moves by what is drawn, in every view, and the view follows it."""

import pytest

from shmtui.decode import hexdump, strings, text
from shmtui.decode.spans import View
from tests.decode.windows import Window
from tests.ui.painted import style_at
from tests.ui.views import (
    CHARACTERS_AT,
    HEX_AT,
    LOREM,
    U32,
    VIEWS,
    ViewApp,
    under_cursor,
)

pytestmark = pytest.mark.usefixtures("pauses_settle")


async def test_cursor_moves_by_bytes_and_rows_in_hex() -> None:
    app = ViewApp(4096)
    async with app.run_test(size=(80, 10)) as pilot:
        for keys, byte in (
            ("right l", 2),
            ("h", 1),
            ("left left", 0),
            ("down j", 32),
            ("k", 16),
            ("end", 31),
            ("right", 32),
            ("left", 31),
            ("home", 16),
            ("G", 4095),
            ("right down", 4095),
            ("home", 4080),
            ("g up left", 0),
        ):
            await pilot.press(*keys.split())
            assert app.view.cursor == byte, keys
        assert app.moves[:3] == [1, 2, 1]
        assert app.moves[-1] == 0


async def test_one_byte_is_reversed_in_hex_and_in_its_characters() -> None:
    app = ViewApp(4096)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give(b"0123456789abcdefg")
        await pilot.press("right", "right")
        await pilot.pause()
        assert under_cursor(app) == "322"
        assert style_at(app, HEX_AT + 6, 0).reverse
        assert style_at(app, CHARACTERS_AT + 2, 0).reverse
        assert not style_at(app, HEX_AT + 8, 0).reverse


async def test_cursor_is_underlined_and_dim_while_the_focus_is_elsewhere() -> None:
    app = ViewApp(4096)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give(b"A" * 4096)
        app.screen.set_focus(None)
        await pilot.pause()
        style = style_at(app, HEX_AT, 0)
        assert style.underline
        assert style.color != style_at(app, HEX_AT + 3, 0).color
        assert not style.reverse
        app.view.focus()
        await pilot.pause()
        assert style_at(app, HEX_AT, 0).reverse


async def test_only_the_lines_of_the_cursor_are_painted_when_it_moves() -> None:
    app = ViewApp(4096)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give(b"A" * 4096)
        await pilot.press("down", "down")
        await pilot.pause()
        app.view.painted.clear()
        await pilot.press("down")
        await pilot.pause()
        assert set(app.view.painted) == {2, 3}
        app.view.painted.clear()
        await pilot.press("right")
        await pilot.pause()
        assert set(app.view.painted) == {3}


async def test_cursor_moves_by_numbers() -> None:
    app = ViewApp(4096, U32)
    async with app.run_test(size=(80, 10)) as pilot:
        app.content = b"".join(number.to_bytes(4, "little") for number in range(1000, 2024))
        app.give(app.content)
        stride = U32.stride(app.view.room.width, 4096)
        for keys, byte in (
            ("right right", 8),
            ("left", 4),
            ("down", 4 + stride),
            ("end", 2 * stride - 4),
            ("right", 2 * stride),
            ("G home", 4096 - stride),
            ("left", 4096 - stride - 4),
            ("g right", 4),
        ):
            await pilot.press(*keys.split())
            assert app.view.cursor == byte, keys
        await pilot.pause()
        assert under_cursor(app) == "1001"
        assert app.view.unit() == (4, 4)


async def test_byte_within_a_number_shows_the_number_under_the_cursor() -> None:
    app = ViewApp(4096, U32)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give(b"".join(number.to_bytes(4, "little") for number in range(1000, 2024)))
        app.view.go_to(6)
        await pilot.pause()
        assert app.view.cursor == 6
        assert under_cursor(app) == "1001"
        await pilot.press("right")
        assert app.view.cursor == 8


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("size_bytes", [1, 5, 100, 16384, 2**36 - 3])
async def test_ends_are_reached(view: View, size_bytes: int) -> None:
    app = ViewApp(size_bytes, view)
    async with app.run_test(size=(80, 10)) as pilot:
        app.content = b""
        app.give(b"")
        await pilot.press("G")
        await pilot.pause()
        assert app.view.on_view[0] + app.view.on_view[1] == size_bytes
        start, length = app.view.unit()
        assert start + length == size_bytes or app.view.cursor == size_bytes - 1
        await pilot.press("down", "right", "pagedown", "ctrl+d", "end")
        assert app.view.cursor < size_bytes
        await pilot.press("g")
        await pilot.pause()
        assert app.view.cursor == 0
        assert app.view.on_view[0] == 0
        await pilot.press("up", "left", "pageup", "ctrl+u", "home")
        assert app.view.cursor == 0


async def test_far_goto_stands_a_third_from_the_top_and_near_one_does_not_scroll() -> None:
    app = ViewApp(65536)
    async with app.run_test(size=(80, 12)) as pilot:
        app.view.go_to(100)
        assert app.wanted[-1] == (0, 192)
        app.view.go_to(0x8000)
        await pilot.pause()
        assert app.wanted[-1][0] == 0x8000 - 4 * 16
        app.view.go_to(10**9)
        assert app.view.cursor == 65535
        app.view.go_to(-5)
        assert app.view.cursor == 0


@pytest.mark.parametrize("view", VIEWS)
async def test_goto_into_64_gib_shows_that_byte(view: View) -> None:
    app = ViewApp(2**36, view)
    async with app.run_test(size=(80, 12)) as pilot:
        offset = 2**36 - 10_000
        app.view.go_to(offset)
        await pilot.pause()
        at, length = app.wanted[-1]
        data = bytearray(length)
        data[offset - at : offset - at + 8] = b"HERE I A"
        app.view.take(Window(at, bytes(data)), b"")
        await pilot.pause()
        assert app.view.cursor == offset
        assert under_cursor(app)
        assert app.view.is_on_view(offset)


async def test_rows_beyond_32_bits_scroll_exactly() -> None:
    app = ViewApp(2**36)
    async with app.run_test(size=(50, 10)) as pilot:
        app.view.go_to(2**36 - 1)
        await pilot.pause()
        assert app.view.stride == 8
        assert app.wanted[-1] == (2**36 - 80, 80)
        await pilot.press(*["up"] * 10)
        await pilot.pause()
        assert app.wanted[-1] == (2**36 - 88, 80)
        assert app.view.cursor == 2**36 - 81


@pytest.mark.parametrize("view", VIEWS)
async def test_cursor_keeps_its_byte_in_another_view_and_width(view: View) -> None:
    app = ViewApp(65536, view)
    async with app.run_test(size=(80, 10)) as pilot:
        app.content = LOREM
        app.give(LOREM)
        app.view.go_to(5000)
        await pilot.pause()
        for other in (hexdump, text, U32, strings, hexdump):
            app.view.set_view(other)
            await pilot.pause()
            assert app.view.cursor == 5000
            assert app.view.is_on_view(5000)
        await pilot.resize_terminal(60, 5)
        await pilot.pause()
        assert app.view.cursor == 5000
        assert app.view.is_on_view(5000)


async def test_scrolling_leaves_the_cursor_and_the_next_move_brings_it_back() -> None:
    app = ViewApp(65536)
    async with app.run_test(size=(80, 10)) as pilot:
        app.view.go_to(32)
        app.view.go_to_row(1000)
        await pilot.pause()
        assert app.view.cursor == 32
        await pilot.press("right")
        assert app.view.cursor == 33
        assert app.view.is_on_view(33)


async def test_moves_without_content_do_no_harm() -> None:
    ways = [
        "up",
        "down",
        "left",
        "right",
        "page_up",
        "page_down",
        "half_up",
        "row_start",
        "row_end",
        "end",
        "start",
    ]
    for size_bytes in (0, 4096):
        for view in (hexdump, text, strings, U32):
            app = ViewApp(size_bytes, view)
            async with app.run_test(size=(80, 10)) as pilot:
                for words in ("", "Reading …"):
                    app.view.say(words)
                    for way in ways:
                        app.view.travel(way)
                        app.view.travel(way, extend=True)
                    await pilot.pause()
                app.view.go_to(99)
                assert app.view.cursor == min(size_bytes, 99)
                start, length = app.view.unit()
                assert start <= app.view.cursor <= start + length <= size_bytes
