"""The view of who maps a segment: what it says, what its keys do, and real processes in it."""

import pytest
from textual import on
from textual.app import App, ComposeResult
from textual.message import Message

from shmtui.present.holding import Held
from shmtui.store.settings import Settings
from shmtui.ui import pane_words
from shmtui.ui.app import ShmtuiApp
from shmtui.ui.holders_view import HoldersTable, HoldersView
from shmtui.ui.messages import Say
from shmtui.ui.options import ScreenOptions
from tests.conftest import AttachedChild, MakeSegment
from tests.ui.hosts import shown, until
from tests.ui.painted import lines

NOW = 1_790_000_000.0
HEAD = "7 attaches, 5 processes · 2 not visible: other users'; run as root"


def held(pid: int, command: str = "postgres: main", user: str = "postgres") -> Held:
    addresses = ("7f2a11c00000-7f2a11c01000",)
    return Held(pid, user, command, NOW - 3 * 3600, addresses, ("rw",), 4096)


class HoldersApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.view = HoldersView()
        self.posted: list[Message] = []
        self.copied: list[str] = []

    def compose(self) -> ComposeResult:
        yield self.view

    def on_mount(self) -> None:
        self.view.table.focus()

    @on(HoldersTable.ProcessChosen)
    @on(Say)
    def _keep(self, event: Message) -> None:
        self.posted.append(event)

    def copy_to_clipboard(self, text: str) -> None:
        self.copied.append(text)


async def test_each_process_stands_below_what_is_said_of_all() -> None:
    app = HoldersApp()
    async with app.run_test(size=(100, 10)) as pilot:
        app.view.show(HEAD, [held(1234), held(77)], NOW)
        await pilot.pause()
        assert lines(app)[:4] == [
            f" {HEAD}",
            "  PID USER     STARTED  RSS ACCESS ADDRESSES                 COMMAND",
            " 1234 postgres 3 h ago 4.0K rw     7f2a11c00000-7f2a11c01000 postgres: main",
            "   77 postgres 3 h ago 4.0K rw     7f2a11c00000-7f2a11c01000 postgres: main",
        ]


@pytest.mark.parametrize("width", [20, 30, 40, 60, 80])
async def test_the_pid_user_and_command_stay_in_a_narrow_pane(width: int) -> None:
    app = HoldersApp()
    async with app.run_test(size=(width, 10)) as pilot:
        app.view.show(HEAD, [held(1234, "main", "ops")], NOW)
        await pilot.pause()
        words = next(line for line in lines(app) if "1234" in line).split()
        assert (words[0], words[1], words[-1][:3]) == ("1234", "ops", "mai"), lines(app)


async def test_a_long_command_does_not_drive_the_facts_out_of_80_columns() -> None:
    app = HoldersApp()
    async with app.run_test(size=(80, 10)) as pilot:
        app.view.show(HEAD, [held(1234, "/usr/bin/python3 " + "x" * 500, "ops")], NOW)
        await pilot.pause()
        assert "ADDRESSES" in lines(app)[1]
        assert lines(app)[2].endswith("…")


async def test_several_mappings_leave_room_for_the_first_at_80_columns() -> None:
    app = HoldersApp()
    async with app.run_test(size=(80, 10)) as pilot:
        row = held(1234567, "/usr/lib/postgresql/15/bin/postgres")
        addresses = ("7f2a11c00000-7f2a11c01000", "7f2a11d00000-7f2a11d01000")
        app.view.show(HEAD, [row._replace(addresses=addresses, accesses=("rw", "r"))], NOW)
        await pilot.pause()
        assert "7f2a11c00000-7f2a11c01000" in lines(app)[2]
        assert "rw,r" in lines(app)[2]


async def test_enter_asks_for_all_segments_of_the_process() -> None:
    app = HoldersApp()
    async with app.run_test(size=(100, 10)) as pilot:
        app.view.show(HEAD, [held(1234), held(77)], NOW)
        await pilot.press("j", "enter")
        (chosen,) = app.posted
        assert isinstance(chosen, HoldersTable.ProcessChosen)
        assert chosen.pid == 77


async def test_a_double_click_does_so_too() -> None:
    app = HoldersApp()
    async with app.run_test(size=(100, 10)) as pilot:
        app.view.show(HEAD, [held(1234), held(77)], NOW)
        await pilot.double_click(HoldersTable, offset=(5, 2))
        await until(pilot, lambda: bool(app.posted))
        assert isinstance(app.posted[0], HoldersTable.ProcessChosen)
        assert app.posted[0].pid == 77


async def test_y_copies_the_pid_and_says_so() -> None:
    app = HoldersApp()
    async with app.run_test(size=(100, 10)) as pilot:
        await pilot.press("y", "enter")
        app.view.show(HEAD, [held(1234)], NOW)
        await pilot.press("y")
        words = [one.words for one in app.posted if isinstance(one, Say)]
        assert words == ["There is no process to copy.", "Copied: 1234"]
        assert app.copied == ["1234"]


async def test_the_cursor_stays_on_its_process() -> None:
    app = HoldersApp()
    async with app.run_test(size=(100, 10)) as pilot:
        app.view.show(HEAD, [held(5), held(7), held(9)], NOW)
        await pilot.press("j")
        app.view.show(HEAD, [held(1), held(7), held(9)], NOW)
        assert app.view.table.value == 7
        app.view.show(HEAD, [held(7)], NOW)
        assert app.view.table.value == 7


async def test_why_some_are_not_visible_is_told_to_its_end() -> None:
    app = HoldersApp()
    why = "other users'; run as root; process 17 cannot be looked into: [the] kernel hangs"
    async with app.run_test(size=(60, 10)) as pilot:
        app.view.show(f"7 attaches, 5 processes · 2 not visible: {why}", [held(1234)], NOW)
        await pilot.pause()
        told = " ".join(" ".join(lines(app)).split())
        assert f"not visible: {why} PID USER" in told


async def test_a_command_that_is_cut_stands_whole_below_while_one_looks_at_the_processes() -> None:
    app = HoldersApp()
    command = "postgres: [b]walwriter " + "/very/long/path" * 4
    async with app.run_test(size=(80, 12)) as pilot:
        app.view.show("2 attaches, 2 processes", [held(1, command), held(2, "short")], NOW)
        await until(pilot, lambda: command in " ".join(line.strip() for line in lines(app)[5:]))
        await pilot.press("down")
        await until(pilot, lambda: not any("very" in line for line in lines(app)[5:]))
        await pilot.press("up")
        app.screen.set_focus(None)
        await until(pilot, lambda: not any("very" in line for line in lines(app)[5:]))


async def test_what_is_said_instead_stands_alone_and_gives_way_again() -> None:
    app = HoldersApp()
    async with app.run_test(size=(100, 10)) as pilot:
        app.view.show(HEAD, [held(1234)], NOW)
        app.view.say(pane_words.LOOKING)
        await pilot.pause()
        assert pane_words.LOOKING in shown(app)
        assert "1234" not in shown(app)
        assert HEAD not in shown(app)
        app.view.say("")
        app.view.show(HEAD, [held(1234)], NOW)
        await pilot.pause()
        assert "1234" in shown(app)


async def test_names_of_processes_are_neither_markup_nor_control() -> None:
    app = HoldersApp()
    async with app.run_test(size=(120, 10)) as pilot:
        app.view.show(HEAD, [held(1234, "[/proc/1]\x1b]0;x", "[/red]")], NOW)
        await pilot.pause()
        assert r"[/proc/1]\x1b]0;x" in lines(app)[2]
        assert "[/red]" in lines(app)[2]


async def test_processes_that_map_a_segment_come_and_go_in_the_view(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(4096, key=0xCAFE)
    first = attached_child(shmid)
    app = ShmtuiApp(ScreenOptions(interval_s=0.2), Settings())
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "0x0000cafe" in shown(app))
        await pilot.press("h")
        await until(pilot, lambda: "1 attach, 1 process" in shown(app))
        assert str(first.pid) in shown(app)
        second = attached_child(shmid)
        await until(pilot, lambda: "2 attaches, 2 processes" in shown(app))
        assert str(second.pid) in shown(app)
        first.kill()
        await until(pilot, lambda: "1 attach, 1 process" in shown(app))


async def test_enter_on_a_process_filters_the_list_to_its_segments(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(8192, key=0xCAFE)
    make_segment(4096, key=0xBEEF)
    child = attached_child(shmid)
    app = ShmtuiApp(ScreenOptions(interval_s=0.2), Settings())
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "2 of 2" in shown(app))
        await pilot.press("g", "h", "tab")
        await until(pilot, lambda: "1 attach, 1 process" in shown(app))
        await pilot.press("enter")
        await until(pilot, lambda: f"1 of 2 · pid={child.pid}" in shown(app))
