"""What tests of the screen share: keys that take no longer than they must, segments to look at."""

import asyncio
import time
from collections.abc import Iterator

import pytest
from textual._context import active_app
from textual.screen import Screen

from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.ui.living import LIVED_BYTES, LIVED_KEY


async def settled(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """Until every task waits for a time, a thread or a file, and what changed is painted.

    In the place of Textual's own, which sleeps for 20 ms at least, twice a key, until the process
    is idle: with threads that poll it hardly ever is. Threads are not waited for: whoever relies
    on one awaits what it brings.
    """
    deadline = time.monotonic() + max_sleep
    ready = vars(asyncio.get_running_loop())["_ready"]
    while time.monotonic() < deadline:
        await asyncio.sleep(0)
        if not ready and not _painted():
            return


def _painted() -> bool:
    """What a timer would have painted next; False: there was nothing."""
    app = active_app.get()
    screen = app.screen_stack[-1] if app.screen_stack else None
    if screen is None or not screen.is_current or app._batch_count or not _is_dirty(screen):
        return False
    screen._on_timer_update()
    return True


def _is_dirty(screen: Screen[object]) -> bool:
    """As Screen asks before it starts that timer."""
    return bool(
        screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._recompose_required
        or screen._dirty_widgets
        or screen._callbacks
    )


@pytest.fixture(autouse=True)
def _keys_settle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("textual.app.wait_for_idle", settled)


@pytest.fixture
def pauses_settle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an application without threads also a pause is over then: nothing can come later."""
    monkeypatch.setattr("textual.pilot.wait_for_idle", settled)


@pytest.fixture
def no_other_segments() -> Iterator[None]:
    """The list on the screen is that of the test alone, which may leave behind what it will."""
    _remove_all()
    yield
    _remove_all()


def _remove_all() -> None:
    for shmid in kernel.shmids():
        kernel.rmid(shmid)


@pytest.fixture
def lived(make_segment: MakeSegment, attached_child: AttachedChild) -> int:
    """A segment of 1 MiB that a child holds, with words at 0x100 and 0x8000."""
    shmid = make_segment(LIVED_BYTES, key=LIVED_KEY)
    attached_child(shmid, b"needle and thread", offset=0x100)
    kernel.fill(shmid, b"needle", 0x8000)
    return shmid
