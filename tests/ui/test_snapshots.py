"""Pictures of the whole screen at the widths where its layout changes."""

import struct
from collections.abc import Callable
from typing import NamedTuple

import pytest
from textual.pilot import Pilot

from shmtui.decode.watch import parse_watch
from shmtui.monitor.reading import WindowRead, WindowRequest
from shmtui.monitor.survey import SegmentMap
from shmtui.sysv.content import Window
from shmtui.sysv.window import PageCount
from shmtui.ui.messages import PollFailed, WindowArrived
from tests.ui.hosts import shown, until
from tests.ui.scene import FEW, NOW, Scene

pytestmark = pytest.mark.usefixtures("pauses_settle")

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
        await until(pilot, lambda: "/size>1" not in shown(scene))
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


class Studied(NamedTuple):
    """A picture of the pane: which keys, and what is then on it."""

    name: str
    keys: tuple[str, ...]
    watches: tuple[str, ...] = ()
    frozen: bool = False


STUDIED = (
    Studied("hex", ("2",), ("0x20:u32le:count", "0x30:f64le:level")),
    Studied("numbers", ("3", "t")),
    Studied("strings", ("4",)),
    Studied("frozen", ("2",), frozen=True),
)
STUDIED_SIZES = [(80, 24), (120, 40), (200, 50)]


def _content(turn: int) -> bytes:
    """What a program of ours might keep: a title, a counter, a time, a level, texts."""
    numbers = struct.pack("<IIQd", 41 + turn, 7, int(NOW) - 3600, 0.5 + turn / 8)
    texts = b"worker-1: ready\0\nworker-2: gr\xc3\xbc\xc3\x9fe\0\x7f\x80\xff\0"
    return (b"shared state v2\0".ljust(32, b"\0") + numbers + bytes(8) + texts).ljust(1024, b"\0")


async def _study(pilot: Pilot[int], studied: Studied) -> None:
    """The pane on 1 KiB of which three pictures were taken."""
    scene = await _filled(pilot)
    await pilot.press("colon", *"0xcea", "enter", "enter", *studied.keys)
    part = scene.main.pane.part
    assert part.study is not None
    for text in studied.watches:
        part.study.add_watch(parse_watch(text))
    if studied.watches:
        part.inspects = True
        part.lay_out()
        part.go_to(0x20)
    before = b""
    for turn in range(3):
        await pilot.pause()
        request = scene.main.pane.request()
        assert request is not None
        content = _content(turn)
        scene.main.post_message(WindowArrived(_answer(request, content, before, turn)))
        before = content
        await until(pilot, lambda: "peek" in shown(scene))
        if studied.frozen and turn == 1:
            await pilot.press("f")
    await pilot.press("down", "right")
    await pilot.pause()
    if (request := scene.main.pane.request()) is not None:
        scene.main.post_message(WindowArrived(_answer(request, before, _content(1), 2)))
    await pilot.pause()


def _answer(request: WindowRequest, content: bytes, before: bytes, turn: int) -> WindowRead:
    end = request.offset + request.length
    data, old = content[request.offset : end], before[request.offset : end]
    ages = bytes(255 if not old or old[at] == byte else 0 for at, byte in enumerate(data))
    changed = ages.count(0)
    windows = tuple(
        Window(offset, content[offset : offset + length], ()) for offset, length in request.watched
    )
    return WindowRead(
        request=request,
        segment=FEW[0].segment,
        window=Window(request.offset, data, ()),
        ages=ages,
        tap="peek",
        attaches=0,
        why_not=(),
        refusal=None,
        time=NOW + turn,
        changed=changed,
        last_change=NOW + turn if changed else None,
        changes_per_s=1.0,
        gone_at=None,
        last_changed=changed,
        watched=windows,
        map=SegmentMap(1024, (PageCount(1, 0, 0, 0),)),
    )


@pytest.mark.parametrize("size", STUDIED_SIZES, ids=sized)
@pytest.mark.parametrize("studied", STUDIED, ids=lambda studied: studied.name)
def test_the_content(snap_compare: Compare, size: tuple[int, int], studied: Studied) -> None:
    async def opened(pilot: Pilot[int]) -> None:
        await _study(pilot, studied)

    assert snap_compare(Scene(), terminal_size=size, run_before=opened)
