"""The last line: what the keys do here, from the one table of commands; a click presses the key.

Textual's Footer is a widget for each key, made twice at the start: it was among the costliest parts
of the first paint.
"""

from typing import ClassVar

from textual import events, on

from shmtui.present.words import cell_width
from shmtui.ui.bar import Bar, Part
from shmtui.ui.commands import COMMANDS, Command, Context, key_words

SHORT = {"enter": "⏎", "ctrl+p": "^p"}
PALETTE = next(command for command in COMMANDS if command.id == "command_palette")


class KeyBar(Bar):
    """Shows the keys of a context, and those that act everywhere."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-bar--key", "key-bar--refused"}

    def __init__(self, *contexts: Context, barred: bool = False) -> None:
        """`barred`: what would change something is dimmed; its key says why it is refused."""
        super().__init__(id="key-bar")
        self._contexts = contexts
        self._barred = barred

    def show_keys(self, *contexts: Context) -> None:
        """From now on the keys of these contexts."""
        self._contexts = contexts
        self._fill()

    @on(events.Resize)
    def _fill(self) -> None:
        here = [c for c in COMMANDS if set(c.footer) & {*self._contexts, "any"}]
        palette = self._key_parts(PALETTE, " ")
        # Help and Quit stay in a narrow terminal; of the others as many as fit.
        while here and _width(self._all(here)) + _width(palette) > self.size.width:
            here.remove(next((c for c in reversed(here) if "any" not in c.footer), here[-1]))
        parts = self._all(here)
        gap = max(0, self.size.width - _width(parts) - _width(palette))
        self.show(*parts, Part(" " * gap), *palette)

    def _all(self, commands: list[Command]) -> list[Part]:
        return [part for one in commands for part in self._key_parts(one, f" {one.title} ")]

    def _key_parts(self, command: Command, words: str) -> list[Part]:
        refused = self._barred and command.changes_something
        key, told = command.keys[0], COMMANDS.index(command)
        return [
            Part(
                f" {SHORT.get(key) or key_words(key)}",
                "key-bar--refused" if refused else "key-bar--key",
                told,
            ),
            Part(words, "key-bar--refused" if refused else "", told),
        ]

    @on(Bar.Clicked)
    def _press(self, event: Bar.Clicked) -> None:
        event.stop()
        self.app.simulate_key(COMMANDS[event.told].keys[0])


def _width(parts: list[Part]) -> int:
    return sum(cell_width(part.text) for part in parts)
