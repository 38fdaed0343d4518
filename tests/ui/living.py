"""The whole application over a real segment: its threads run, its jobs read."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot

from shmtui.store.settings import Settings
from shmtui.ui.app import ShmtuiApp
from shmtui.ui.options import ScreenOptions
from shmtui.ui.typed_line import TypedLine
from tests.ui.hosts import shown, until

Living = Pilot[Any]

LIVED_KEY = 0x5EA1
LIVED_BYTES = 1 << 20
"""Of the segment that is read."""


@asynccontextmanager
async def reading(
    shmid: int, view: str = "2", size: tuple[int, int] = (120, 40), read_only: bool = False
) -> AsyncIterator[tuple[ShmtuiApp, Living]]:
    """The pane is open on this segment, pinned, and what it shows was read."""
    options = ScreenOptions(interval_s=0.2, shmid=shmid, read_only=read_only)
    app = ShmtuiApp(options, Settings())
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.main.has_class("focus-pane"))
        await until(pilot, lambda: app.main.pane.part.last_read is not None)
        await pilot.press(view)
        await until(pilot, lambda: is_read(app))
        yield app, pilot


def is_read(app: ShmtuiApp) -> bool:
    """The last reading was of all that the view wants now."""
    part = app.main.pane.part
    offset, length = part.window.wanted
    request = part.last_read.request if part.last_read else None
    return not length or (
        request is not None and (request.offset, request.length) == (offset, length)
    )


async def answer(pilot: Living, key: str, text: str) -> None:
    """Press a key that asks, replace what stands there as a paste would, and press Enter."""
    await pilot.press(key, "ctrl+u")
    pilot.app.screen.query_one(TypedLine).insert_text_at_cursor(text)
    await pilot.press("enter")


async def sees(pilot: Living, *words: str) -> str:
    """Wait until all these words are on the screen; returns it."""
    await until(pilot, lambda: all(one in shown(pilot.app) for one in words))
    return shown(pilot.app)
