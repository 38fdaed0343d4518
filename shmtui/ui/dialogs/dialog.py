"""What all dialogs share: the frame, the keys that a modal screen cuts off, the two buttons."""

from collections.abc import Iterable
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button, Input

from shmtui.present.words import visible
from shmtui.ui.dialogs.fields import button
from shmtui.ui.screens.help import HelpScreen

ResultT = TypeVar("ResultT")

WIDTHS = [(0, "-narrow"), (50, "-wide")]
HEIGHTS = [(0, "-short"), (12, "-tall")]
"""Columns and rows of the terminal from which a dialog has the class."""


class Dialog(ModalScreen[ResultT | None]):
    """Enter accepts, Esc and Ctrl+C cancel (the result is None), Tab moves, F1 helps.

    A subclass gives `heading`, `accept_words`, `body()` and `result()`.
    """

    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    # A modal screen cuts off what the App binds. Ctrl+C has priority: a field whose text is
    # selected, as at the start, would copy it.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "accept", "Accept", show=False),
        Binding("escape", "cancel", "Cancel", show=False),
        Binding("ctrl+c", "cancel", "Cancel", show=False, priority=True),
        # With priority, too: what is typed behind it at once must not go to the field before.
        Binding("tab", "app.focus_next", "Next", show=False, priority=True),
        Binding("shift+tab", "app.focus_previous", "Previous", show=False, priority=True),
        Binding("f1", "help", "Help", show=False),
        Binding("ctrl+z", "app.suspend_process", "Suspend", show=False),
    ]
    DEFAULT_CSS = """
    Dialog { align: center middle; }
    Dialog #frame {
        width: 48; max-width: 100%; height: auto; max-height: 100%;
        border: solid $border; background: $surface; padding: 0 1;
        border-title-style: bold; scrollbar-size-vertical: 1;
    }
    Dialog.-narrow #frame { padding: 0; }
    Dialog #buttons { height: 1; align-horizontal: right; }
    Dialog Input:nocolor > .input--cursor, Dialog Input:nocolor > .input--selection {
        text-style: reverse;
    }
    Dialog Button { width: auto; min-width: 0; margin-left: 1; }
    """

    heading = ""
    hint = ""
    """Stands in the lower border."""
    accept_words = "OK"

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="frame", can_focus=False) as frame:
            frame.border_title = Content(visible(self.heading))
            frame.border_subtitle = Content(self.hint)
            yield from self.body()
            with Horizontal(id="buttons"):
                yield from self.buttons()

    def body(self) -> Iterable[Widget]:
        """What stands above the buttons."""
        raise NotImplementedError

    def buttons(self) -> Iterable[Widget]:
        yield button("Cancel", "cancel")
        yield button(self.accept_words, "accept")

    def result(self) -> ResultT | None:
        """What accepting gives; None: it cannot be accepted as it stands."""
        raise NotImplementedError

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key may come before the widgets that it acts on."""
        return self.is_mounted

    def action_accept(self) -> None:
        result = self.result()
        if result is None:
            self.app.bell()
        else:
            self.dismiss(result)

    def action_cancel(self) -> None:
        self.dismiss(None)

    def action_help(self) -> None:
        self.app.push_screen(HelpScreen(at_dialogs=True))

    @on(Input.Submitted)
    @on(Button.Pressed, "#accept")
    def _accept(self) -> None:
        self.action_accept()

    @on(Button.Pressed, "#cancel")
    def _cancel(self) -> None:
        self.action_cancel()
