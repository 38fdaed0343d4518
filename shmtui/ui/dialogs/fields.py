"""The small parts of a dialog: buttons, words to choose from with a key, ticks."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Key
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Button, Static


def button(words: str, id_: str) -> Button:
    """One row high; the brackets show a button where there is no colour."""
    return Button(Content(f"[ {words} ]"), id=id_, compact=True)


class InTurn(Widget):
    """Its own keys act before those behind them are sent anywhere.

    Textual asks for a binding only when the key has come up to the application; by then a Tab that
    was typed behind it may have taken the focus away.
    """

    async def on_key(self, event: Key) -> None:
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            event.stop()
            await self.run_action(binding.action)


class Cycle(Static, InTurn, can_focus=True):
    """One of a few words: Space, → and a click take the next one, ← the one before.

    Enter is left to the dialog.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,right", "step(1)", "Next", show=False),
        Binding("left", "step(-1)", "Previous", show=False),
    ]
    DEFAULT_CSS = """
    Cycle { width: auto; height: 1; text-wrap: nowrap; }
    Cycle:focus { text-style: reverse; }
    """

    position: reactive[int] = reactive(0, init=False)

    class Changed(Message):
        """Another word was taken."""

    def __init__(self, words: Sequence[str], position: int, id_: str) -> None:
        super().__init__(Content(words[position]), id=id_)
        self._words = tuple(words)
        self.set_reactive(Cycle.position, position)

    def watch_position(self) -> None:
        self.update(Content(self._words[self.position]))
        self.post_message(self.Changed())

    def action_step(self, by: int) -> None:
        self.position = (self.position + by) % len(self._words)

    def on_click(self) -> None:
        self.action_step(1)


def tick(words: str, value: bool, id_: str) -> Cycle:
    """A box to tick: position 1 is ticked."""
    return Cycle((f"[ ] {words}", f"[x] {words}"), int(value), id_)
