"""Pictures of the whole screen at the widths where its layout changes."""

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from shmtui.monitor.reading import WindowRead
from shmtui.sysv.content import Window
from shmtui.ui.messages import PollFailed, WindowArrived
from tests.ui.hosts import shown, until
from tests.ui.scene import FEW, NOW, Scene

SIZES = [(50, 20), (80, 24), (120, 40), (200, 50)]

Compare = Callable[..., bool]


def sized(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


async def _filled(pilot: Pilot[int]) -> Scene:
    scene = pilot.app
    assert isinstance(scene, Scene)
    scene.poll()
    await until(pilot, lambda: "5 of 5" in shown(scene))
    return scene


async def _read(pilot: Pilot[int], view: str) -> None:
    """The pane on the smallest segment of the scene, with a number that has just changed."""
    scene = await _filled(pilot)
    await pilot.press("colon", *"0xcea", "enter")
    await pilot.press("enter", view)
    await pilot.pause()
    request = scene.main.pane.request()
    if request is None:
        return
    data = b"42\0".ljust(request.length, b"\0")[: 1024 - request.offset]
    ages = b"\xff\x00".ljust(len(data), b"\xff")
    read = WindowRead(
        request=request,
        segment=FEW[0].segment,
        window=Window(request.offset, data, ()),
        ages=ages,
        tap="peek",
        attaches=0,
        why_not=(),
        refusal=None,
        time=NOW,
        changed=1,
        last_change=NOW - 0.4,
        changes_per_s=1.0,
        gone_at=None,
        last_changed=1,
    )
    scene.main.post_message(WindowArrived(read))
    await until(pilot, lambda: "peek" in shown(scene))


@pytest.mark.parametrize("size", SIZES, ids=sized)
def test_the_list(snap_compare: Compare, size: tuple[int, int]) -> None:
    assert snap_compare(Scene(), terminal_size=size, run_before=_filled)


@pytest.mark.parametrize("size", SIZES, ids=sized)
@pytest.mark.parametrize(("view", "key"), [("text", "1"), ("hex", "2"), ("details", "7")])
def test_the_pane(snap_compare: Compare, size: tuple[int, int], view: str, key: str) -> None:
    async def opened(pilot: Pilot[int]) -> None:
        await _read(pilot, key)

    assert snap_compare(Scene(), terminal_size=size, run_before=opened)


def test_tags_marks_and_a_filter(snap_compare: Compare) -> None:
    async def marked(pilot: Pilot[int]) -> None:
        scene = await _filled(pilot)
        await pilot.press("space", "space", "slash", *"size>1", "enter")
        scene.poll(())
        await pilot.pause()

    assert snap_compare(Scene(), terminal_size=(80, 24), run_before=marked)


def test_a_stale_list(snap_compare: Compare) -> None:
    async def failed(pilot: Pilot[int]) -> None:
        scene = await _filled(pilot)
        scene.main.post_message(PollFailed("/proc/sysvipc/shm: Permission denied"))
        await until(pilot, lambda: "STALE" in shown(scene))

    assert snap_compare(Scene(), terminal_size=(80, 24), run_before=failed)


def test_an_empty_list(snap_compare: Compare) -> None:
    async def emptied(pilot: Pilot[int]) -> None:
        scene = pilot.app
        assert isinstance(scene, Scene)
        scene.poll(())
        await until(pilot, lambda: "No shared memory" in shown(scene))

    assert snap_compare(Scene(), terminal_size=(80, 24), run_before=emptied)
