"""The help screen: everything in it can be read, on any terminal, and any leaving key leaves."""

import pytest
from textual.containers import VerticalScroll

from shmtui.ui.commands import COMMANDS, CONTEXT_TITLES
from shmtui.ui.screens.help import KEYS_WIDTH, HelpScreen
from tests.ui.hosts import Host, shown, until


@pytest.mark.parametrize("key", ["escape", "q", "?", "f1", "enter", "ctrl+c"])
async def test_every_leaving_key_leaves(key: str) -> None:
    host = Host(HelpScreen())
    async with host.run_test() as pilot:
        await pilot.press(key)
        assert host.answers == [None]


async def test_the_help_fits_80_by_24_and_scrolls_to_its_end() -> None:
    host = Host(HelpScreen())
    seen = ""
    async with host.run_test(size=(80, 24)) as pilot:
        frame = host.screen.query_one("#help", VerticalScroll)
        seen += shown(host)
        while not frame.is_vertical_scroll_end:
            await pilot.press("space")
            await pilot.pause()
            seen += shown(host)
    words = {line.strip("│ ▁▂▃▄▅▆▇█\n") for line in seen.split("\n")}
    for command in COMMANDS:
        assert any(line.startswith(command.keys_words) and command.help in line for line in words)
    assert set(CONTEXT_TITLES.values()) <= words
    assert "The observer does not disturb" in seen


async def test_a_key_that_comes_before_the_help_is_drawn_does_no_harm() -> None:
    host = Host(HelpScreen())
    async with host.run_test() as pilot:
        host.push_screen(HelpScreen())
        await host._check_bindings("space")
        await pilot.press("escape")
        assert host.answers == []


@pytest.mark.parametrize("key", ["j", "down", "pagedown", "space", "G", "end"])
async def test_the_usual_keys_scroll_down_and_g_goes_back(key: str) -> None:
    host = Host(HelpScreen())
    async with host.run_test(size=(80, 24)) as pilot:
        frame = host.screen.query_one("#help", VerticalScroll)
        await pilot.press(key)
        await until(pilot, lambda: frame.scroll_y > 0)
        await pilot.press("g")
        await until(pilot, lambda: frame.scroll_y == 0)


async def test_a_tiny_terminal_shows_a_part_and_scrolls() -> None:
    host = Host(HelpScreen())
    async with host.run_test(size=(20, 5)) as pilot:
        await pilot.press("G")
        await until(pilot, lambda: "asks" in shown(host))


def test_the_longest_keys_fit_their_column() -> None:
    assert max(len(command.keys_words) for command in COMMANDS) <= KEYS_WIDTH
