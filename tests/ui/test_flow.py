"""Views whose lines hold as many bytes as they hold: nothing is lost going down or up."""

import re

import pytest

from shmtui.decode import strings, text
from shmtui.decode.spans import View
from tests.decode.windows import Gap, Window
from tests.ui.hosts import until
from tests.ui.painted import lines
from tests.ui.views import (
    LOREM,
    UNCHANGED,
    VIEWS,
    ViewApp,
    under_cursor,
)

pytestmark = pytest.mark.usefixtures("pauses_settle")

WORDS = b"".join(b"word%04d" % number + bytes(56) for number in range(1024))
"""A run of text of eight bytes at each 64."""


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


async def test_last_text_is_the_last_line() -> None:
    app = ViewApp(19 * 5000, text)
    async with app.run_test(size=(80, 10)) as pilot:
        app.content = LOREM
        app.give(LOREM)
        await pilot.press("G")
        await pilot.pause()
        assert "line 04999 of text␊" in lines(app)[9]
        assert app.view.cursor == 19 * 5000 - 1


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


async def test_goto_is_not_lost_when_the_terminal_is_resized_before_its_bytes_are_read() -> None:
    app = ViewApp(19 * 5000, text)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give(LOREM)
        app.view.go_to(50_000)
        assert not app.view.is_on_view(50_000)
        await pilot.resize_terminal(60, 12)
        await until(pilot, lambda: app.view.room.height == 12)
        app.give(LOREM)
        await pilot.pause()
        assert app.view.is_on_view(50_000)
        assert under_cursor(app)


async def test_end_of_a_row_is_nowhere_where_the_cursor_is_not_drawn() -> None:
    app = ViewApp(65536, strings)
    async with app.run_test(size=(80, 10)) as pilot:
        app.content = WORDS
        app.give(WORDS)
        app.view.go_to(100)
        await pilot.press("end", "home")
        assert app.view.cursor == 100
        assert app.view.unit() == (100, 1)
        await pilot.press("down")
        assert app.view.cursor == 128
        app.view.go_to(100)
        await pilot.press("left")
        assert app.view.cursor == 71


async def test_emptiness_above_is_passed_in_large_steps() -> None:
    app = ViewApp(2**20, strings)
    async with app.run_test(size=(80, 10)) as pilot:
        app.content = b"first" + bytes(40_000) + b"second"
        app.view.go_to(40_005)
        app.give(app.content)
        for _ in range(8):
            app.view.travel("up")
            await pilot.pause()
        assert app.view.cursor == 0
        assert "first" in lines(app)[0]
