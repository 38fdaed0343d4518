"""The last line of the screen."""

import pytest

from shmtui.ui.key_bar import KeyBar
from shmtui.ui.options import ScreenOptions
from tests.ui.hosts import shown, until
from tests.ui.test_app import opened


def last_line(text: str) -> str:
    return text.splitlines()[-1]


async def test_the_keys_are_those_of_the_part_that_has_the_focus() -> None:
    async with opened() as (scene, pilot):
        assert last_line(shown(scene)).startswith(
            " ⏎ Read  h Holders  d Remove  w Write  / Filter  s Sort  ? Help  q"
        )
        assert last_line(shown(scene)).endswith("^p")
        await pilot.press("enter")
        await until(pilot, lambda: "Zoom" in last_line(shown(scene)))


@pytest.mark.parametrize("width", [34, 50])
async def test_help_and_quit_stay_in_a_narrow_terminal(width: int) -> None:
    async with opened(size=(width, 20)) as (scene, _):
        line = last_line(shown(scene))
        assert "? Help" in line
        assert "q Quit" in line
        assert len(line) <= width


async def test_a_click_presses_the_key() -> None:
    async with opened() as (scene, pilot):
        at = last_line(shown(scene)).index("Sort")
        await pilot.click("#key-bar", offset=(at, 0))
        await until(pilot, lambda: "Sort by" in shown(scene))


async def test_what_read_only_refuses_is_struck_out() -> None:
    async with opened(options=ScreenOptions(read_only=True)) as (scene, _):
        strip = scene.query_one(KeyBar).render_line(0)
        struck = "".join(cell.text for cell in strip if cell.style and cell.style.strike)
        assert struck == " d Remove  w Write "
