"""Watches in the pane, in the whole application over real segments."""

import pytest

from shmtui.store.settings import Settings
from shmtui.store.watches import load_watches, save_watches
from shmtui.sysv.peek import can_peek
from shmtui.ui.app import ShmtuiApp
from shmtui.ui.options import ScreenOptions
from tests import kernel
from tests.ui.living import LIVED_KEY, answer, reading, sees

pytestmark = [
    pytest.mark.skipif(not can_peek(), reason="only root reads without an attach"),
    pytest.mark.usefixtures("no_other_segments"),
]


async def test_a_watch_is_shown_kept_for_its_key_and_removed(lived: int) -> None:
    kernel.fill(lived, (42).to_bytes(4, "little"), 0x40)
    async with reading(lived) as (_, pilot):
        await answer(pilot, "m", "0x40 u32le count")
        await sees(pilot, "NAME", "count", "42")
        kernel.fill(lived, (43).to_bytes(4, "little"), 0x40)
        await sees(pilot, "43")
    assert load_watches(LIVED_KEY) == ("0x40:u32le:count",)
    async with reading(lived) as (_, pilot):
        await sees(pilot, "count", "43")
        await answer(pilot, "m", "-count")
        await sees(pilot, "count is not watched any more")
    assert load_watches(LIVED_KEY) == ()


async def test_watches_come_back_where_the_pane_followed_first(lived: int) -> None:
    save_watches(LIVED_KEY, ("0x40:u32le:count",))
    app = ShmtuiApp(ScreenOptions(interval_s=0.2), Settings())
    async with app.run_test(size=(120, 40)) as pilot:
        await sees(pilot, f"{LIVED_KEY:#010x}")
        await pilot.press("2")
        await sees(pilot, "peek (0 attaches)")
        assert app.main.attention.following
        await pilot.press("enter")
        await sees(pilot, "count", "SPARK")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("rubbish", "OFFSET:TYPE:NAME"),
        ("0xffffe u32le x", "no u32le (4 bytes) at 0xffffe"),
        ("0x200000 u8 x", "no u8"),
        ("-nobody", "no watch is called 'nobody'; there are: none"),
        ("0 u33 x", "u33"),
    ],
)
async def test_a_watch_that_does_not_parse_says_so(lived: int, text: str, sentence: str) -> None:
    async with reading(lived, size=(80, 24)) as (app, pilot):
        await answer(pilot, "m", text)
        await sees(pilot, sentence)
        assert app.main.prompt.asking == "watch"
