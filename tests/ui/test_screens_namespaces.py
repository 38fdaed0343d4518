"""The namespaces screen, on real processes in IPC namespaces of their own."""

import errno
import os
import subprocess
import time
from collections.abc import Callable

import pytest
from textual.screen import Screen

from shmtui.sysv import namespaces
from shmtui.sysv.namespaces import Namespace, Others, other_namespaces
from shmtui.ui.screens.namespaces import NamespacesScreen
from tests.conftest import AttachedChild, Elsewhere, MakeSegment
from tests.ui.hosts import until
from tests.ui.over import SIZES, Over, OverHost, body, sees


class Entered:
    """Keeps what was asked to be looked into."""

    def __init__(self) -> None:
        self.all: list[tuple[int | None, int | None]] = []

    def __call__(self, where: Namespace | None, shmid: int | None) -> None:
        self.all.append((where.inode if where else None, shmid))


def only(*children: subprocess.Popen[bytes]) -> Callable[[], Others]:
    """The namespaces of these alone: the machine may have others."""
    pids = {child.pid for child in children}

    def others() -> Others:
        return Others(
            tuple(it for it in other_namespaces().namespaces if pids & {*it.pids}), hidden=0
        )

    return others


def over(
    *children: subprocess.Popen[bytes], entered: Entered | None = None, hidden: int = 0
) -> OverHost:
    """The screen, for which the machine has these namespaces alone."""
    seen = only(*children)
    return OverHost(NamespacesScreen(entered or Entered(), lambda: seen()._replace(hidden=hidden)))


def inode_of(child: subprocess.Popen[bytes]) -> int:
    return os.stat(f"/proc/{child.pid}/ns/ipc").st_ino


def listed(pilot: Over) -> list[list[str]]:
    return [line.split() for line in body(pilot)[1:] if line.strip()]


async def test_a_namespace_stands_there_with_whose_it_is_and_what_lies_in_it(
    elsewhere: Elsewhere,
) -> None:
    child = elsewhere(3 << 20)
    async with over(child).run_test(size=(80, 24)) as pilot:
        await sees(pilot, "1 other", "here ipc:", str(child.pid))
        (row,) = listed(pilot)
        assert row[:6] == [str(inode_of(child)), str(child.pid), "1", "root", "1", "3.0M"]
        assert row[6]


async def test_enter_looks_into_the_one_under_the_cursor(elsewhere: Elsewhere) -> None:
    child, entered = elsewhere(), Entered()
    async with over(child, entered=entered).run_test(size=(80, 24)) as pilot:
        await sees(pilot, str(child.pid))
        await pilot.press("enter")
        assert entered.all == [(inode_of(child), None)]
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, NamespacesScreen))


async def test_all_stand_in_one_list_with_ours_and_say_where(
    elsewhere: Elsewhere, make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    first, second = elsewhere(3 << 20), elsewhere(5 << 20)
    attached_child(make_segment(4096, key=0xCAFE), name="itsholder")
    async with over(first, second).run_test(size=(120, 24)) as pilot:
        await sees(pilot, "2 others")
        await pilot.press("a")
        await sees(pilot, "all namespaces", "3 segments", "(this one)", "0x0000cafe", "itsholder")
        assert "5.0M" in listed(pilot)[0]
        assert body(pilot)[0].split()[0] == "NAMESPACE"


async def test_enter_on_one_of_all_reads_it_where_it_is(
    elsewhere: Elsewhere, make_segment: MakeSegment
) -> None:
    child, entered, ours = elsewhere(3 << 20), Entered(), make_segment(4096)
    async with over(child, entered=entered).run_test(size=(120, 24)) as pilot:
        await pilot.press("a")
        await sees(pilot, "2 segments", "3.0M", "(this one)")
        await pilot.press("enter", "j", "enter")
        assert entered.all == [(inode_of(child), 0), (None, ours)]


async def test_one_that_ends_goes_from_both_lists(elsewhere: Elsewhere) -> None:
    child, other = elsewhere(4096), elsewhere(8192)
    async with over(child, other).run_test(size=(80, 24)) as pilot:
        await sees(pilot, "2 others")
        await pilot.press("a")
        await sees(pilot, "2 segments")
        child.kill()
        child.wait()
        await sees(pilot, "1 segment ·", "8.0K")
        await pilot.press("escape")
        await sees(pilot, "1 other ·", "8.0K")


async def test_nobody_looks_into_them_while_another_screen_is_on_view() -> None:
    looks: list[float] = []

    def others() -> Others:
        looks.append(time.monotonic())
        return Others((), 0)

    screen = NamespacesScreen(Entered(), others)
    screen.every_s = 0.02
    async with OverHost(screen).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(looks) > 2)
        await pilot.app.push_screen(Screen[None]())
        await until(pilot, lambda: not screen.is_active)
        await pilot.pause(0.1)
        before = len(looks)
        await pilot.pause(0.3)
        assert len(looks) == before
        await pilot.app.pop_screen()
        await until(pilot, lambda: len(looks) > before)


async def test_where_there_is_none_it_says_so() -> None:
    async with over().run_test(size=(80, 24)) as pilot:
        await sees(pilot, "No other IPC namespace is seen.")
        await pilot.press("enter", "j", "G")
        await sees(pilot, "There is no namespace to look into.")


async def test_who_may_not_tell_of_some_reads_why_there_may_be_more(elsewhere: Elsewhere) -> None:
    why = "The namespace of 3 processes cannot be told: that takes CAP_SYS_PTRACE."
    async with over(hidden=3).run_test(size=(80, 24)) as pilot:
        await sees(pilot, f"No other IPC namespace is seen. {why}")
        await pilot.press("a")
        await sees(pilot, "all namespaces", "No segments in any of them.", why)
    child = elsewhere()
    async with over(child, hidden=3).run_test(size=(80, 24)) as pilot:
        await sees(pilot, "1 other", "of 3 processes not told", why)


@pytest.mark.parametrize("size", SIZES)
async def test_foreign_names_are_shown_as_they_are(
    elsewhere: Elsewhere, size: tuple[int, int]
) -> None:
    child = elsewhere(4096)
    (where,) = only(child)().namespaces
    others = Others((where._replace(name="[/b]\x1b[31m"),), 0)
    async with OverHost(NamespacesScreen(Entered(), lambda: others)).run_test(size=size) as pilot:
        await sees(pilot, r"[/b]\x1b[31m")
        await pilot.press("a")
        await sees(pilot, "all namespaces", "[/b")


async def test_the_footer_names_the_keys() -> None:
    async with over().run_test(size=(80, 24)) as pilot:
        screen = await sees(pilot, "Segments")
        for words in ("⏎ Segments", "a All", "Esc Back", "? Help", "q Quit"):
            assert words in screen.split("\n")[-1]


async def test_without_the_privilege_it_says_why_not(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    child, entered = elsewhere(4096), Entered()

    def refuse(descriptor: int) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    # Root alone can start what is looked into here, and root alone is not refused.
    monkeypatch.setattr(namespaces, "enter", refuse)
    async with over(child, entered=entered).run_test(size=(120, 24)) as pilot:
        await sees(pilot, "1 other", "takes CAP_SYS_ADMIN. Run as root.")
        assert listed(pilot)[0][4:6] == ["?", "?"]
        await pilot.press("enter")
        await pilot.pause()
        assert entered.all == []
        await pilot.press("a")
        await sees(pilot, "all namespaces", "No segments in any of them.", "CAP_SYS_ADMIN")
