"""The dialogs, pressed by their keys in a small application."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input, Static

from shmtui.sysv.errors import Refused
from shmtui.sysv.limits import UNLIMITED, Limits
from shmtui.sysv.segment import Identity, Segment
from shmtui.ui.dialogs.choose import Choice, Choices, ChooseDialog
from shmtui.ui.dialogs.columns import ColumnChoice, ColumnsDialog
from shmtui.ui.dialogs.confirm import ConfirmDialog
from shmtui.ui.dialogs.dialog import Dialog
from shmtui.ui.dialogs.fields import Cycle
from shmtui.ui.dialogs.quit import QuitDialog
from shmtui.ui.dialogs.write import WriteDialog, WriteInput, WriteRequest
from shmtui.ui.screens.help import HelpScreen
from shmtui.writer.preview import Plan, plan
from shmtui.writer.spec import WriterSpec
from tests.ui.hosts import Host, shown, until

EVIL = "[/red]\x1b[31m🦉"
LIMITS = Limits(4096, UNLIMITED, UNLIMITED, False, -1)
ME = os.geteuid()


def segment(shmid: int, key: int, size: int) -> Segment:
    return Segment(Identity(1, shmid, 1, ME, size), key, 0o600, 0, 1, ME, 0, 0, 0, 0, 0, None, None)


def choose() -> ChooseDialog:
    choices = [Choice("key", "KEY", "the key"), Choice("size", "SIZE"), Choice("x", EVIL, EVIL)]
    return ChooseDialog("Sort by", choices, "size")


def columns() -> ColumnsDialog:
    choices = [
        ColumnChoice("key", "KEY", "the key"),
        ColumnChoice("id", "ID", "the number", always=True),
        ColumnChoice("swap", "SWAP", "swapped out"),
    ]
    return ColumnsDialog(choices, shown=["key"], default=["key", "swap"])


def confirm() -> ConfirmDialog:
    return ConfirmDialog(f"Attach to {EVIL}", [f"last pid 1 ({EVIL}) is overwritten"], "Attach")


def quit_() -> QuitDialog:
    return QuitDialog([f"4711 0x00000cea id 0 counter {EVIL}"])


def write(
    foresee: Callable[[WriterSpec], Plan] = lambda spec: plan(spec, (), LIMITS, ME),
    last: WriteInput | None = None,
) -> WriteDialog:
    return WriteDialog(foresee, last)


Make = Callable[[], Dialog[Any]]
EVERY: list[Make] = [choose, columns, confirm, quit_, write]


def line(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one("#preview", Static).render())


@pytest.mark.parametrize("make", EVERY)
@pytest.mark.parametrize("key", ["escape", "ctrl+c"])
async def test_esc_and_ctrl_c_cancel_every_dialog(make: Make, key: str) -> None:
    host = Host(make())
    async with host.run_test() as pilot:
        await pilot.press(key)
        assert host.answers == [None]


@pytest.mark.parametrize("make", EVERY)
async def test_no_letter_confirms(make: Make) -> None:
    host = Host(make())
    async with host.run_test() as pilot:
        await pilot.press(*"yYoOsSqcrnda")
        assert host.answers == []


@pytest.mark.parametrize("make", EVERY)
async def test_f1_helps_and_comes_back(make: Make) -> None:
    host = Host(make())
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.press("f1")
        await pilot.pause()
        assert isinstance(host.screen, HelpScreen)
        assert "In dialogs and at the prompt" in shown(host)
        await pilot.press("escape")
        assert isinstance(host.screen, Dialog)
        assert host.answers == []


@pytest.mark.parametrize("make", EVERY)
@pytest.mark.parametrize("size", [(80, 24), (40, 12), (20, 5)])
async def test_tab_reaches_everything_on_any_terminal(make: Make, size: tuple[int, int]) -> None:
    host = Host(make())
    async with host.run_test(size=size) as pilot:
        chain = host.screen.focus_chain
        frame = host.screen.query_one("#frame")
        assert host.screen.region.contains_region(frame.region)
        for _ in range(len(chain)):
            await pilot.press("tab")
            await pilot.pause()
            focused = host.focused
            assert focused is not None
            assert focused.region.y in frame.content_region.line_range
        assert shown(host).count("\n") == size[1] - 1


@pytest.mark.parametrize("make", EVERY)
async def test_the_whole_dialog_fits_80_by_24(make: Make) -> None:
    host = Host(make())
    async with host.run_test(size=(80, 24)):
        frame = host.screen.query_one("#frame")
        assert frame.max_scroll_y == 0
        assert all(
            frame.content_region.contains_region(button.region)
            for button in host.screen.query(Button)
        )


@pytest.mark.parametrize("make", EVERY)
@pytest.mark.parametrize("key", ["enter", "escape", "f1", "space", "pageup", "pagedown"])
async def test_a_key_that_comes_before_the_dialog_is_drawn_does_no_harm(
    make: Make, key: str
) -> None:
    host = Host(HelpScreen())
    async with host.run_test() as pilot:
        host.push_screen(make())
        await host._check_bindings(key)
        await pilot.pause()
        assert isinstance(host.screen, Dialog)


async def test_enter_takes_the_row_under_the_cursor() -> None:
    host = Host(choose())
    async with host.run_test() as pilot:
        assert host.screen.query_one(Choices).highlighted == 1
        await pilot.press("k", "enter")
        assert host.answers == ["key"]


@pytest.mark.parametrize(("make", "times"), [(choose, 2), (confirm, 2), (quit_, 1)])
async def test_foreign_words_are_shown_as_they_are(make: Make, times: int) -> None:
    host = Host(make())
    async with host.run_test(size=(80, 24)):
        assert shown(host).count("[/red]\\x1b[31m🦉") == times


async def test_columns_are_ticked_by_space_and_come_in_their_order() -> None:
    host = Host(columns())
    async with host.run_test() as pilot:
        await pilot.press("down", "down", "space", "enter")
        assert host.answers == [("key", "id", "swap")]


async def test_a_column_that_tells_rows_apart_stays() -> None:
    host = Host(columns())
    async with host.run_test() as pilot:
        await pilot.press("space", "down", "space", "enter")
        assert host.answers == [("id",)]


async def test_the_default_columns_come_back() -> None:
    host = Host(columns())
    async with host.run_test() as pilot:
        await pilot.press("space", "tab", "enter", "shift+tab", "enter")
        assert host.answers == [("key", "id", "swap")]


async def test_enter_alone_does_not_confirm_a_consequence() -> None:
    host = Host(confirm())
    async with host.run_test() as pilot:
        await pilot.press("enter")
        assert host.answers == [None]


async def test_the_other_button_confirms() -> None:
    host = Host(confirm())
    async with host.run_test() as pilot:
        await pilot.press("tab", "enter")
        assert host.answers == [True]


@pytest.mark.parametrize(("tabs", "answer"), [(0, "stop"), (1, "leave"), (2, None)])
async def test_quitting_stops_leaves_or_stays(tabs: int, answer: str | None) -> None:
    host = Host(quit_())
    async with host.run_test() as pilot:
        await pilot.press(*["tab"] * tabs, "enter")
        assert host.answers == [answer]


async def test_enter_at_once_starts_the_writer_of_the_article() -> None:
    host = Host(write())
    async with host.run_test() as pilot:
        assert line(pilot) == "→ creates 0x00000cea, 1.0K, rw-------"
        await pilot.press("enter")
        assert host.answers == [WriteRequest(WriterSpec(remove=True), WriteInput())]


async def test_typing_replaces_the_key_and_the_line_follows() -> None:
    there = [segment(7, 42, 4096)]
    host = Host(write(lambda spec: plan(spec, there, LIMITS, ME)))
    async with host.run_test() as pilot:
        await pilot.press("4", "2")
        assert line(pilot).startswith("→ attaches to id 7")
        await pilot.press("3")
        assert line(pilot).startswith("→ creates 0x000001a7")


async def test_the_line_follows_the_table_too() -> None:
    there = [segment(7, 3306, 4096)]
    host = Host(write(lambda spec: plan(spec, there, LIMITS, ME)))
    async with host.run_test() as pilot:
        there.clear()
        await until(pilot, lambda: line(pilot).startswith("→ creates"))


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("key", "0", "IPC_PRIVATE"),
        ("key", "[/b]", "[/b]"),
        ("size", "0", "size 0"),
        ("size", "64KB", "64KB"),
        ("mode", "1777", "0777"),
        ("every", "0", "seconds"),
        ("every", "", "interval"),
    ],
)
async def test_bad_input_is_said_in_words_and_does_not_start(
    field: str, typed: str, words: str
) -> None:
    host = Host(write())
    async with host.run_test() as pilot:
        host.screen.query_one(f"#{field}", Input).value = typed
        await pilot.pause()
        assert line(pilot).startswith("→ refused: ")
        assert words in line(pilot)
        assert host.screen.query_one("#accept", Button).disabled
        await pilot.press("enter")
        assert host.answers == []


async def test_a_refusal_of_the_kernel_is_said_too() -> None:
    def refuse(_: WriterSpec) -> Plan:
        raise Refused("segment 7 (0x00000cea): owner [/x]; you are ops")

    host = Host(write(refuse))
    async with host.run_test() as pilot:
        assert line(pilot) == "→ refused: segment 7 (0x00000cea): owner [/x]; you are ops"


async def test_all_fields_reach_the_writer() -> None:
    host = Host(write())
    async with host.run_test() as pilot:
        await pilot.press(*"private", "tab", *"64K", "tab", *"0640", "tab", *"0.5")
        await pilot.press("tab", "space", "tab", "space", "enter")
        (answer,) = host.answers
    assert answer is not None
    assert answer.spec == WriterSpec(
        key=None, size=65536, mode=0o640, interval_s=0.5, pattern="clock", remove=False
    )
    assert answer.typed == WriteInput("private", "64K", "0640", "0.5", "clock", False)


async def test_the_last_input_comes_back() -> None:
    last = WriteInput("0x10", "2K", "0666", "2", "sine", True)
    host = Host(write(last=last))
    async with host.run_test() as pilot:
        assert "(sine)" in shown(host)
        assert "[x] remove at end" in shown(host)
        await pilot.press("enter")
    assert host.answers[0] is not None
    assert host.answers[0].typed == last


async def test_a_remembered_pattern_that_is_no_more_is_the_first() -> None:
    host = Host(write(last=WriteInput(pattern="[/nothing]")))
    async with host.run_test():
        assert host.screen.query_one("#pattern", Cycle).position == 0


async def test_stdin_is_not_offered_because_it_is_the_lifeline() -> None:
    host = Host(write())
    async with host.run_test() as pilot:
        cycle = host.screen.query_one("#pattern", Cycle)
        cycle.focus()
        seen = set()
        for _ in range(10):
            await pilot.press("right")
            seen.add(str(cycle.render()))
        assert seen == {"(counter)", "(clock)", "(sine)", "(random)"}
        await pilot.press("left")
        assert str(cycle.render()) in seen
