"""Searching in the pane, in the whole application over real segments."""

import threading
from collections.abc import Iterator

import pytest

from shmtui.monitor import search
from shmtui.monitor.search import Counted
from shmtui.sysv.peek import can_peek
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.ui.hosts import until
from tests.ui.living import LIVED_BYTES, answer, reading, sees

MIB = 1 << 20

pytestmark = [
    pytest.mark.skipif(not can_peek(), reason="only root reads without an attach"),
    pytest.mark.usefixtures("no_other_segments"),
]


async def test_a_search_finds_marks_and_counts(lived: int) -> None:
    async with reading(lived) as (app, pilot):
        await answer(pilot, "slash", "needle")
        await sees(pilot, "text:needle at 0x100: match 1 of 2")
        await pilot.press("n")
        await sees(pilot, "text:needle at 0x8000")
        await pilot.press("n")
        await sees(pilot, "text:needle at 0x100, found beyond the end")
        await pilot.press("N")
        await sees(pilot, "text:needle at 0x8000, found beyond the start")
        assert app.main.pane.part.window.cursor == 0x8000


async def test_what_is_found_at_once_does_not_cover_how_far_the_counting_is(
    lived: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = threading.Event()

    def count(*_: object) -> Iterator[search.SoFar]:
        yield search.SoFar(LIVED_BYTES // 2, LIVED_BYTES, 7)
        looked.wait(10)

    monkeypatch.setattr(search, "count", count)
    async with reading(lived) as (_, pilot):
        await answer(pilot, "slash", "needle")
        await sees(pilot, "text:needle at 0x100 · counting · 50 % · 7 matches · Esc cancels")
        looked.set()


async def test_a_search_back_finds_the_last_match_first(lived: int) -> None:
    async with reading(lived) as (app, pilot):
        await answer(pilot, "backslash", "x:6e65 65")
        await sees(pilot, "at 0x8000: match 2 of 2")
        await pilot.press("n")
        await until(pilot, lambda: app.main.pane.part.window.cursor == 0x100)


async def test_what_was_not_found_does_not_cover_what_is_found_next(lived: int) -> None:
    async with reading(lived) as (_, pilot):
        await answer(pilot, "slash", "nothing of the kind")
        await sees(pilot, "text:nothing of the kind was not found")
        await answer(pilot, "slash", "thread")
        await sees(pilot, "text:thread at 0x10b: match 1 of 1")
        await answer(pilot, "slash", "nothing of the kind")
        await sees(pilot, "text:nothing of the kind was not found")
        await pilot.press("y")
        await pilot.press("escape", "f")
        await sees(pilot, "f goes on")


async def test_a_search_in_vain_tells_what_could_not_be_searched(
    lived: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(*_: object) -> Iterator[Counted]:
        yield Counted(0, True, 0, {"never written": MIB, "swapped out": 8192})

    monkeypatch.setattr(search, "find", find)
    async with reading(lived) as (_, pilot):
        await answer(pilot, "slash", "needle")
        await sees(pilot, "text:needle was not found", "8.0K not searched: swapped out")


async def test_a_search_that_matches_everywhere_says_at_least(make_segment: MakeSegment) -> None:
    shmid = make_segment(MIB)
    kernel.fill(shmid, b"a" * MIB)
    async with reading(shmid) as (_, pilot):
        await pilot.press("enter")
        await answer(pilot, "slash", "aa")
        await sees(pilot, "text:aa at 0x1: match 2 of ")


async def test_matches_pressed_for_quickly_are_no_cancelled_search(
    lived: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def say(words: str, *_: object, **__: object) -> None:
        said.append(words)

    async with reading(lived) as (app, pilot):
        await answer(pilot, "slash", "needle")
        await sees(pilot, "match 1 of 2")
        monkeypatch.setattr(app.main.prompt, "say", say)
        for _ in range(8):
            app.main.pane.part.action_next_match()
        await until(pilot, lambda: bool(said) and not app.main.jobs.running)
        await pilot.pause(0.2)
        assert all(words.startswith("text:needle at 0x") for words in said)


@pytest.mark.parametrize("text", ["u32le:x", "x:abc", "u8:256", "f64:"])
async def test_a_search_that_is_not_understood_says_so(lived: int, text: str) -> None:
    async with reading(lived) as (app, pilot):
        await answer(pilot, "slash", text)
        assert app.main.prompt.asking == "search"
        assert not app.main.jobs.running
        assert app.main.prompt.query_one("#wrong").size.width > 20


async def test_a_match_in_a_segment_that_is_not_on_show_any_more_moves_nothing(
    lived: int, make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    other = make_segment(4096)
    attached_child(other, b"here")
    async with reading(lived) as (app, pilot):
        part = app.main.pane.part
        await answer(pilot, "slash", "needle")
        await sees(pilot, "match 1 of 2")
        app.main.open_segment(other, None)
        part.action_next_match()
        await until(pilot, lambda: part.identity is not None and part.identity.shmid == other)
        await until(pilot, lambda: not app.main.jobs.running)
        await pilot.pause(0.2)
        assert part.window.cursor == 0
