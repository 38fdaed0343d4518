"""What the keys of the content do, in the whole application over real segments."""

import contextlib
from pathlib import Path

import pytest

from shmtui.sysv.peek import can_peek
from shmtui.ui.command_help import palette_entries
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.ui.hosts import shown, until
from tests.ui.living import LIVED_BYTES, answer, is_read, reading, sees
from tests.ui.scene import Scene

pytestmark = [
    pytest.mark.skipif(not can_peek(), reason="only root reads without an attach"),
    pytest.mark.usefixtures("no_other_segments"),
]


# Going to places


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("4096", 4096),
        ("0x28", 0x28),
        ("64K", 65536),
        ("50%", LIVED_BYTES // 2),
        ("100%", LIVED_BYTES - 1),
    ],
)
async def test_a_place_is_gone_to(lived: int, text: str, offset: int) -> None:
    async with reading(lived) as (app, pilot):
        await answer(pilot, "colon", text)
        assert app.main.pane.part.window.cursor == offset
        await sees(pilot, f"{offset:#x} of 1.0M")


async def test_places_are_relative_to_the_cursor(lived: int) -> None:
    async with reading(lived) as (app, pilot):
        await answer(pilot, "colon", "+0x10")
        await answer(pilot, "colon", "+1K")
        await answer(pilot, "colon", "-16")
        assert app.main.pane.part.window.cursor == 1024


@pytest.mark.parametrize("text", ["1M", "0x100000", "-1", "99999999999", "nowhere", "200%"])
@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_place_that_is_none_says_so_and_the_question_stays(
    lived: int, text: str, size: tuple[int, int]
) -> None:
    sentence = {"nowhere": "is no place", "-1": "lies before the start: the segment has"}
    async with reading(lived, size=size) as (app, pilot):
        await answer(pilot, "colon", text)
        await sees(pilot, sentence.get(text, "lies past the end: the segment has 1048576 bytes"))
        assert app.main.prompt.asking == "offset"
        await pilot.press("ctrl+u", *"0x28", "enter")
        assert app.main.pane.part.window.cursor == 0x28


# Time


async def test_frozen_it_says_how_far_it_is_behind_and_steps_through_the_past(lived: int) -> None:
    async with reading(lived) as (app, pilot):
        await pilot.press("f")
        await sees(pilot, "as it is now", "f goes on")
        kernel.fill(lived, b"after", 0x10)
        text = await sees(pilot, "1 change, 5 bytes behind")
        assert "61 66 74 65 72" not in text
        await pilot.press("right_square_bracket")
        await sees(pilot, "61 66 74 65 72")
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: "61 66 74 65 72" not in shown(pilot.app))
        await sees(pilot, "Picture of", "1 change, 5 bytes behind")
        await until(
            pilot, lambda: is_read(app)
        )  # the line about the past takes one from the content
        await pilot.press("left_square_bracket")
        await sees(pilot, "No older picture.")
        await pilot.press("f")
        await until(pilot, lambda: "goes on" not in shown(pilot.app))


async def test_the_next_change_pauses_the_picture_when_told_to(lived: int) -> None:
    async with reading(lived) as (_, pilot):
        await pilot.press("P")
        await sees(pilot, "pauses on change")
        kernel.fill(lived, b"!", 0x10)
        await sees(pilot, "Paused by a change")
        kernel.fill(lived, b"!", 0x11)
        await sees(pilot, "1 change, 1 byte behind")


async def test_changes_are_gone_to(lived: int) -> None:
    async with reading(lived) as (app, pilot):
        await pilot.press("c")
        await sees(pilot, "Nothing was seen to change yet")
        kernel.fill(lived, b"!", 0x31)
        await sees(pilot, "1 byte")
        await pilot.press("c")
        assert app.main.pane.part.window.cursor == 0x31


# Nothing to act on

PANE_COMMANDS = [entry for entry in palette_entries() if entry.context == "pane"]


async def test_a_command_by_name_says_that_the_pane_is_closed() -> None:
    scene = Scene()
    async with scene.run_test(size=(80, 24)) as pilot:
        scene.poll()
        await sees(pilot, "5 of 5")
        for opened_before in False, True:
            if opened_before:
                await pilot.press("enter", "escape", "escape")
            for entry in PANE_COMMANDS:
                scene.main.prompt.say("")
                await scene._run_command(entry)
                await sees(pilot, "The pane is closed")
                assert not scene.main.prompt.asking, entry
                assert len(scene.screen_stack) == 1, entry


async def test_keys_of_the_pane_without_a_segment_say_so() -> None:
    scene = Scene()
    async with scene.run_test(size=(80, 24)) as pilot:
        scene.poll(())
        await sees(pilot, "No shared memory")
        await pilot.press("2", "tab")
        for key in "colon", "slash", "backslash", "m", "s", "e", "y":
            scene.main.prompt.say("")
            await pilot.press(key)
            await until(pilot, lambda: "." in shown(scene).splitlines()[-2])
            assert not scene.main.prompt.asking, key
            assert len(scene.screen_stack) == 1, key


KEYS = (*"nNcCitBfP[]e", "y", "shift+down", "shift+end")


async def test_keys_do_no_harm_where_the_content_is_refused(make_segment: MakeSegment) -> None:
    shmid = make_segment(4096)
    kernel.fill(shmid, b"needle")
    async with reading(shmid) as (app, pilot):
        await sees(pilot, "Enter attaches")
        for key in KEYS:
            await pilot.press(key)
            with contextlib.suppress(IndexError):
                if len(app.screen_stack) > 1:
                    await pilot.press("escape")
        await answer(pilot, "slash", "needle")
        await until(pilot, lambda: not app.main.jobs.running)
        await pilot.pause(0.1)
        assert "attach" in shown(app).splitlines()[-2]
        await answer(pilot, "s", "/tmp/never")
        await until(pilot, lambda: not app.main.jobs.running)
        assert not Path("/tmp/never").exists()


async def test_what_is_asked_of_a_segment_that_went_is_answered_in_words(
    make_segment: MakeSegment, attached_child: AttachedChild, tmp_path: Path
) -> None:
    shmid = make_segment(4096)
    child = attached_child(shmid, b"needle")
    async with reading(shmid) as (app, pilot):
        kernel.rmid(shmid)
        child.kill()
        await sees(pilot, "Gone at")
        await answer(pilot, "slash", "needle")
        await sees(pilot, "is gone: there is nothing to read")
        await answer(pilot, "s", str(tmp_path / "d"))
        await pilot.pause()
        await until(pilot, lambda: not app.main.jobs.running)
        await pilot.press("c", "n", "f", "f", "P", "left_square_bracket", "i", "shift+right", "y")
        await sees(pilot, "Copy 2 bytes from 0x0 as")
        await pilot.press("enter")
        await sees(pilot, "Copied 2 bytes as text.")
    assert list(tmp_path.iterdir()) == []


async def test_numbers_that_the_segment_has_no_room_for_are_shown_as_bytes(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(10)
    attached_child(shmid, bytes(range(1, 11)))
    async with reading(shmid, view="3") as (_, pilot):
        await pilot.press("t", "t")
        await sees(pilot, "[3Numbers u64le]", "578437695752307201", "090a")
        await pilot.press("G")
        await sees(pilot, "too few bytes")
        await pilot.press("B")
        await sees(pilot, "[3Numbers u64be]", "72623859790382856")
