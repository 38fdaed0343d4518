"""Details: all words are readable at any width, and only what changed is painted again."""

import pytest
from textual.app import App, ComposeResult

from shmtui.ui import details
from shmtui.ui.details import DetailsView, Fact
from tests.ui.hosts import until
from tests.ui.painted import Painted, lines

pytestmark = pytest.mark.usefixtures("pauses_settle")

FACTS: list[Fact] = [
    ("Key", "0x00000cea (3306)"),
    ("State", "orphan"),
    ("", "creator 100 is gone: since 2023-11-14 22:11:15 that pid is another process, cron"),
    ("Attached", "2023-11-14 22:11:15, 2 min ago"),
]


class PaintedDetails(Painted, DetailsView):
    """Tells which lines were painted."""


class DetailsApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.view = PaintedDetails()

    def compose(self) -> ComposeResult:
        yield self.view

    def on_mount(self) -> None:
        self.view.show(FACTS)
        self.view.focus()


def text(facts: list[Fact], width: int) -> list[str]:
    return ["".join(part for part, _ in line) for line in details.lines(facts, width)]


async def test_labels_and_words_stand_in_two_columns() -> None:
    app = DetailsApp()
    async with app.run_test(size=(60, 10)) as pilot:
        await pilot.pause()
        assert lines(app)[:3] == [
            " Key           0x00000cea (3306)",
            " State         orphan",
            "               creator 100 is gone: since 2023-11-14",
        ]


@pytest.mark.parametrize("width", [1, 5, 20, 39, 40, 79, 200])
def test_no_word_is_lost_at_any_width(width: int) -> None:
    shown = "".join(text(FACTS, width)).replace(" ", "")
    words = "".join(label + words for label, words in FACTS).replace(" ", "")
    assert shown == words
    assert all(len(line) <= max(width, 16) for line in text(FACTS, width))


async def test_narrow_screens_put_the_words_under_their_label() -> None:
    app = DetailsApp()
    async with app.run_test(size=(30, 12)) as pilot:
        await pilot.pause()
        assert lines(app)[:4] == [" Key", "  0x00000cea (3306)", " State", "  orphan"]


async def test_only_the_line_whose_age_moved_is_painted() -> None:
    app = DetailsApp()
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.pause()
        app.view.painted.clear()
        app.view.show([*FACTS[:3], ("Attached", "2023-11-14 22:11:15, 3 min ago")])
        await until(pilot, lambda: bool(app.view.painted))
        assert app.view.painted == {4}
        assert lines(app)[4].endswith("3 min ago")


async def test_what_does_not_fit_is_scrolled_to() -> None:
    app = DetailsApp()
    async with app.run_test(size=(80, 3)) as pilot:
        await pilot.press("G")
        await pilot.pause()
        assert lines(app)[2].startswith(" Attached")
        await pilot.press("k", "k", "k")
        await pilot.pause()
        assert lines(app)[0].startswith(" Key")


async def test_facts_that_fit_exactly_have_no_scrollbar() -> None:
    app = DetailsApp()
    async with app.run_test(size=(80, 5)) as pilot:
        app.view.show([*FACTS, ("Flags", "none")])
        await pilot.pause()
        assert app.view.show_vertical_scrollbar
        app.view.show(FACTS)
        await until(pilot, lambda: not app.view.show_vertical_scrollbar)


async def test_facts_are_no_markup() -> None:
    app = DetailsApp()
    async with app.run_test(size=(80, 5)) as pilot:
        app.view.show([("Creator", "process 5, [/red][kworker/0:1]")])
        await pilot.pause()
        assert lines(app)[0] == " Creator       process 5, [/red][kworker/0:1]"
