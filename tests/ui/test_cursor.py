"""The cursor of the content: it moves by what is drawn, in every view, and the view follows it."""

import re

import pytest

from shmtui.decode import hexdump, numbers, strings, text
from shmtui.decode.spans import View
from shmtui.decode.types import parse_kind
from tests.decode.windows import Gap, Window
from tests.ui.painted import lines, style_at
from tests.ui.views import CHARACTERS_AT, HEX_AT, UNCHANGED, ViewApp

U32 = numbers.view(parse_kind("u32le"))
VIEWS = [
    pytest.param(hexdump, id="hex"),
    pytest.param(text, id="text"),
    pytest.param(strings, id="strings"),
    pytest.param(U32, id="numbers"),
]
LOREM = b"".join(b"line %05d of text\n" % number for number in range(5000))
"""Each of 19 bytes."""
WORDS = b"".join(b"word%04d" % number + bytes(56) for number in range(1024))
"""A run of text of eight bytes at each 64."""


def under_cursor(app: ViewApp) -> str:
    """What is drawn reversed, but for the scrollbar."""
    width = app.view.room.width
    strips = app.screen._compositor.render_strips()
    cells = (cell for strip in strips for cell in strip.crop(0, width))
    return "".join(cell.text for cell in cells if cell.style and cell.style.reverse)


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


async def test_characters_of_utf8_are_one_step_in_text() -> None:
    app = ViewApp(4096, text)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give("aé漢b".encode() + bytes(100) + b"end")
        cursors = []
        for _ in range(7):
            cursors.append(app.view.cursor)
            await pilot.press("right")
        # The rule stands for the first NUL, a count of NULs is one thing.
        assert cursors == [0, 1, 3, 6, 7, 8, 107]
        await pilot.press("g", "right", "right")
        await pilot.pause()
        assert under_cursor(app) == "漢"


async def test_cursor_keeps_its_cell_through_short_lines_of_text() -> None:
    app = ViewApp(50, text)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give(b"a long line\nab\nanother long line\n")
        await pilot.press(*["right"] * 8, "down")
        assert app.view.cursor == 14
        await pilot.press("down")
        assert app.view.cursor == 15 + 8
        await pilot.press("up", "up")
        assert app.view.cursor == 8


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("content", [LOREM, WORDS], ids=["lorem", "words"])
async def test_down_and_up_reach_every_line(view: View, content: bytes) -> None:
    app = ViewApp(16384, view)
    async with app.run_test(size=(80, 10)) as pilot:
        app.content = content[:16384]
        app.give(app.content)
        await pilot.pause()
        seen = [app.view.cursor]
        for _ in range(25):
            app.view.travel("down")
            await pilot.pause()
            seen.append(app.view.cursor)
        assert seen == sorted(set(seen)), "each step goes on"
        await pilot.pause()
        assert under_cursor(app)
        for _ in range(35):
            app.view.travel("up")
            await pilot.pause()
        assert app.view.cursor == 0
        assert app.view.on_view[0] == 0
        assert under_cursor(app)


async def test_strings_go_on_with_the_first_run_not_shown() -> None:
    app = ViewApp(65536, strings)
    async with app.run_test(size=(80, 10)) as pilot:
        app.content = WORDS
        app.give(WORDS)
        await pilot.press(*["down"] * 10)
        await pilot.pause()
        assert app.view.cursor == 640
        assert "word0010" in lines(app)[9]
        assert "word0001" in lines(app)[0]
        await pilot.press("pagedown")
        await pilot.pause()
        assert "word0011" in lines(app)[0]
        await pilot.press("pageup")
        await pilot.pause()
        assert "word0001" in lines(app)[0]
        await pilot.press(*["k"] * 10)
        await pilot.pause()
        assert "word0000" in lines(app)[0]


async def test_dense_strings_lose_no_run_page_by_page() -> None:
    """More lines than the room has begin within one row of the scrollbar."""
    content = b"".join(b"%04d\0" % number for number in range(200))
    app = ViewApp(len(content), strings)
    async with app.run_test(size=(80, 10)) as pilot:
        app.content = content
        app.give(content)
        numbers_of = re.compile(r" (\d{4})\b")
        seen: dict[str, None] = {}
        for _ in range(21):
            await pilot.pause()
            seen |= dict.fromkeys(numbers_of.findall("\n".join(lines(app))))
            app.view.travel("page_down")
        assert list(seen) == [f"{number:04d}" for number in range(200)]
        assert "0191" in lines(app)[0], "the last page is full, with what is no text"
        seen.clear()
        for _ in range(21):
            await pilot.pause()
            seen |= dict.fromkeys(reversed(numbers_of.findall("\n".join(lines(app)))))
            app.view.travel("page_up")
        assert list(seen) == [f"{number:04d}" for number in range(199, -1, -1)]


async def test_way_up_is_known_only_once_it_was_read() -> None:
    """Until then the picture stays, and what is pressed meanwhile adds up."""
    app = ViewApp(65536, strings)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give(WORDS)
        app.view.go_to_row(100)
        app.give(WORDS)
        app.view.go_to(6400)
        await pilot.pause()
        assert "word0100" in lines(app)[0]
        await pilot.press("up", "up", "up")
        await pilot.pause()
        assert "word0100" in lines(app)[0]
        offset, length = app.wanted[-1]
        assert offset < 6400 < offset + length
        app.give(WORDS)
        await pilot.pause()
        assert "word0097" in lines(app)[0]
        assert app.view.cursor == 6400 - 3 * 64


async def test_frozen_picture_is_left_at_the_second_answer() -> None:
    app = ViewApp(65536, text)
    async with app.run_test(size=(80, 10)) as pilot:
        frozen = Window(4000, LOREM[4000:8096])
        app.view.go_to(4000)
        app.view.take(frozen, UNCHANGED * 4096)
        app.view.take(frozen, UNCHANGED * 4096)
        await pilot.press("pageup")
        app.view.take(frozen, UNCHANGED * 4096)
        app.view.take(frozen, UNCHANGED * 4096)
        await pilot.pause()
        assert "not read" in lines(app)[0]


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


async def test_last_text_is_the_last_line() -> None:
    app = ViewApp(19 * 5000, text)
    async with app.run_test(size=(80, 10)) as pilot:
        app.content = LOREM
        app.give(LOREM)
        await pilot.press("G")
        await pilot.pause()
        assert "line 04999 of text␊" in lines(app)[9]
        assert app.view.cursor == 19 * 5000 - 1


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


async def test_gap_is_a_place_for_the_cursor() -> None:
    app = ViewApp(8192, text)
    async with app.run_test(size=(80, 10)) as pilot:
        gaps = (Gap(2, 2000, "swapped out"),)
        app.view.take(Window(0, b"ab" + bytes(2000) + b"c" * 2094, gaps), UNCHANGED * 4096)
        await pilot.press("right", "right", "right")
        assert app.view.cursor == 2002
        await pilot.press("left")
        assert app.view.cursor == 2
        assert app.view.unit() == (2, 2000)


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
