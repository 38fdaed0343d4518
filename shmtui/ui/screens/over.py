"""What the screens about the machine share: title, rows, message line, keys; a look off-thread."""

from __future__ import annotations

import threading
from typing import Any, ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.events import ScreenResume
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from shmtui.present.words import cell_width, visible
from shmtui.store.paths import StoreError
from shmtui.sysv.errors import ShmError
from shmtui.ui.bar import Bar, Part
from shmtui.ui.commands import Context, bindings
from shmtui.ui.key_bar import KeyBar
from shmtui.ui.lines_view import LinesView
from shmtui.ui.prompt import Prompt, Severity
from shmtui.ui.table_view import TableView

FoundT = TypeVar("FoundT")

LOOKING = "looking …"


class Looked(Message):
    """A look has found something."""

    def __init__(self, found: Any) -> None:
        super().__init__()
        self.found = found


class LookFailed(Message):
    """A look has met what it could not read; the words say why."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words


class ScreenTable(TableView, inherit_bindings=False):
    """A table with the keys of a screen over the list: those of the segment pane mean nothing."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings("rows"))


class OverScreen(Screen[None]):
    """A title and rows to move through; Esc goes back to the list."""

    AUTO_FOCUS = "LinesView"
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("screen"))
    DEFAULT_CSS = """
    OverScreen { layout: vertical; }
    OverScreen > #title { background: $panel; color: $foreground; text-style: bold; }
    OverScreen > #whole {
        height: auto; max-height: 50%; padding: 0 1; color: $foreground 80%; display: none;
    }
    OverScreen.-whole > #whole { display: block; }
    OverScreen > #whole.error { color: $text-error; text-style: bold; }
    """

    heading = ""
    """The title until there is more to say."""
    keys: tuple[Context, ...] = ()
    """Whose keys the footer shows, beside those of every screen."""

    def __init__(self, body: LinesView) -> None:
        super().__init__()
        self._title = Bar(id="title")
        self._body = body
        self._whole = Static(id="whole", markup=False)
        """What the message line has no room for."""
        self._prompt = Prompt()
        self._held: tuple[str, Severity] = ("", "info")

    def compose(self) -> ComposeResult:
        self.head(self.heading)
        yield self._title
        yield self._body
        yield self._whole
        yield self._prompt
        yield KeyBar(*self.keys, "screen")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key may come before the widgets that it acts on."""
        return self.is_mounted

    def action_close(self) -> None:
        self.dismiss(None)

    def hold(self, words: str, severity: Severity = "warning") -> None:
        """Keep this in the message line; empty: nothing more to say."""
        self._held = (words, severity)
        self._fill_message_line()

    @on(TableView.Moved)
    def _fill_message_line(self) -> None:
        """Where nothing is held, what the row under the cursor has no room for stands there. What
        is more than a line stands whole above it.
        """
        words, severity = self._held
        if not words:
            words, severity = self._cut(), "info"
        is_long = cell_width(visible(words)) > self.size.width
        self._whole.update(Content(visible(words) if is_long else ""))
        self._whole.set_class(severity == "error", "error")
        self.set_class(is_long, "-whole")
        self._prompt.hold("" if is_long else words, severity)

    def _cut(self) -> str:
        return self._body.cut if isinstance(self._body, TableView) else ""

    def head(self, *words: str) -> None:
        """Show these words in the title, but for empty ones. They must be safe to print."""
        self._title.show(Part(" " + " · ".join(filter(None, words))))


class LookingScreen(OverScreen, Generic[FoundT]):
    """Every `every_s` seconds `look` finds, on a thread of its own, what `show` then shows."""

    every_s = 2.0

    def __init__(self, body: LinesView) -> None:
        super().__init__(body)
        self._looking = False
        self._has_seen = False

    def on_mount(self) -> None:
        self._body.say(LOOKING)
        self.look_now()
        self.set_interval(self.every_s, self.look_now)

    @on(ScreenResume)
    def _look_again(self) -> None:
        self.look_now()

    def look(self) -> FoundT:
        """What is there now. Not on the screen's thread; may raise ShmError, StoreError."""
        raise NotImplementedError

    def show(self, found: FoundT) -> None:
        """Take over what a look has found."""
        raise NotImplementedError

    def look_now(self) -> None:
        """Begin a look, unless one is under way, or another screen is on view: nobody would see
        it."""
        if self.is_active and not self._looking:
            self._looking = True
            # A daemon: a kernel call that hangs must not keep the program from ending.
            threading.Thread(target=self._look, name="look", daemon=True).start()

    def _look(self) -> None:
        try:
            found = self.look()
        except (ShmError, StoreError) as error:
            self.post_message(LookFailed(str(error)))
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            self.post_message(LookFailed(f"{type(error).__name__}: {error}"))
        else:
            self.post_message(Looked(found))

    @on(Looked)
    def _take(self, event: Looked) -> None:
        self._looking = False
        self._has_seen = True
        self._held = ("", "info")
        self._body.dim(False)
        self._body.say("")
        self.show(event.found)
        self._fill_message_line()

    @on(LookFailed)
    def _take_failure(self, event: LookFailed) -> None:
        """What was seen last stays, dimmed; the message line says why it is not renewed."""
        self._looking = False
        self._body.dim(self._has_seen)
        self.hold(event.words, "error")
        self._body.say("" if self._has_seen else visible(event.words))
