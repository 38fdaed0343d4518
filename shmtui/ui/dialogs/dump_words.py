"""What a dialog says of the directory that dumps are to go to: it looks there on a thread."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from shmtui.acts.dump_place import lacking
from shmtui.present.words import visible
from shmtui.sysv.segment import Segment

HANGS_S = 0.5
"""A look that takes longer is told of."""


class DumpWords(Static):
    """Has no line while there is nothing to say."""

    DEFAULT_CSS = """
    DumpWords { height: auto; color: $text-error; display: none; }
    DumpWords.-said { display: block; }
    """

    class Looked(Message):
        """A look is done; the dialog gets that of the latest one alone."""

        def __init__(self, look: int, words: str) -> None:
            """`words`: why dumps cannot go there; empty: they can."""
            super().__init__()
            self.look = look
            self.words = words

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._latest = 0
        """Number of the look that counts."""

    def look(self, directory: Path, segments: Sequence[Segment]) -> None:
        """Find out whether dumps of these can go there, and say why not; a Looked tells the
        dialog. What stands there meanwhile stays.
        """
        self._latest += 1
        look = self._latest
        # A daemon: a file system that hangs must not keep the program from ending.
        threading.Thread(
            target=lambda: self.post_message(self.Looked(look, lacking(directory, segments))),
            name="dump place",
            daemon=True,
        ).start()
        self.set_timer(HANGS_S, lambda: self._tell_hanging(look, directory))

    def say(self, words: str) -> None:
        """Show these words, and take no look that is under way for one that counts."""
        self._latest += 1
        self._show(words)

    def on_dump_words_looked(self, event: DumpWords.Looked) -> None:
        if event.look != self._latest:
            event.stop()
            return
        self.say(f"{event.words}. Name another, or untick the dump." if event.words else "")

    def _tell_hanging(self, look: int, directory: Path) -> None:
        if look == self._latest:
            self._show(f"Looking at {directory} …")

    def _show(self, words: str) -> None:
        self.update(Content(visible(words)))
        self.set_class(bool(words), "-said")
