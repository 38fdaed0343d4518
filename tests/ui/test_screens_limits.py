"""The limits screen, on the limits of the tests' own namespace and real segments in it."""

import sys

import pytest

from shmtui.monitor.snapshot import Poller, Snapshot
from shmtui.sysv.errors import ShmError
from shmtui.ui.screens.limits import LimitsScreen
from tests.conftest import MakeSegment
from tests.terminal import Terminal
from tests.ui.hosts import shown, until
from tests.ui.over import SIZES, OverHost, body, read, read_all, sees


def host() -> OverHost:
    return OverHost(LimitsScreen(Poller().poll))


async def test_limits_and_what_is_used_of_them_stand_there(make_segment: MakeSegment) -> None:
    make_segment(8192)
    make_segment(4096)
    async with host().run_test(size=(80, 24)) as pilot:
        screen = await sees(pilot, "shmmni", "shmall", "shmmax", "nearest")
        shmmni = next(line for line in screen.split("\n") if line.startswith(" shmmni"))
        assert shmmni.split()[1] == "2"
        assert "ipc:" in screen.split("\n")[0]


@pytest.mark.parametrize("size", SIZES)
async def test_everything_can_be_read_on_every_terminal(size: tuple[int, int]) -> None:
    async with host().run_test(size=size) as pilot:
        await sees(pilot, "shmmni")
        seen = read(await read_all(pilot))
        for words in ("shm_rmid_forced", "hugetlb_shm_group", "Where did the memory go", "semmni",
                      "msgmni", "Huge pages", "EEXIST", "EACCES", "System V"):  # fmt: skip
            assert words in seen


async def test_what_is_left_of_a_cause_stands_below_its_words() -> None:
    async with host().run_test(size=(60, 24)) as pilot:
        await sees(pilot, "shmmni")
        lines = (await read_all(pilot)).split("\n")
        first = next(at for at, line in enumerate(lines) if line.startswith(" EINVAL size 0"))
        assert lines[first + 1].startswith(" " * len(" EINVAL ") + "pages of a size")


async def test_a_size_that_is_typed_in_is_told_to_fail_and_why() -> None:
    async with host().run_test(size=(80, 24)) as pilot:
        await sees(pilot, "s asks whether", "shmmni")
        await pilot.press("G", "s", *"0", "enter")
        words = "a shmget of 0 bytes now would fail with EINVAL because"
        await sees(pilot, words, "at least one byte")
        assert "s asks" not in shown(pilot.app)
        await pilot.press("s", "ctrl+u", *"4K", "enter")
        await sees(pilot, "nothing speaks against a shmget of 4.0K now")


async def test_the_size_can_be_taken_back() -> None:
    async with host().run_test(size=(80, 24)) as pilot:
        await sees(pilot, "shmmni")
        await pilot.press("s", *"0", "enter")
        await sees(pilot, "EINVAL because")
        await pilot.press("s", "ctrl+u", "enter")
        await sees(pilot, "s asks whether")


async def test_what_is_no_size_is_said_beside_it_and_asks_on() -> None:
    async with host().run_test(size=(80, 24)) as pilot:
        await sees(pilot, "shmmni")
        await pilot.press("s", *"2 GB", "enter")
        await sees(pilot, "2 GB", "size: a number of bytes like 4096, or 64K, 1M, 2G")
        await pilot.press("escape")
        await sees(pilot, "s asks whether")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, LimitsScreen))


def test_a_size_that_the_terminal_sends_in_one_piece_with_its_key_is_asked_about() -> None:
    with Terminal([sys.executable, "-m", "shmtui"]) as terminal:
        terminal.wait_for("segs")
        terminal.send("L")
        terminal.wait_for("shmmni")
        terminal.send("s2G\r")
        terminal.wait_for("shmget of 2.0G now")


async def test_a_failed_look_says_why_and_the_next_one_helps() -> None:
    poller, failing = Poller(), ["/proc/sysvipc/shm: [b]Permission denied[/b]"]

    def poll() -> Snapshot:
        if failing:
            raise ShmError(failing[0])
        return poller.poll()

    screen = LimitsScreen(poll)
    async with OverHost(screen).run_test(size=(80, 24)) as pilot:
        await sees(pilot, "[b]Permission denied[/b]")
        assert any("Permission" in line for line in body(pilot))
        failing.clear()
        screen.look_now()
        await sees(pilot, "shmmni")
        assert "Permission" not in shown(pilot.app)


async def test_before_the_first_poll_it_says_so() -> None:
    async with OverHost(LimitsScreen(lambda: None)).run_test(size=(80, 24)) as pilot:
        await sees(pilot, "The table of segments was not read yet.")


async def test_leaving_during_a_look_does_no_harm() -> None:
    async with host().run_test(size=(80, 24)) as pilot:
        await pilot.press("escape")
        assert not isinstance(pilot.app.screen, LimitsScreen)
        await pilot.pause(0.2)


async def test_the_footer_names_the_keys() -> None:
    async with host().run_test(size=(80, 24)) as pilot:
        screen = await sees(pilot, "Size")
        for words in ("s Size", "Esc Back", "? Help", "q Quit"):
            assert words in screen.split("\n")[-1]
