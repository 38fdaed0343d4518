"""What the keys of the content do, in the whole application over real segments."""

import contextlib
import json
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from shmtui.monitor import search
from shmtui.monitor.search import Counted
from shmtui.store.settings import Settings
from shmtui.store.watches import load_watches, save_watches
from shmtui.sysv.peek import can_peek
from shmtui.ui.app import ScreenOptions, ShmtuiApp
from shmtui.ui.command_help import palette_entries
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.ui.hosts import shown, until
from tests.ui.living import answer, reading, sees
from tests.ui.scene import Scene

pytestmark = pytest.mark.skipif(not can_peek(), reason="only root reads without an attach")

KEY = 0x5EA1
MIB = 1 << 20


@pytest.fixture(autouse=True)
def _no_segments_of_other_tests() -> None:
    for shmid in kernel.shmids():
        kernel.rmid(shmid)


@pytest.fixture
def lived(make_segment: MakeSegment, attached_child: AttachedChild) -> int:
    """A segment of 1 MiB that a child holds, with words at 0x100 and 0x8000."""
    shmid = make_segment(MIB, key=KEY)
    attached_child(shmid, b"needle and thread", offset=0x100)
    kernel.fill(shmid, b"needle", 0x8000)
    return shmid


# Going to places


@pytest.mark.parametrize(
    ("text", "offset"),
    [("4096", 4096), ("0x28", 0x28), ("64K", 65536), ("50%", MIB // 2), ("100%", MIB - 1)],
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


# Searching


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
        yield search.SoFar(MIB // 2, MIB, 7)
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


# Watches


async def test_a_watch_is_shown_kept_for_its_key_and_removed(lived: int) -> None:
    kernel.fill(lived, (42).to_bytes(4, "little"), 0x40)
    async with reading(lived) as (_, pilot):
        await answer(pilot, "m", "0x40 u32le count")
        await sees(pilot, "NAME", "count", "42")
        kernel.fill(lived, (43).to_bytes(4, "little"), 0x40)
        await sees(pilot, "43")
    assert load_watches(KEY) == ("0x40:u32le:count",)
    async with reading(lived) as (_, pilot):
        await sees(pilot, "count", "43")
        await answer(pilot, "m", "-count")
        await sees(pilot, "count is not watched any more")
    assert load_watches(KEY) == ()


async def test_watches_come_back_where_the_pane_followed_first(lived: int) -> None:
    save_watches(KEY, ("0x40:u32le:count",))
    app = ShmtuiApp(ScreenOptions(interval_s=0.2), Settings())
    async with app.run_test(size=(120, 40)) as pilot:
        await sees(pilot, f"{KEY:#010x}")
        await pilot.press("2")
        await sees(pilot, "peek (0 attaches)")
        assert app.main.attention.following
        await pilot.press("enter")
        await sees(pilot, "count", "SPARK")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("rubbish", "OFFSET:TYPE:NAME"),
        ("0xffffe u32le x", "no u32le (4 bytes) at 0xffffe"),
        ("0x200000 u8 x", "no u8"),
        ("-nobody", "no watch is called 'nobody'; there are: none"),
        ("0 u33 x", "u33"),
    ],
)
async def test_a_watch_that_does_not_parse_says_so(lived: int, text: str, sentence: str) -> None:
    async with reading(lived, size=(80, 24)) as (app, pilot):
        await answer(pilot, "m", text)
        await sees(pilot, sentence)
        assert app.main.prompt.asking == "watch"


# Time


async def test_frozen_it_says_how_far_it_is_behind_and_steps_through_the_past(lived: int) -> None:
    async with reading(lived) as (_, pilot):
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


async def test_pictures_are_exported_as_json_lines(lived: int, tmp_path: Path) -> None:
    place = tmp_path / "pictures.jsonl"
    async with reading(lived) as (_, pilot):
        kernel.fill(lived, b"!", 0x31)
        await sees(pilot, "1 byte")
        await answer(pilot, "e", str(place))
        await sees(pilot, "Exported", "pictures to")
        await answer(pilot, "e", str(place))
        await sees(pilot, "is there already")
    *_, one, two = map(json.loads, place.read_text().splitlines())
    assert one["hex"] != two["hex"]
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


# Saving


async def test_a_dump_has_all_bytes_and_holes_and_is_for_its_owner_alone(
    lived: int, tmp_path: Path
) -> None:
    place = tmp_path / "dump.bin"
    async with reading(lived) as (_, pilot):
        await answer(pilot, "s", str(place))
        await sees(pilot, "Dumped 8.0K to", "of holes")
    data = place.read_bytes()
    assert len(data) == MIB
    assert data[0x100:0x106] == data[0x8000:0x8006] == b"needle"
    assert place.stat().st_blocks * 512 < MIB // 2
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


@pytest.mark.parametrize("agreed", [True, False])
async def test_a_file_that_is_there_is_overwritten_only_by_consent(
    lived: int, tmp_path: Path, agreed: bool
) -> None:
    place = tmp_path / "dump.bin"
    place.write_bytes(b"precious")
    async with reading(lived) as (_, pilot):
        await answer(pilot, "s", str(place))
        await sees(pilot, "It stays as it is", "Overwrite")
        await pilot.press(*(["tab", "enter"] if agreed else ["enter"]))
        await sees(pilot, "Dumped" if agreed else "Nothing was dumped")
    assert (place.read_bytes() == b"precious") is not agreed
    assert [one.name for one in tmp_path.iterdir()] == ["dump.bin"]


@pytest.mark.parametrize("key", ["s", "e"])
@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("~nobody-of-that-name/x", "nobody-of-that-name"),
        ("/no/such/folder/x", "No such file or directory"),
        ("/proc/x", "/proc/x"),
        ("x" * 300, "xxx: File name too long"),
    ],
    ids=["home", "folder", "proc", "long"],
)
async def test_a_file_that_cannot_be_written_says_why(
    lived: int, key: str, path: str, sentence: str
) -> None:
    async with reading(lived) as (app, pilot):
        await answer(pilot, key, path)
        await sees(pilot, sentence)
        assert app.is_running


async def test_a_device_is_never_replaced(lived: int) -> None:
    async with reading(lived) as (_, pilot):
        await answer(pilot, "s", "/dev/full")
        await sees(pilot, "is not a plain file")
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


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
