"""What becomes of the writers when the application is left while they run."""

from collections.abc import Iterable, Sequence
from typing import Literal

from textual import on
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Static

from shmtui.present.words import visible
from shmtui.sysv.arguments import many
from shmtui.ui.dialogs.dialog import Dialog
from shmtui.ui.dialogs.fields import button

Leaving = Literal["stop", "leave"]


class QuitDialog(Dialog[Leaving]):
    """`stop`: stop them and quit; `leave`: quit, they run on; None: stay here.

    `writers` names each, as a line of words.
    """

    AUTO_FOCUS = "#stop"
    DEFAULT_CSS = """
    QuitDialog #frame { width: 74; }
    QuitDialog Static { width: 100%; height: auto; }
    QuitDialog.-narrow #buttons { layout: vertical; height: auto; }
    """

    def __init__(self, writers: Sequence[str]) -> None:
        super().__init__()
        self._writers = tuple(writers)
        self.heading = f"Quit · {many(len(self._writers), 'writer')} running"

    def body(self) -> Iterable[Widget]:
        for words in self._writers:
            yield Static(Content(visible(words)))

    def buttons(self) -> Iterable[Widget]:
        yield button("Stop them and quit", "stop")
        yield button("Leave them running", "leave")
        yield button("Cancel", "cancel")

    @on(Button.Pressed, "#stop")
    def _stop(self) -> None:
        self.dismiss("stop")

    @on(Button.Pressed, "#leave")
    def _leave(self) -> None:
        self.dismiss("leave")

    def result(self) -> None:
        """Only a button answers."""
