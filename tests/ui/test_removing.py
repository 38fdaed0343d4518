"""Removing from the list, with real segments: the key, the dialog, what is said, what stays."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from shmtui.store.settings import Settings
from shmtui.ui.app import ShmtuiApp
from shmtui.ui.dialogs.remove import RemoveDialog
from shmtui.ui.options import ScreenOptions
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.ui.hosts import shown, until


@asynccontextmanager
async def opened(read_only: bool = False) -> AsyncIterator[tuple[ShmtuiApp, Pilot[int]]]:
    app = ShmtuiApp(ScreenOptions(interval_s=0.2, read_only=read_only), Settings(), ("ops", "db1"))
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: bool(app.main.list_part.model.shown))
        yield app, pilot


def there(shmid: int) -> bool:
    return shmid in kernel.shmids()


async def dialog(app: ShmtuiApp, pilot: Pilot[int]) -> None:
    await until(pilot, lambda: isinstance(app.screen, RemoveDialog) and "Remove" in shown(app))


async def test_tagged_segments_go_and_a_held_one_stays_tagged(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    free, held = make_segment(size=8192), make_segment(size=4096)
    attached_child(held)
    async with opened() as (app, pilot):
        await pilot.press("*", "d")
        await dialog(app, pilot)
        await until(pilot, lambda: "type its id" in shown(app))
        await pilot.press("tab", "enter")
        await until(pilot, lambda: not there(free))
        await until(pilot, lambda: "1 segment removed" in shown(app))
        assert there(held)
        assert [identity.shmid for identity in app.main.list_part.model.tags] == [held]


async def test_a_held_one_goes_when_its_id_is_typed(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    held = make_segment()
    child = attached_child(held)
    async with opened() as (app, pilot):
        await pilot.press("d")
        await dialog(app, pilot)
        await until(pilot, lambda: "type its id" in shown(app))
        await pilot.press("shift+tab", *str(held), "tab", "tab", "enter")
        await until(pilot, lambda: "doomed" in shown(app))
    assert child.poll() is None


async def test_esc_removes_nothing(make_segment: MakeSegment) -> None:
    shmid = make_segment()
    async with opened() as (app, pilot):
        await pilot.press("d")
        await dialog(app, pilot)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.main)
        assert there(shmid)


async def test_read_only_says_why_it_does_not(make_segment: MakeSegment) -> None:
    make_segment()
    async with opened(read_only=True) as (app, pilot):
        for key in ("d", "M"):
            await pilot.press(key)
            await until(pilot, lambda: "--read-only" in shown(app))
            assert app.screen is app.main


async def test_permissions_are_set_from_the_list(make_segment: MakeSegment) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root gives a segment away")
    shmid = make_segment(mode=0o600)
    async with opened() as (app, pilot):
        await pilot.press("M")
        await until(pilot, lambda: "has these permissions already" in shown(app))
        await pilot.press(*"0640")
        await until(pilot, lambda: "become mode 0640" in shown(app))
        assert "the group may read it from now on" in shown(app)
        await pilot.press("enter")
        await until(pilot, lambda: "now mode 0640, owner root" in shown(app))
        assert kernel.row(shmid).split()[2] == "640"
        await until(pilot, lambda: "rw-r-----" in shown(app))
        await pilot.press("M")
        await until(pilot, lambda: "has these permissions already" in shown(app))
        await pilot.press("tab", *"nobody")
        await until(pilot, lambda: "nobody may then remove it" in shown(app))
        await pilot.press("enter")
        await until(pilot, lambda: "now mode 0640, owner nobody" in shown(app))
