"""The main screen on another IPC namespace, in the whole application, with real processes."""

import gc
import os
import subprocess
import threading
import weakref
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

import pytest
import sysv_ipc

from shmtui.monitor.pieces import pieces
from shmtui.store.settings import Settings
from shmtui.sysv.listing import own_namespace
from shmtui.sysv.segment import Identity
from shmtui.sysv.window import Consent
from shmtui.ui.app import ShmtuiApp
from shmtui.ui.jobs import Job
from shmtui.ui.options import ScreenOptions
from shmtui.ui.screens.elsewhere import ElsewhereScreen
from shmtui.ui.screens.namespaces import NamespacesScreen
from shmtui.ui.table_view import TableView
from tests.conftest import Elsewhere, MakeSegment
from tests.ui.hosts import shown, until
from tests.ui.living import Living, answer, sees


@asynccontextmanager
async def looking_into(
    child: subprocess.Popen[bytes], size: tuple[int, int] = (120, 30)
) -> AsyncIterator[tuple[ElsewhereScreen, Living]]:
    """The namespace of this process is on view, chosen by its keys."""
    app = ShmtuiApp(ScreenOptions(interval_s=0.2), Settings(), ("ops", "db1"))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.main.snapshot is not None)
        await pilot.press("@")
        await sees(pilot, " other")
        inode = os.stat(f"/proc/{child.pid}/ns/ipc").st_ino
        await to_row(pilot, lambda value: value == inode)
        await pilot.press("enter")
        await sees(pilot, "0x00005eed")
        screen = app.screen
        assert isinstance(screen, ElsewhereScreen)
        yield screen, pilot


async def to_row(pilot: Living, wanted: Callable[[object], bool]) -> None:
    """Puts the cursor on the first row whose value it is; the machine may have many others."""
    table = pilot.app.screen.query_one(TableView)
    last = object()
    while not wanted(table.value):
        assert table.value != last, f"no such row; the screen:\n{shown(pilot.app)}"
        last = table.value
        await pilot.press("down")


def kept() -> set[int]:
    """The IPC namespaces that our threads are in or our descriptors lead to."""
    found = set()
    for path in [*Path("/proc/self/task").glob("*/ns/ipc"), *Path("/proc/self/fd").iterdir()]:
        try:
            found.add(path.stat().st_ino)
        except FileNotFoundError:  # a thread or a descriptor that has gone meanwhile
            continue
    return found


async def test_its_segments_are_listed_as_ours_are_and_the_header_says_where(
    elsewhere: Elsewhere,
) -> None:
    child = elsewhere(3 << 20)
    inode = os.stat(f"/proc/{child.pid}/ns/ipc").st_ino
    async with looking_into(child, (140, 40)) as (screen, pilot):
        text = await sees(pilot, " 3.0M ", "in use", f"ipc:{inode}", "1 of 1")
        assert f"in {screen.place}" in text
        await pilot.press("/", *"size<1m", "enter")
        await sees(pilot, "0 of 1", 'match "size<1m"')
        await pilot.press("escape", "t")
        await sees(pilot, "by owner")


async def test_its_content_is_read_without_a_trace(elsewhere: Elsewhere) -> None:
    child = elsewhere(3 << 20, b"from afar")
    async with looking_into(child) as (screen, pilot):
        before = screen.list_part.model.row(screen.list_part.model.shown[0]).facts.segment
        await pilot.press("enter")
        await sees(pilot, "from afar", "peek (0 attaches)")
        await pilot.press("2")
        await sees(pilot, "66 72 6f 6d")
        await answer(pilot, "/", "text:afar")
        await sees(pilot, "0x5 ")
        number = screen.snapshot.number if screen.snapshot else 0
        await until(pilot, lambda: screen.snapshot is not None and screen.snapshot.number > number)
        assert screen.list_part.model.row(before.identity).facts.segment == before


async def test_its_content_is_dumped(elsewhere: Elsewhere, tmp_path: Path) -> None:
    child, path = elsewhere(8192, b"from afar"), tmp_path / "there.bin"
    async with looking_into(child) as (_, pilot):
        await pilot.press("enter")
        await sees(pilot, "from afar")
        await answer(pilot, "s", str(path))
        await until(pilot, path.exists)
        await sees(pilot, "8.0K")
    page = b"from afar".ljust(4096, b"\0")
    assert path.read_bytes() == page + page


async def test_its_holders_are_told(elsewhere: Elsewhere) -> None:
    child = elsewhere()
    async with looking_into(child) as (_, pilot):
        await pilot.press("h")
        await sees(pilot, "1 attach, 1 process", f" {child.pid} root", "tests.elsewhere")


@pytest.mark.parametrize(
    ("key", "what"), [("d", "remove a segment"), ("w", "start a writer"), ("M", "set permissions")]
)
async def test_nothing_is_changed_there_and_the_way_to_it_is_named(
    elsewhere: Elsewhere, key: str, what: str
) -> None:
    child = elsewhere()
    async with looking_into(child) as (_, pilot):
        await pilot.press(key)
        words = f"shmtui will not {what} in another namespace: nsenter -t {child.pid} -i shmtui"
        await sees(pilot, words)


async def test_esc_goes_back_step_by_step_and_at_goes_back_at_once(elsewhere: Elsewhere) -> None:
    async with looking_into(elsewhere()) as (_, pilot):
        await pilot.press("enter")
        await sees(pilot, "[1Text]")
        await pilot.press("escape", "escape")
        assert isinstance(pilot.app.screen, ElsewhereScreen)
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, NamespacesScreen)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ElsewhereScreen))
        await pilot.press("@")
        assert isinstance(pilot.app.screen, NamespacesScreen)
        await pilot.press("escape")
        assert pilot.app.screen is pilot.app.get_default_screen()


async def test_when_it_ends_its_last_picture_stays_and_its_memory_goes(
    elsewhere: Elsewhere,
) -> None:
    child = elsewhere(64 << 20)
    async with looking_into(child) as (screen, pilot):
        await pilot.press("enter")
        await sees(pilot, "elsewhere", "peek (0 attaches)")
        inode = inode_of(screen)
        full = shared_bytes()
        child.kill()
        child.wait()
        await sees(pilot, "has ended", "STALE", "Gone at")
        await until(pilot, lambda: shared_bytes() < full - (32 << 20))
        assert inode not in kept()


async def test_stopped_in_the_midst_of_a_job_nothing_keeps_it_and_the_job_goes_on_later(
    elsewhere: Elsewhere,
) -> None:
    async with looking_into(elsewhere(64 << 20)) as (screen, pilot):
        inode, (identity,) = inode_of(screen), screen.list_part.model.shown
        seen: list[object] = []

        def steps() -> Generator[object, None, None]:
            with closing(screen.feeds.source(identity, Consent.TRACELESS)) as source:
                while True:
                    yield from pieces(source, 0, 64 << 20)

        screen.start_job(Job("Dump", steps, seen.append, lambda _: None))
        await until(pilot, lambda: len(seen) > 1)
        pilot.app.app_suspend_signal.publish(pilot.app)
        assert not [it for it in open_files() if it.startswith("/SYSV")]
        await until(pilot, lambda: inode not in kept())
        before = len(seen)
        pilot.app.app_resume_signal.publish(pilot.app)
        await until(pilot, lambda: len(seen) > before + 1000)


def open_files() -> list[str]:
    """What our descriptors lead to."""
    found = []
    for path in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # it was closed meanwhile
            found.append(os.readlink(path))
    return found


async def test_a_segment_of_ours_is_read_on_our_own_screen(
    elsewhere: Elsewhere, make_segment: MakeSegment
) -> None:
    elsewhere()
    ours = make_segment(64 << 10, key=0xCAFE)
    app = ShmtuiApp(ScreenOptions(interval_s=0.2), Settings())
    async with app.run_test(size=(120, 30)) as pilot:
        await until(pilot, lambda: app.main.snapshot is not None)
        await pilot.press("@")
        await sees(pilot, " other")
        await pilot.press("a")
        await sees(pilot, "0x0000cafe")
        here = own_namespace()
        await to_row(
            pilot, lambda it: isinstance(it, Identity) and (it.namespace, it.shmid) == (here, ours)
        )
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.main)
        await sees(pilot, f"0x0000cafe id {ours} pin")


def shared_bytes() -> int:
    """All shared memory of the machine (proc_meminfo(5), Shmem)."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Shmem:"))


async def test_nothing_goes_on_there_once_it_is_left(elsewhere: Elsewhere) -> None:
    async with looking_into(elsewhere()) as (_, pilot):
        await pilot.press("enter")
        await sees(pilot, "peek (0 attaches)")
        assert polls() == 2
        await pilot.press("@")
        await until(pilot, lambda: polls() == 1)


async def test_one_that_was_left_keeps_no_memory_when_the_next_is_on_view(
    elsewhere: Elsewhere,
) -> None:
    async with looking_into(elsewhere()) as (_, pilot):
        seen: list[weakref.ref[object]] = []
        for _ in range(2):
            await pilot.press("@", "enter")
            await until(pilot, lambda: isinstance(pilot.app.screen, ElsewhereScreen))
            await sees(pilot, "0x00005eed")
            seen.append(weakref.ref(pilot.app.screen))
        await until(pilot, lambda: gc.collect() >= 0 and seen[0]() is None)


def polls() -> int:
    """Threads that poll, in this process."""
    return sum(thread.name == "polls" for thread in threading.enumerate())


async def test_its_own_limits_are_told_and_not_ours(elsewhere: Elsewhere) -> None:
    ours = sysv_ipc.Semaphore(None, sysv_ipc.IPC_CREX)
    try:
        async with looking_into(elsewhere(), (140, 40)) as (screen, pilot):
            await pilot.press("L")
            text = await sees(pilot, "shmmni", "semmni", f"ipc:{inode_of(screen)}")
            lines = [line.split() for line in text.split("\n")]
            used = {words[0]: words[1] for words in lines if len(words) > 1}
            assert (used["shmmni"], used["semmni"]) == ("1", "0")
    finally:
        ours.remove()


def inode_of(screen: ElsewhereScreen) -> int:
    """Inode of the namespace that it shows."""
    assert screen.snapshot is not None
    return screen.snapshot.namespace
