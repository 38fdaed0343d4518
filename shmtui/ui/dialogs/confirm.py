"""Shows the consequence of an act, and asks."""

from collections.abc import Iterable, Sequence
from typing import Literal

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from shmtui.present.words import visible
from shmtui.ui.dialogs.dialog import Dialog


class ConfirmDialog(Dialog[Literal[True]]):
    """True: do it; None: do not. The focus is on Cancel, and Enter presses what has the focus."""

    AUTO_FOCUS = "#cancel"
    DEFAULT_CSS = "ConfirmDialog .words { width: 100%; height: auto; }"

    def __init__(self, heading: str, consequence: Sequence[str], accept_words: str) -> None:
        super().__init__()
        self.heading = heading
        self.accept_words = accept_words
        self._consequence = tuple(consequence)

    def body(self) -> Iterable[Widget]:
        for words in self._consequence:
            yield Static(Content(visible(words)), classes="words")

    def result(self) -> Literal[True]:
        return True
