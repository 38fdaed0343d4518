"""What the keys do with the list and the pane, on a fixed scene."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from shmtui.monitor.diagnosis import Word
from shmtui.monitor.facts import Facts
from shmtui.store.settings import Settings
from shmtui.ui.dialogs.choose import ChooseDialog
from shmtui.ui.messages import PollFailed
from shmtui.ui.options import ScreenOptions
from tests.ui.hosts import shown, until
from tests.ui.painted import style_at
from tests.ui.scene import FEW, Scene, facts


@asynccontextmanager
async def opened(
    known: Sequence[Facts] = FEW,
    size: tuple[int, int] = (80, 24),
    options: ScreenOptions | None = None,
) -> AsyncIterator[tuple[Scene, Pilot[int]]]:
    scene = Scene(options)
    async with scene.run_test(size=size) as pilot:
        scene.poll(known)
        await until(pilot, lambda: f"of {len(known)}" in shown(scene))
        yield scene, pilot


def cursor(scene: Scene) -> int:
    identity = scene.main.list_part.model.cursor
    assert identity is not None
    return identity.shmid


def line_of(scene: Scene, words: str) -> str:
    lines = [line for line in shown(scene).splitlines() if words in line]
    assert lines, f"no line has {words!r}:\n{shown(scene)}"
    return lines[0]


async def test_cursor_stays_on_its_segment_when_rows_above_it_go_and_come() -> None:
    async with opened() as (scene, pilot):
        await pilot.press("down", "down")
        here = cursor(scene)
        above = scene.main.list_part.model.shown[0]
        scene.poll([one for one in FEW if one.segment.identity != above])
        await pilot.pause()
        assert cursor(scene) == here
        larger = [facts(400 + n, 77 + n, 2 << 30, Word.IDLE) for n in range(3)]
        scene.poll([*larger, *FEW])
        await pilot.pause()
        assert cursor(scene) == here
        assert scene.main.list_part.pane.cursor_line == scene.main.list_part.model.index(
            scene.main.list_part.model.cursor  # type: ignore[arg-type]  # cursor() asserted it
        )


async def test_new_changed_and_gone_rows_are_marked_for_one_interval() -> None:
    async with opened() as (scene, pilot):
        new = facts(500, 0xCAFE, 8192, Word.IDLE)
        changed = FEW[0]._replace(segment=FEW[0].segment._replace(nattch=2))
        scene.poll([changed, *FEW[2:], new])
        await pilot.pause()
        assert line_of(scene, "0x0000cafe").startswith(" +")
        assert line_of(scene, "0x00000cea").startswith(" ~")
        gone = line_of(scene, "65538")
        assert gone.startswith(" -")
        assert "gone" in gone
        scene.poll([changed, *FEW[2:], new])
        await pilot.pause()
        assert line_of(scene, "0x0000cafe").startswith("  ")
        assert "65538" not in shown(scene)


async def test_foreign_names_are_data_and_not_markup_nor_control() -> None:
    async with opened(size=(120, 24)) as (scene, _):
        row = line_of(scene, "0x0000beef")
        assert "[/red]" in row
        assert "[/proc/1]" in row
        assert "\x1b" not in shown(scene)


async def test_details_follow_the_cursor_and_enter_pins() -> None:
    async with opened() as (scene, pilot):
        await pilot.press("i")
        await until(pilot, lambda: "follow" in shown(scene))
        first = f"id {cursor(scene)} follow"
        assert first in shown(scene)
        await pilot.press("down")
        await until(pilot, lambda: f"id {cursor(scene)} follow" in shown(scene))
        await pilot.press("enter")
        pinned = f"id {cursor(scene)} pin"
        await until(pilot, lambda: pinned in shown(scene))
        await pilot.press("escape", "down")
        await pilot.pause()
        assert pinned in shown(scene)
        await pilot.press("F")
        await until(pilot, lambda: f"id {cursor(scene)} follow" in shown(scene))


async def test_a_pinned_segment_that_goes_keeps_its_pane_and_says_so() -> None:
    async with opened() as (scene, pilot):
        await pilot.press("enter", "7")
        here = cursor(scene)
        scene.poll([one for one in FEW if one.segment.shmid != here])
        await until(pilot, lambda: "Gone at" in shown(scene))
        assert f"id {here} gone" in shown(scene)


async def test_escape_backs_out_one_step_at_a_time_and_never_quits() -> None:
    async with opened() as (scene, pilot):
        await pilot.press("slash", *"root", "enter", "space", "enter", "z")
        await pilot.pause()
        assert scene.main.has_class("zoomed")
        await pilot.press("escape")
        assert not scene.main.has_class("zoomed")
        await pilot.press("escape")
        assert scene.main.has_class("focus-list")
        assert scene.main.has_class("pane-open")
        await pilot.press("escape")
        assert not scene.main.has_class("pane-open")
        await pilot.press("escape")
        assert scene.main.list_part.filter_text == ""
        await pilot.press("escape", "escape")
        assert scene.main.list_part.model.tags
        assert scene.is_running


async def test_zoom_shows_the_focused_part_alone() -> None:
    async with opened() as (scene, pilot):
        await pilot.press("enter", "z")
        await pilot.pause()
        assert "COMMAND" not in shown(scene)
        assert "1Text" in shown(scene)
        await pilot.press("tab")
        await pilot.pause()
        assert "COMMAND" in shown(scene)
        assert "1Text" not in shown(scene)


async def test_the_title_of_the_pane_stands_out_while_it_has_the_focus() -> None:
    async with opened() as (scene, pilot):
        await pilot.press("enter")
        await until(pilot, lambda: "1Text" in shown(scene))
        line = next(y for y, words in enumerate(shown(scene).split("\n")) if "1Text" in words)
        await until(pilot, lambda: bool(style_at(scene, 1, line).bold))
        await pilot.press("tab")
        await until(pilot, lambda: not style_at(scene, 1, line).bold)


async def test_filter_as_you_type_keeps_the_last_valid_one_and_escape_restores() -> None:
    async with opened() as (scene, pilot):
        await pilot.press("slash", *"size>1m")
        await until(pilot, lambda: "2 of 5" in shown(scene))
        await pilot.press("space", "quotation_mark")
        await pilot.pause()
        assert "2 of 5" in shown(scene)
        assert "quote" in shown(scene)
        await pilot.press("escape")
        await until(pilot, lambda: "5 of 5" in shown(scene))


async def test_a_filter_that_matches_nothing_says_how_to_leave_it() -> None:
    async with opened() as (scene, pilot):
        await pilot.press("slash", *"size>9t", "enter")
        words = '0 of 5 match "size>9t". Esc clears the filter.'
        await until(pilot, lambda: words in shown(scene))
        await pilot.press("exclamation_mark")
        await until(pilot, lambda: "5 of 5" in shown(scene))


async def test_an_empty_namespace_says_so_and_what_helps() -> None:
    async with opened(()) as (scene, _):
        assert "No shared memory segments in this IPC namespace. w starts a writer." in shown(scene)


async def test_sort_by_keys_by_a_click_and_inverted() -> None:
    async with opened() as (scene, pilot):
        model = scene.main.list_part.model
        assert "SIZE▼" in shown(scene)
        await pilot.press("I")
        assert "SIZE▲" in shown(scene)
        heading = line_of(scene, "OWNER")
        await pilot.click("#heading", offset=(heading.index("ID"), 0))
        await pilot.pause()
        assert model.sort_column == "id"
        assert [one.shmid for one in model.shown] == [0, 32769, 65538, 98306, 131075]
        await pilot.press("greater_than_sign")
        assert model.sort_column == "owner"
        await pilot.press("less_than_sign", "less_than_sign")
        assert model.sort_column == "key"


async def test_tags_are_kept_on_their_segments_and_counted() -> None:
    async with opened() as (scene, pilot):
        tagged = cursor(scene)
        await pilot.press("space")
        await until(pilot, lambda: "1 tagged" in shown(scene))
        assert line_of(scene, str(tagged)).startswith("●")
        assert cursor(scene) != tagged
        await pilot.press("asterisk")
        await until(pilot, lambda: "5 tagged" in shown(scene))
        await pilot.press("U")
        await until(pilot, lambda: "tagged" not in shown(scene))


async def test_goto_takes_an_id_or_a_key_and_says_what_is_not_there() -> None:
    async with opened() as (scene, pilot):
        await pilot.press("colon", *"0xbeef", "enter")
        await until(pilot, lambda: cursor(scene) == 131075)
        await pilot.press("colon", *"65538", "enter")
        await until(pilot, lambda: cursor(scene) == 65538)
        await pilot.press("colon", *"3306", "enter")
        await until(pilot, lambda: cursor(scene) == 0)
        await pilot.press("colon", *"12345", "enter")
        await until(pilot, lambda: "No segment has the id or key 12345." in shown(scene))


async def test_a_failed_poll_leaves_the_rows_and_tells_since_when_and_why() -> None:
    async with opened() as (scene, pilot):
        scene.main.post_message(PollFailed("/proc/sysvipc/shm: Permission denied"))
        await until(pilot, lambda: "STALE" in shown(scene))
        assert "Permission denied" in shown(scene)
        assert "0x0000beef" in shown(scene)
        scene.poll()
        await until(pilot, lambda: "STALE" not in shown(scene))
        assert "Permission denied" not in shown(scene)


async def test_segments_that_came_and_went_unseen_are_told_for_one_interval() -> None:
    async with opened() as (scene, pilot):
        scene.poll(came_and_went=26)
        await until(pilot, lambda: "≈ 26 came and went unseen" in shown(scene))
        scene.poll()
        await until(pilot, lambda: "unseen" not in shown(scene))


async def test_pause_and_interval_stand_in_the_header() -> None:
    async with opened() as (scene, pilot):
        await pilot.press("plus")
        assert " 2.0s " in shown(scene)
        await pilot.press("minus", "minus")
        assert " 0.5s " in shown(scene)
        await pilot.press("p")
        assert "PAUSED" in shown(scene)
        await pilot.press("p")
        assert "PAUSED" not in shown(scene)


async def test_read_only_refuses_a_writer_in_words() -> None:
    async with opened(options=ScreenOptions(read_only=True)) as (scene, pilot):
        assert "READ-ONLY" in shown(scene)
        await pilot.press("w")
        await until(pilot, lambda: "--read-only" in shown(scene))


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("d", "d removes from the list: Esc first"),
        ("f9", "F9 removes from the list: Esc first"),
        ("w", "w writes from the list: Esc first"),
        ("M", "M sets permissions from the list: Esc first"),
    ],
)
@pytest.mark.parametrize("view", ["1", "6", "7"])
async def test_in_the_pane_a_key_that_changes_something_says_where_it_acts(
    view: str, key: str, words: str
) -> None:
    async with opened() as (scene, pilot):
        await pilot.press("enter", view, key)
        await until(pilot, lambda: words in shown(scene))
        assert scene.screen is scene.main


async def test_the_palette_says_what_read_only_refuses() -> None:
    async with opened(options=ScreenOptions(read_only=True)) as (scene, pilot):
        await pilot.press("ctrl+p", *"remove")
        await until(pilot, lambda: "refused (--read-only) · remove what is tagged" in shown(scene))
        await pilot.press("ctrl+u", *"limits")
        await until(pilot, lambda: "where the memory went" in shown(scene))
        assert "refused" not in shown(scene)


async def test_without_segments_read_only_does_not_offer_a_writer() -> None:
    async with opened(known=(), options=ScreenOptions(read_only=True)) as (scene, _):
        assert "No shared memory segments in this IPC namespace." in shown(scene)
        assert "w starts a writer" not in shown(scene)


async def test_owner_chooser_sets_a_filter_that_matches_the_owner_alone() -> None:
    async with opened() as (scene, pilot):
        await pilot.press("u")
        await until(pilot, lambda: "all owners" in shown(scene))
        await pilot.press("down", "enter")
        await until(pilot, lambda: "1 of 5" in shown(scene))
        owners = {scene.main.list_part.model.row(one).facts.owner for one in
                  scene.main.list_part.model.shown}  # fmt: skip
        assert owners == {"[/red]\x1b[31m"}


@pytest.mark.parametrize("size", [(20, 5), (34, 8), (10, 3)])
async def test_a_tiny_terminal_keeps_ids_and_states_and_does_not_break(
    size: tuple[int, int],
) -> None:
    async with opened(size=(80, 24)) as (scene, pilot):
        await pilot.resize_terminal(*size)
        await pilot.press("down", "enter", "2", "7", "escape", "w")
        await pilot.pause()
        await pilot.press("escape")
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: "131075" in shown(scene))
        assert scene.is_running


async def test_wide_terminals_have_the_pane_beside_the_list() -> None:
    async with opened(size=(200, 50)) as (scene, pilot):
        await pilot.press("enter")
        await pilot.pause()
        line = line_of(scene, "1Text")
        assert line.index("1Text") > 100
        assert "ipc:4026531839" in shown(scene)


async def test_the_command_line_can_open_on_a_segment_with_a_filter_and_a_sort() -> None:
    options = ScreenOptions(shmid=65538, filter="nattch=0", sort="id")
    scene = Scene(options)
    async with scene.run_test(size=(80, 24)) as pilot:
        scene.poll()
        await until(pilot, lambda: "id 65538 pin" in shown(scene))
        assert "2 of 5" in shown(scene)
        assert scene.main.list_part.model.sort_column == "id"


async def test_an_id_that_is_not_there_opens_no_segment_whose_key_it_is() -> None:
    scene = Scene(ScreenOptions(shmid=3306))
    async with scene.run_test(size=(80, 24)) as pilot:
        scene.poll()
        await until(pilot, lambda: "No segment has the id 3306." in shown(scene))
        assert "1Text" not in shown(scene)


async def test_settings_of_the_last_time_hold() -> None:
    async with opened() as (scene, pilot):
        await pilot.press("I")
        now = scene._settings_now()
        assert (now.sort, now.descending) == ("size", False)
        again = Scene(settings=replace(now, columns=("id", "verdict")))
        async with again.run_test(size=(80, 24)) as second:
            again.poll()
            await until(second, lambda: "5 of 5" in shown(again))
            assert "OWNER" not in shown(again)
            assert again.main.list_part.model.reverse is False


async def test_columns_that_another_version_had_do_not_keep_the_screen_from_opening() -> None:
    scene = Scene(settings=Settings(columns=("later", "verdict", "id", "id")))
    async with scene.run_test(size=(80, 24)) as pilot:
        scene.poll()
        await until(pilot, lambda: "5 of 5" in shown(scene))
        assert scene.main.list_part.columns == ("id", "verdict")


@pytest.mark.parametrize("size", [(80, 24), (3, 2)])
async def test_a_page_down_in_a_chooser_without_room_does_no_harm(size: tuple[int, int]) -> None:
    async with opened(size=(80, 24)) as (scene, pilot):
        await pilot.resize_terminal(*size)
        await pilot.press("s", "pagedown", "pageup", "pagedown")
        assert isinstance(scene.screen, ChooseDialog)
        await pilot.press("escape")
