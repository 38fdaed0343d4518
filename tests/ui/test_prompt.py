"""The message line, and the same line while a filter or a place is typed."""

from collections.abc import Callable
from typing import ClassVar

import pytest
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.keys import _character_to_key
from textual.screen import Screen
from textual.widgets import Button

from shmtui.ui.commands import bindings
from shmtui.ui.list_part import filter_error
from shmtui.ui.prompt import Prompt, Question
from shmtui.ui.typed_line import TypedLine
from tests.ui.hosts import shown, until


class Line(App[None]):
    """A button that has the focus, and the line under it; keeps what the line says it was told."""

    CSS = "#list { height: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("any"), Binding("slash", "filter")]

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, str]] = []
        self.prompt = Prompt()

    def compose(self) -> ComposeResult:
        yield Button("list", id="list")
        yield self.prompt

    def keep(self, name: str) -> Callable[[str], None]:
        return lambda text: self.told.append((name, text))

    def ask_filter(self, text: str = "") -> None:
        """A question that is checked and told of as it is typed."""
        names = ("accepted", "typed", "restored")
        accepted, typed, restored = (self.keep(name) for name in names)
        question = Question("filter", "/", accepted, filter_error, typed, restored, True, True)
        self.prompt.ask(question, text)

    def ask_place(self) -> None:
        self.prompt.ask(Question("goto", ":", self.keep("went")))

    async def action_quit(self) -> None:
        self.told.append(("quit", ""))

    def on_key(self, event: Key) -> None:
        if self.prompt.take(event):
            event.prevent_default()

    def action_filter(self) -> None:
        self.ask_filter()

    def action_interrupt(self) -> None:
        self.told.append(("interrupt", ""))

    @property
    def line(self) -> str:
        return shown(self).split("\n")[-1].strip()


async def test_words_are_said_and_dropped() -> None:
    app = Line()
    async with app.run_test() as pilot:
        app.prompt.say("copied", for_s=0.2)
        await until(pilot, lambda: "copied" in app.line)
        await until(pilot, lambda: app.line == "")


async def test_words_may_come_before_the_first_paint() -> None:
    app = Line()
    app.prompt.hold("settings not read")
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.line == "settings not read")


async def test_the_cause_of_a_failed_poll_stays_and_comes_back_after_other_words() -> None:
    app = Line()
    async with app.run_test() as pilot:
        app.prompt.hold("cannot read the table")
        app.prompt.say("copied", for_s=0.2)
        await until(pilot, lambda: app.line == "copied")
        await until(pilot, lambda: app.line == "cannot read the table")
        app.prompt.hold("")
        await until(pilot, lambda: app.line == "")


async def test_words_from_outside_are_not_markup() -> None:
    app = Line()
    async with app.run_test() as pilot:
        app.prompt.say("gone: [/proc/1]\x1b[2J", "error")
        await until(pilot, lambda: app.line == "gone: [/proc/1]\\x1b[2J")


async def test_a_filter_is_told_as_it_is_typed_and_stays_by_enter() -> None:
    app = Line()
    async with app.run_test() as pilot:
        app.ask_filter()
        await pilot.press("q", "1")
        assert app.line == "/q1"
        await pilot.press("enter")
        await until(pilot, lambda: not app.prompt.asking)
        assert app.told[-2:] == [("typed", "q1"), ("accepted", "q1")]
        assert app.focused is not None
        assert app.focused.id == "list"


async def test_esc_brings_the_filter_in_force_back() -> None:
    app = Line()
    async with app.run_test() as pilot:
        app.ask_filter("owner=ops")
        await pilot.press("backspace", "escape")
        assert app.told == [("typed", "owner=op"), ("restored", "owner=ops")]
        assert app.focused is not None
        assert app.focused.id == "list"


async def test_ctrl_c_leaves_the_prompt_not_the_program() -> None:
    app = Line()
    async with app.run_test() as pilot:
        app.ask_place()
        await pilot.press("ctrl+c")
        assert app.told == []
        assert not app.prompt.asking
        await pilot.press("ctrl+c")
        assert app.told == [("interrupt", "")]


async def test_a_filter_in_error_says_so_beside_it_and_is_not_accepted() -> None:
    app = Line()
    async with app.run_test() as pilot:
        app.ask_filter()
        await pilot.press(*"nattch>", "enter")
        assert app.line.startswith("/nattch>")
        assert app.line.endswith(filter_error("nattch>"))
        assert app.told[-1] == ("typed", "nattch>")
        await pilot.press("1", "enter")
        assert app.told[-1] == ("accepted", "nattch>1")


async def test_a_filter_in_error_is_not_accepted_however_fast_enter_comes() -> None:
    app = Line()
    async with app.run_test() as pilot:
        app.ask_filter()
        await pilot.pause()
        app.post_message(Key("exclamation_mark", "!"))
        app.post_message(Key("enter", None))
        await until(pilot, lambda: app.line.endswith(filter_error("!")))
        assert app.prompt.asking == "filter"
        assert ("accepted", "!") not in app.told


async def test_a_filter_that_comes_in_one_piece_with_its_key_is_whole() -> None:
    app = Line()
    async with app.run_test() as pilot:
        await pilot.pause()
        for character in "/owner=q?w":
            app.post_message(Key(_character_to_key(character), character))
        app.post_message(Key("enter", None))
        await until(pilot, lambda: ("accepted", "owner=q?w") in app.told)
        assert ("quit", "") not in app.told


async def test_what_comes_in_one_piece_with_enter_is_for_what_is_there_then() -> None:
    app = Line()
    async with app.run_test() as pilot:
        app.ask_place()
        for key in ("7", "enter", "q"):
            app.post_message(Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: ("quit", "") in app.told)
        assert app.told[-2:] == [("went", "7"), ("quit", "")]


async def test_letters_over_another_screen_are_not_the_prompts() -> None:
    app = Line()
    async with app.run_test() as pilot:
        app.ask_place()
        await app.push_screen(Screen())
        await pilot.press("a")
        await app.pop_screen()
        await until(pilot, lambda: app.line == ":")


async def test_the_arrows_bring_earlier_filters_and_what_was_typed() -> None:
    app = Line()
    async with app.run_test() as pilot:
        for text in ("size>1m", "owner=root"):
            app.ask_filter(text)
            await pilot.press("enter")
        app.ask_filter()
        await pilot.press("k", "up")
        assert app.line == "/owner=root"
        await pilot.press("up", "up")
        assert app.line == "/size>1m"
        await pilot.press("down", "down")
        assert app.line == "/k"


async def test_accepted_filters_are_remembered_once() -> None:
    app = Line()
    async with app.run_test() as pilot:
        app.ask_filter("owner=root")
        await pilot.press("enter")
        for _ in range(2):
            app.ask_filter()
            await pilot.press("a", "enter")
            await until(pilot, lambda: not app.prompt.asking)
        app.ask_filter()
        await pilot.press("up", "up")
        assert app.line == "/owner=root"


async def test_a_place_is_told_by_enter_alone() -> None:
    app = Line()
    async with app.run_test() as pilot:
        app.ask_place()
        await pilot.press(*"0xcea")
        assert app.line == ":0xcea"
        await pilot.press("enter")
        await until(pilot, lambda: app.told == [("went", "0xcea")])


async def test_going_nowhere_is_nothing() -> None:
    app = Line()
    async with app.run_test() as pilot:
        app.ask_place()
        await pilot.press("enter")
        await until(pilot, lambda: not app.prompt.asking)
        assert app.told == []


async def test_a_click_elsewhere_accepts_the_filter() -> None:
    app = Line()
    async with app.run_test() as pilot:
        app.ask_filter()
        await pilot.press("a")
        await pilot.click("#list")
        await until(pilot, lambda: not app.prompt.asking)
        assert app.told[-1] == ("accepted", "a")
        assert app.focused is not None
        assert app.focused.id == "list"


async def test_a_click_elsewhere_drops_a_filter_in_error() -> None:
    app = Line()
    async with app.run_test() as pilot:
        app.ask_filter("old")
        await pilot.press("!", ">")
        await pilot.click("#list")
        await until(pilot, lambda: not app.prompt.asking)
        assert app.told[-1] == ("restored", "old")


async def test_the_prompt_is_one_line_on_a_small_terminal() -> None:
    app = Line()
    async with app.run_test(size=(20, 5)) as pilot:
        app.ask_filter()
        await pilot.press(*"nattch=somebody")
        assert app.prompt.query_one("#wrong").region.width > 0
        assert app.prompt.region.height == 1
        assert app.line.startswith("/")


@pytest.mark.parametrize("width", [34, 80, 140])
@pytest.mark.parametrize("enter", [False, True])
async def test_what_is_typed_has_room_beside_what_is_wrong_with_it(width: int, enter: bool) -> None:
    app = Line()
    async with app.run_test(size=(width, 5)) as pilot:
        wrong = "a wrong word, and a great deal more to say of it " * 5
        app.prompt.ask(Question("size", "shmget of ", app.keep("size"), lambda _: wrong))
        await pilot.press(*"12345678901234", *(["enter"] if enter else []))
        await until(pilot, lambda: "12345678901234 " in app.line)
        assert app.prompt.query_one(TypedLine).size.width >= max(16, width // 3)
        assert "a wrong"[: width - 30] in app.line
        await pilot.resize_terminal(60, 5)
        await until(pilot, lambda: app.prompt.query_one(TypedLine).size.width >= 20)


async def test_what_is_wrong_has_the_room_of_the_sign_after_an_enter_in_vain() -> None:
    app = Line()
    async with app.run_test(size=(80, 5)) as pilot:
        wrong = "no size: " + "x" * 41
        app.prompt.ask(Question("size", "shmget of ", app.keep("size"), lambda _: wrong))
        await pilot.press("1")
        await until(pilot, lambda: app.line.endswith("x…"))
        await pilot.press("enter")
        await until(pilot, lambda: app.line.endswith(wrong))
        await pilot.press("2")
        await until(pilot, lambda: app.line.startswith("shmget of 12"))


async def test_news_does_not_cover_a_warning_that_is_still_on_show() -> None:
    host = Line()
    async with host.run_test() as pilot:
        prompt = host.query_one(Prompt)
        prompt.say("settings not saved", "warning")
        prompt.say("Writer 1 writes")
        await pilot.pause()
        assert "settings not saved" in shown(host)
        prompt.say("worse", "error")
        await pilot.pause()
        assert "worse" in shown(host)


async def test_work_that_begins_is_not_hidden_by_older_news() -> None:
    app = Line()
    async with app.run_test() as pilot:
        app.prompt.say("copied", for_s=60)
        app.prompt.show_progress("10 %")
        await until(pilot, lambda: app.line == "10 %")
        app.prompt.say("no older picture", for_s=60)
        app.prompt.show_progress("20 %")
        await until(pilot, lambda: app.line == "no older picture")


async def test_work_that_begins_does_not_cover_what_went_wrong() -> None:
    app = Line()
    async with app.run_test() as pilot:
        app.prompt.say("not saved", "error", for_s=0.3)
        app.prompt.show_progress("10 %")
        await until(pilot, lambda: app.line == "not saved")
        await until(pilot, lambda: app.line == "10 %")
