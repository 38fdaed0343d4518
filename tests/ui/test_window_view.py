"""The widget for content: exact scrolling, changed bytes marked, only changed lines painted."""

import pytest
from textual import events

from shmtui.decode import hexdump, text
from shmtui.decode.spans import FADED
from tests.decode.windows import Gap, Window
from tests.ui.hosts import until
from tests.ui.painted import lines, style_at
from tests.ui.views import CHARACTERS_AT, HEX_AT, UNCHANGED, ViewApp

pytestmark = pytest.mark.usefixtures("pauses_settle")


async def test_hex_has_sixteen_bytes_a_row_at_eighty_columns() -> None:
    app = ViewApp(1024)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give(b"42")
        await pilot.pause()
        row = "00000000  34 32 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |42..............|"
        assert lines(app)[0].startswith(row)
        assert app.wanted[-1] == (0, 160)


async def test_window_is_asked_for_again_at_every_move() -> None:
    app = ViewApp(4096)
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.press(*["down"] * 9)
        assert app.wanted[-1] == (0, 160)
        await pilot.press("down", "j")
        assert app.wanted[-1] == (32, 160)
        await pilot.press("pagedown")
        assert app.wanted[-1] == (192, 160)
        await pilot.press("b")
        assert app.wanted[-1] == (32, 160)
        await pilot.press("ctrl+d")
        assert app.wanted[-1] == (112, 160)
        await pilot.press("ctrl+u", "ctrl+u")
        assert app.wanted[-1] == (0, 160)


async def test_last_row_of_64_gib_is_reached_exactly() -> None:
    app = ViewApp(2**36 - 5)
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.press("G")
        assert app.wanted[-1] == (2**36 - 160, 155)
        app.view.take(Window(2**36 - 160, b"." * 154 + b"!"), b"")
        await pilot.pause()
        assert lines(app)[9].startswith("ffffffff0 2e 2e")
        assert "..........!|" in lines(app)[9]
        assert app.view.cursor == 2**36 - 6
        await pilot.press(*["k"] * 10)
        assert app.wanted[-1] == (2**36 - 176, 160)
        await pilot.press("g")
        assert app.wanted[-1] == (0, 160)


async def test_rows_that_scrolled_into_view_are_not_called_content() -> None:
    app = ViewApp(4096)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give(b"A" * 4096)
        app.view.go_to_row(1)
        await pilot.pause()
        shown = lines(app)
        assert shown[8].startswith("00000090  41 41")
        assert shown[9].startswith("000000a0  ·· ··")
        assert "|not read        |" in shown[9]
        app.give(b"A" * 4096)
        await pilot.pause()
        assert lines(app)[9].startswith("000000a0  41 41")


async def test_only_lines_with_changed_bytes_are_painted_again() -> None:
    app = ViewApp(4096)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give(b"A" * 4096)
        await pilot.pause()
        app.view.painted.clear()
        app.give(b"A" * 40 + b"B" + b"A" * 4000, UNCHANGED * 40 + b"\0")
        await until(pilot, lambda: bool(app.view.painted))
        assert set(app.view.painted) == {2}
        app.view.painted.clear()
        app.give(b"A" * 40 + b"B" + b"A" * 4000, UNCHANGED * 40 + b"\0")
        await pilot.pause()
        assert app.view.painted == []


async def test_change_is_bold_and_underlined_and_fades() -> None:
    app = ViewApp(4096)
    async with app.run_test(size=(80, 10)) as pilot:
        seen = []
        for age in range(FADED + 1):
            app.give(b"AB", UNCHANGED + bytes([age]))
            await pilot.pause()
            style = style_at(app, HEX_AT + 3, 0)
            seen.append((bool(style.bold), bool(style.underline)))
            assert style_at(app, CHARACTERS_AT + 1, 0) == style
            assert not style_at(app, HEX_AT, 0).underline
            assert not style_at(app, HEX_AT + 5, 0).underline
        assert seen[0] == (True, True)
        assert seen[-1] == (False, False)
        assert seen == sorted(seen, reverse=True)
        assert all(underlined for _, underlined in seen[:FADED])


@pytest.mark.parametrize("theme", ["textual-dark", "textual-light", "ansi-dark"])
async def test_change_shows_in_every_theme(theme: str) -> None:
    app = ViewApp(4096)
    async with app.run_test(size=(80, 10)) as pilot:
        app.theme = theme
        await pilot.pause()
        app.give(b"AB", UNCHANGED + b"\0")
        await pilot.pause()
        assert style_at(app, HEX_AT + 3, 0).underline
        assert style_at(app, HEX_AT + 3, 0).color != style_at(app, HEX_AT, 0).color


async def test_change_shows_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = ViewApp(4096)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give(b"AB", UNCHANGED + b"\0")
        await pilot.pause()
        changed = style_at(app, HEX_AT + 3, 0)
        assert changed.bold
        assert changed.underline


async def test_same_byte_stays_on_top_when_the_terminal_is_resized() -> None:
    app = ViewApp(65536)
    async with app.run_test(size=(80, 10)) as pilot:
        app.view.go_to_row(100)
        await pilot.pause()
        assert app.wanted[-1][0] == 1600
        await pilot.resize_terminal(120, 12)
        await until(pilot, lambda: app.wanted[-1] == (1584, 288))
        await pilot.resize_terminal(80, 10)
        await until(pilot, lambda: app.wanted[-1] == (1600, 160))


async def test_same_byte_stays_on_top_in_another_view() -> None:
    app = ViewApp(65536)
    async with app.run_test(size=(80, 10)) as pilot:
        app.view.go_to_row(100)
        await pilot.pause()
        app.view.set_view(text)
        await pilot.pause()
        assert app.wanted[-1] == (1600, 4096)
        app.view.set_view(hexdump)
        await pilot.pause()
        assert app.wanted[-1] == (1600, 160)


async def test_another_segment_begins_at_its_start_with_nothing_of_the_last() -> None:
    app = ViewApp(65536)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give(b"secret")
        app.view.go_to_row(9)
        app.view.show_segment(4096)
        await pilot.pause()
        assert app.wanted[-1] == (0, 160)
        assert lines(app)[0].startswith("00000000  ·· ··")


async def test_content_is_neither_markup_nor_terminal_commands() -> None:
    app = ViewApp(4096, text)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give(b"[/red][b]\x1b[2J\x07\r\x9b" + "\u202e漢😀".encode())
        await pilot.pause()
        assert lines(app)[0] == "[/red][b]␛[2J␇␍�◌漢😀"
        assert all(line.isprintable() for line in lines(app))


async def test_page_down_in_text_continues_with_the_first_byte_not_shown() -> None:
    content = b"x" * 100 + b"\0" + b"y" * 65000
    app = ViewApp(65536, text)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give(content)
        await pilot.pause()
        assert lines(app)[2] == "──── after NUL ────"
        # Two lines of the string, the rule, and seven lines of what follows.
        shown_to = 101 + 7 * 79
        await pilot.press("pagedown")
        assert app.wanted[-1][0] <= shown_to < app.wanted[-1][0] + 79


async def test_text_that_is_all_on_view_does_not_scroll() -> None:
    app = ViewApp(1024, text)
    async with app.run_test(size=(80, 10)) as pilot:
        app.give(b"42")
        await pilot.pause()
        assert lines(app)[:4] == ["42", "──── after NUL ────", "␀×1021", ""]
        await pilot.press("down", "G")
        assert app.wanted[-1] == (0, 1024)
        app.give(b"4" * 1024)
        await pilot.press("G")
        assert app.wanted[-1][0] > 0


async def test_mouse_wheel_scrolls() -> None:
    app = ViewApp(65536)
    async with app.run_test(size=(80, 10)) as pilot:
        app.view.post_message(events.MouseScrollDown(app.view, 5, 5, 0, 1, 0, False, False, False))
        await until(pilot, lambda: app.wanted[-1][0] > 0)


async def test_gap_is_told_in_words() -> None:
    app = ViewApp(4096, text)
    async with app.run_test(size=(80, 10)) as pilot:
        app.view.take(Window(0, bytes(4096), (Gap(0, 4096, "swapped out"),)), UNCHANGED * 4096)
        await pilot.pause()
        assert lines(app)[0] == "‹swapped out: 4096 bytes›"


@pytest.mark.parametrize("size", [(1, 1), (5, 2), (20, 5), (33, 3), (300, 80)])
async def test_any_size_of_terminal_is_drawn(size: tuple[int, int]) -> None:
    for view in (hexdump, text):
        app = ViewApp(4096, view)
        async with app.run_test(size=size) as pilot:
            app.give(bytes(range(256)) * 16, bytes(range(256)) * 16)
            await pilot.press("G", "pageup", "g", "pagedown")
            assert len(lines(app)) == size[1]
