"""An input line whose ↑ and ↓ bring back what was typed before."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Key
from textual.widgets import Input

MEMORY = 100
"""Inputs remembered."""

_IN_ORDER = ("cursor_", "delete_", "home", "end", "submit")
"""How the actions of an input begin that change its text, move its cursor, or accept it."""


class History:
    """Earlier inputs, oldest first; what is being typed stands after the newest."""

    def __init__(self, inputs: Iterable[str] = ()) -> None:
        self._inputs = list(inputs)[-MEMORY:]
        self.start()

    def start(self) -> None:
        """A new input is typed."""
        self._at = len(self._inputs)
        self._typed = ""

    def add(self, text: str) -> None:
        """An input was accepted: it is the newest now, and stands there once."""
        if text in self._inputs:
            self._inputs.remove(text)
        if text:
            self._inputs.append(text)
        del self._inputs[:-MEMORY]

    def earlier(self, text: str) -> str:
        """What stands before `text`, or `text` where there is nothing."""
        if self._at == len(self._inputs):
            self._typed = text
        self._at = max(0, self._at - 1)
        return self._inputs[self._at] if self._inputs else text

    def later(self, text: str) -> str:
        """What stands after `text`: at the end, what was being typed."""
        if self._at >= len(self._inputs):
            return text
        self._at += 1
        return self._inputs[self._at] if self._at < len(self._inputs) else self._typed


class InOrder(Input):
    """Keys act in the order in which they were typed.

    Textual inserts a letter here, but first asks every parent about a key that is bound, as
    Backspace and ← are: of `⌫9`, sent by the terminal in one piece, the 9 would come first.
    """

    async def on_key(self, event: Key) -> None:
        """Moves, deletes and accepts at once; all else takes Textual's way."""
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            if not event.is_printable and binding.action.startswith(_IN_ORDER):
                event.stop()
                await self.run_action(binding.action)


class TypedLine(InOrder):
    """One row high. Printable keys are text; the cursor starts at the end.

    Enter is answered at once, and not by a message: a key that the terminal sent in one piece with
    it is for what has the focus then.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "earlier", "Earlier", show=False),
        Binding("down", "later", "Later", show=False),
    ]

    def __init__(self, accepted: Callable[[str], object]) -> None:
        """`accepted`: called with the text."""
        super().__init__(compact=True, select_on_focus=False)
        self._accepted = accepted
        self._history = History()

    async def on_key(self, event: Key) -> None:
        """Hands on what came after the Enter that was answered."""
        if self.screen.focused is not self:
            event.stop()
            event.prevent_default()
            self.app.post_message(Key(event.key, event.character))

    async def action_submit(self) -> None:
        self._accepted(self.value)

    def start(self, text: str, history: History) -> None:
        """Begin with this text."""
        history.start()
        self._history = history
        self._take(text)

    def action_earlier(self) -> None:
        self._take(self._history.earlier(self.value))

    def action_later(self) -> None:
        self._take(self._history.later(self.value))

    def _take(self, text: str) -> None:
        self.value = text
        self.cursor_position = len(text)
