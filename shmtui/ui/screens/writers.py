"""The Writers screen: every writer that was started here, what it does, and how to stop it."""

import time
from collections.abc import Coroutine, Mapping, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static
from textual.widgets.option_list import Option

from shmtui.present.words import cells, visible
from shmtui.sysv.arguments import key_words
from shmtui.ui.commands import bindings
from shmtui.ui.dialogs.choose import Choices
from shmtui.ui.key_bar import KeyBar
from shmtui.ui.prompt import Prompt
from shmtui.writer.fleet import Fleet, Writer

LOOK_AGAIN_S = 1.0
EMPTY = "No writers were started here. w starts one from the list."

WIDTHS = {
    "PID": 7,
    "ID": 10,
    "KEY": 10,
    "PATTERN": 7,
    "EVERY": 6,
    "STATE": 7,
    "STARTED": 8,
    "LAST ERROR": 17,
}
"""Terminal columns."""
GO_FIRST = ("LAST ERROR", "STARTED", "EVERY", "KEY", "PATTERN", "ID")
"""What is left out where the terminal is too narrow, in this order."""


def fit(width: int) -> tuple[str, ...]:
    """The headings that stand in so many columns, the pid and the state always."""
    names = list(WIDTHS)
    for gone in GO_FIRST:
        if sum(WIDTHS[name] + 1 for name in names) - 1 <= width:
            break
        names.remove(gone)
    return tuple(names)


def writer_words(writer: Writer) -> dict[str, str]:
    """What stands under the headings for this writer."""
    spec = writer.spec
    return {
        "PID": str(writer.pid),
        "ID": str(writer.shmid),
        "KEY": key_words(writer.key),
        "PATTERN": spec.pattern,
        "EVERY": f"{spec.interval_s:g} s",
        "STATE": writer.state,
        "STARTED": time.strftime("%H:%M:%S", time.localtime(writer.started)),
        "LAST ERROR": visible(writer.last_error),
    }


def _line(words: Mapping[str, str], names: Sequence[str]) -> str:
    """The last error has no width of its own here: the line cuts it at its end."""
    parts = [cells(words[name], WIDTHS[name]) for name in names if name != "LAST ERROR"]
    return " ".join([*parts, *(words[name] for name in names if name == "LAST ERROR")])


class WritersScreen(Screen[None]):
    """Live. `x` stops the writer under the cursor, `X` all, Esc goes back."""

    AUTO_FOCUS = "Choices"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("screen"), *bindings("writers")]
    DEFAULT_CSS = """
    WritersScreen { layout: vertical; }
    WritersScreen #title { height: 1; padding: 0 1; background: $panel; text-style: bold; }
    WritersScreen #headings { height: 1; text-wrap: nowrap; }
    WritersScreen Choices { height: 1fr; max-height: 100%; }
    WritersScreen #empty { height: 1fr; content-align: center middle; display: none; }
    WritersScreen.-empty #empty { display: block; }
    WritersScreen.-empty Choices, WritersScreen.-empty #headings { display: none; }
    WritersScreen #error { height: auto; max-height: 3; color: $text-error; }
    """

    def __init__(self, fleet: Fleet) -> None:
        super().__init__()
        self._fleet = fleet
        self._lines: dict[int, str] = {}
        """By the writers' numbers, in the order on view."""

    def compose(self) -> ComposeResult:
        yield Static("", id="title", markup=False)
        yield Static("", id="headings", markup=False)
        yield Choices(compact=True, markup=False)
        yield Static(Content(EMPTY), id="empty")
        yield Static("", id="error", markup=False)
        yield Prompt()
        yield KeyBar("screen", "writers")

    def on_mount(self) -> None:
        self.set_interval(LOOK_AGAIN_S, self.look)

    def on_resize(self) -> None:
        self.look()

    def look(self) -> None:
        """Draw what changed since the last look."""
        # One column for the scroll bar.
        names = fit(self.size.width - 1)
        self.query_one("#headings", Static).update(Content(_line({n: n for n in names}, names)))
        writers = self._fleet.writers
        lines = {writer.number: _line(writer_words(writer), names) for writer in writers}
        if lines.keys() == self._lines.keys():
            self._redraw(lines)
        else:
            self._refill(lines)
        self.set_class(not writers, "-empty")
        title = f"Writers · {len(self._fleet.running)} of {len(writers)} running"
        self.query_one("#title", Static).update(Content(title))
        self._show_error()

    def _redraw(self, lines: dict[int, str]) -> None:
        choices = self.query_one(Choices)
        for at, (number, line) in enumerate(lines.items()):
            if line != self._lines[number]:
                choices.replace_option_prompt_at_index(at, Content(line))
        self._lines = lines

    def _refill(self, lines: dict[int, str]) -> None:
        """The cursor stays on its writer."""
        choices = self.query_one(Choices)
        here = self._chosen()
        self._lines = lines
        choices.clear_options()
        choices.add_options([Option(Content(line)) for line in lines.values()])
        numbers = list(lines)
        if numbers:
            choices.highlighted = numbers.index(here.number) if here else 0

    def _chosen(self) -> Writer | None:
        at = self.query_one(Choices).highlighted
        if at is None:
            return None
        number = list(self._lines)[at]
        return next((one for one in self._fleet.writers if one.number == number), None)

    def on_option_list_option_highlighted(self) -> None:
        self._show_error()

    def _show_error(self) -> None:
        """The last error whole: its column may be too narrow for it."""
        writer = self._chosen()
        words = visible(writer.last_error) if writer else ""
        self.query_one("#error", Static).update(Content(words))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key may come before the widgets that it acts on."""
        return self.is_mounted

    def action_close(self) -> None:
        self.dismiss(None)

    def action_stop_writer(self) -> None:
        writer = self._chosen()
        if writer is None or writer.state != "running":
            self.app.bell()
            return
        self._work(self._stop(writer))

    def action_stop_all_writers(self) -> None:
        if not self._fleet.running:
            self.app.bell()
            return
        self._work(self._stop_all(len(self._fleet.running)))

    def _work(self, work: Coroutine[None, None, None]) -> None:
        """The application's, not ours: leaving the screen must not give up a stop half way."""
        self.app.run_worker(work, group="stop writers")

    async def _stop(self, writer: Writer) -> None:
        self._say(f"stopping writer {writer.pid} …")
        ended = await self._fleet.stop(writer)
        self._say(f"writer {ended.pid} {ended.state}")

    async def _stop_all(self, count: int) -> None:
        self._say(f"stopping {count} writers …")
        await self._fleet.stop_all()
        self._say("all writers stopped")

    def _say(self, words: str) -> None:
        if self.is_attached:
            self.look()
            self.query_one(Prompt).say(words)
