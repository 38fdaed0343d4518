"""The Writers screen, on real writers: real children in the private namespace of the tests."""

import os
import signal
from collections.abc import AsyncIterator
from typing import ClassVar

import pytest
from textual.app import App
from textual.binding import BindingType
from textual.pilot import Pilot

from shmtui.ui.commands import bindings
from shmtui.ui.screens.writers import EMPTY, WritersScreen
from shmtui.writer.fleet import Fleet
from shmtui.writer.spec import WriterSpec
from tests.ui.hosts import shown, until

SPEC = WriterSpec(key=None, interval_s=0.05, remove=True)


class Host(App[None]):
    """Opens the screen as the program does: with the keys that act everywhere."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings("any"))

    def __init__(self, fleet: Fleet) -> None:
        super().__init__()
        self.fleet = fleet

    def on_mount(self) -> None:
        self.push_screen(WritersScreen(self.fleet))


@pytest.fixture
async def fleet() -> AsyncIterator[Fleet]:
    fleet = Fleet()
    yield fleet
    await fleet.stop_all()
    await fleet.close()


def rows(pilot: Pilot[None]) -> list[str]:
    """The lines of writers: each begins with a pid."""
    lines = [line.strip() for line in shown(pilot.app).split("\n")]
    return [line for line in lines if line[:1].isdigit()]


async def test_without_writers_it_says_how_to_start_one(fleet: Fleet) -> None:
    async with Host(fleet).run_test(size=(80, 24)) as pilot:
        assert EMPTY in shown(pilot.app)
        await pilot.press("x", "X")
        assert EMPTY in shown(pilot.app)


async def test_keys_that_come_before_the_screen_is_drawn_do_no_harm(fleet: Fleet) -> None:
    await fleet.start(SPEC)
    async with Host(fleet).run_test(size=(80, 24)) as pilot:
        await pilot.press("escape")
        pilot.app.push_screen(WritersScreen(fleet))
        await pilot.app._check_bindings("x")
        await until(pilot, lambda: len(rows(pilot)) == 1)
        assert len(fleet.running) == 1


async def test_a_writer_stands_there_with_its_segment_and_pattern(fleet: Fleet) -> None:
    writer = await fleet.start(SPEC)
    async with Host(fleet).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(rows(pilot)) == 1)
        pid, shmid, key, pattern, every, unit, state, *_ = rows(pilot)[0].split()
        assert (pid, shmid, key) == (str(writer.pid), str(writer.shmid), "private")
        assert (pattern, every, unit, state) == ("counter", "0.05", "s", "running")


async def test_a_writer_that_starts_later_appears(fleet: Fleet) -> None:
    async with Host(fleet).run_test(size=(80, 24)) as pilot:
        await fleet.start(SPEC)
        await until(pilot, lambda: len(rows(pilot)) == 1)
        assert EMPTY not in shown(pilot.app)


async def test_x_stops_the_writer_under_the_cursor_alone(fleet: Fleet) -> None:
    first, second = await fleet.start(SPEC), await fleet.start(SPEC)
    async with Host(fleet).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(rows(pilot)) == 2)
        await pilot.press("j", "x")
        await until(pilot, lambda: "stopped" in rows(pilot)[1])
        assert [writer.number for writer in fleet.running] == [first.number]
        assert f"writer {second.pid} stopped" in shown(pilot.app)


async def test_capital_x_stops_all(fleet: Fleet) -> None:
    await fleet.start(SPEC)
    await fleet.start(SPEC)
    async with Host(fleet).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(rows(pilot)) == 2)
        await pilot.press("X")
        await until(pilot, lambda: all("stopped" in row for row in rows(pilot)))
        assert fleet.running == []


@pytest.mark.parametrize("columns", [80, 50])
async def test_a_writer_that_was_killed_says_by_what(fleet: Fleet, columns: int) -> None:
    writer = await fleet.start(SPEC)
    async with Host(fleet).run_test(size=(columns, 24)) as pilot:
        await until(pilot, lambda: len(rows(pilot)) == 1)
        os.kill(writer.pid, signal.SIGKILL)
        await until(pilot, lambda: "failed" in rows(pilot)[0])
        assert "killed by SIGKILL" in shown(pilot.app)


async def test_the_cursor_stays_on_its_writer_when_others_come(fleet: Fleet) -> None:
    first, second = await fleet.start(SPEC), await fleet.start(SPEC)
    async with Host(fleet).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(rows(pilot)) == 2)
        await pilot.press("j")
        await fleet.start(SPEC)
        await until(pilot, lambda: len(rows(pilot)) == 3)
        await pilot.press("x")
        await until(pilot, lambda: second.number not in [one.number for one in fleet.running])
        assert first.number in [one.number for one in fleet.running]


async def test_leaving_at_once_does_not_give_up_the_stop(fleet: Fleet) -> None:
    writer = await fleet.start(SPEC)
    # Stopped like this it hears neither its lifeline nor SIGTERM: only the last step ends it.
    os.kill(writer.pid, signal.SIGSTOP)
    async with Host(fleet).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(rows(pilot)) == 1)
        await pilot.press("x", "escape")
        assert not isinstance(pilot.app.screen, WritersScreen)
        await until(pilot, lambda: fleet.running == [])


@pytest.mark.parametrize("size", [(50, 12), (20, 5)])
async def test_a_small_terminal_shows_the_writer_all_the_same(
    fleet: Fleet, size: tuple[int, int]
) -> None:
    writer = await fleet.start(SPEC)
    async with Host(fleet).run_test(size=size) as pilot:
        await until(pilot, lambda: str(writer.pid) in shown(pilot.app))
        assert rows(pilot)[0].endswith("running")


async def test_the_footer_names_the_keys(fleet: Fleet) -> None:
    async with Host(fleet).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Stop all" in shown(pilot.app))
        footer = shown(pilot.app).split("\n")[-1]
        for words in ("Esc Back", "x Stop", "X Stop all", "? Help", "q Quit"):
            assert words in footer
