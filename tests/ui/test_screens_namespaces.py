"""The namespaces screen, on real processes in IPC namespaces of their own."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence

import pytest

from shmtui.sysv import namespaces
from shmtui.sysv.namespaces import Namespace, other_namespaces
from shmtui.ui.screens.elsewhere import ElsewhereScreen
from shmtui.ui.screens.namespaces import NamespacesScreen
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.ui.hosts import until
from tests.ui.over import SIZES, Over, OverHost, body, sees

Elsewhere = Callable[[int], subprocess.Popen[bytes]]


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    """Starts a process in a namespace of its own that holds a segment of this size there."""
    if os.geteuid() != 0:
        pytest.skip("entering another IPC namespace needs root")
    children: list[subprocess.Popen[bytes]] = []

    def start(size: int) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", "tests.sysv.elsewhere", str(size), b"there".hex()]
        child = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=kernel.ROOT
        )
        children.append(child)
        assert child.stdout is not None
        assert child.stdout.readline().strip().isdigit()
        return child

    yield start
    for child in children:
        with child:
            child.kill()


def only(*children: subprocess.Popen[bytes]) -> Callable[[], Sequence[Namespace]]:
    """The namespaces of these alone: the machine may have others."""
    pids = {child.pid for child in children}
    return lambda: [it for it in other_namespaces() if pids & {*it.pids}]


def listed(pilot: Over) -> list[list[str]]:
    return [line.split() for line in body(pilot)[1:] if line.strip()]


async def test_a_namespace_stands_there_with_whose_it_is_and_what_lies_in_it(
    elsewhere: Elsewhere,
) -> None:
    child = elsewhere(3 << 20)
    async with OverHost(NamespacesScreen(only(child))).run_test(size=(80, 24)) as pilot:
        await sees(pilot, "1 other", "here ipc:", str(child.pid))
        (row,) = listed(pilot)
        inode = os.stat(f"/proc/{child.pid}/ns/ipc").st_ino
        assert row[:6] == [str(inode), str(child.pid), "1", "root", "1", "3.0M"]
        assert row[6]


async def test_enter_shows_its_segments_and_esc_comes_back(elsewhere: Elsewhere) -> None:
    child = elsewhere(3 << 20)
    async with OverHost(NamespacesScreen(only(child))).run_test(size=(80, 24)) as pilot:
        await sees(pilot, str(child.pid))
        await pilot.press("enter")
        screen = await sees(pilot, "1 segment", "0x00005eed", "3.0M", "in use")
        assert "NAMESPACE" not in screen
        await pilot.press("escape")
        await sees(pilot, "1 other")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, NamespacesScreen))


async def test_all_stand_in_one_list_with_ours_and_say_where(
    elsewhere: Elsewhere, make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    first, second = elsewhere(3 << 20), elsewhere(5 << 20)
    attached_child(make_segment(4096, key=0xCAFE), name="itsholder")
    screen = NamespacesScreen(only(first, second))
    async with OverHost(screen).run_test(size=(120, 24)) as pilot:
        await sees(pilot, "2 others")
        await pilot.press("a")
        await sees(pilot, "all namespaces", "3 segments", "(this one)", "0x0000cafe", "itsholder")
        assert "5.0M" in listed(pilot)[0]
        assert body(pilot)[0].split()[0] == "NAMESPACE"


async def test_one_that_ends_while_its_segments_are_shown_says_so(elsewhere: Elsewhere) -> None:
    child = elsewhere(3 << 20)
    (where,) = only(child)()
    screen = ElsewhereScreen(where)
    async with OverHost(screen).run_test(size=(80, 24)) as pilot:
        await sees(pilot, "0x00005eed")
        child.kill()
        child.wait()
        screen.look_now()
        await sees(pilot, "has ended", "0x00005eed")


async def test_one_that_ends_goes_from_the_list(elsewhere: Elsewhere) -> None:
    child, other = elsewhere(4096), elsewhere(8192)
    screen = NamespacesScreen(only(child, other))
    async with OverHost(screen).run_test(size=(80, 24)) as pilot:
        await sees(pilot, "2 others")
        child.kill()
        child.wait()
        screen.look_now()
        await sees(pilot, "1 other", "8.0K")


async def test_where_there_is_none_it_says_who_would_see_more() -> None:
    async with OverHost(NamespacesScreen(lambda: ())).run_test(size=(80, 24)) as pilot:
        await sees(pilot, "No other IPC namespace is seen", "CAP_SYS_PTRACE", "run as root")
        await pilot.press("enter", "j", "G")
        await sees(pilot, "There is no namespace to look into.")


@pytest.mark.parametrize("size", SIZES)
async def test_foreign_names_are_shown_as_they_are(
    elsewhere: Elsewhere, size: tuple[int, int]
) -> None:
    child = elsewhere(4096)
    (where,) = only(child)()
    screen = NamespacesScreen(lambda: [where._replace(name="[/b]\x1b[31m")])
    async with OverHost(screen).run_test(size=size) as pilot:
        await sees(pilot, r"[/b]\x1b[31m")
        await pilot.press("enter")
        await sees(pilot, "1 segment", "[/b")


async def test_the_footer_names_the_keys() -> None:
    async with OverHost(NamespacesScreen(lambda: ())).run_test(size=(80, 24)) as pilot:
        screen = await sees(pilot, "Segments")
        for words in ("⏎ Segments", "a All", "Esc Back", "? Help", "q Quit"):
            assert words in screen.split("\n")[-1]


async def test_without_the_privilege_it_says_why_not(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = elsewhere(4096)

    def refuse(descriptor: int) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    # Root alone can start what is looked into here, and root alone is not refused.
    monkeypatch.setattr(namespaces, "_setns", refuse)
    async with OverHost(NamespacesScreen(only(child))).run_test(size=(120, 24)) as pilot:
        await sees(pilot, "1 other", "takes CAP_SYS_ADMIN. Run as root.")
        assert listed(pilot)[0][4:6] == ["?", "?"]
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ElsewhereScreen))
        await sees(pilot, "takes CAP_SYS_ADMIN. Run as root.")
        await pilot.press("escape", "a")
        await sees(pilot, "all namespaces", "No segments there.", "CAP_SYS_ADMIN")
