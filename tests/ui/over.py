"""An application that opens a screen over nothing, with the keys that act everywhere."""

from typing import Any, ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.pilot import Pilot
from textual.screen import Screen

from shmtui.ui.commands import bindings
from tests.ui.hosts import shown, until

SIZES = [(80, 24), (40, 12)]

Over = Pilot[Any]

_SCROLLBAR = dict.fromkeys(map(ord, "▁▂▃▄▅▆▇█"), " ")


class OverHost(App[None]):
    """Opens the screen as the program does."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings("any"))

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__()
        self._over = screen

    def on_mount(self) -> None:
        self.push_screen(self._over)


def body(pilot: Over) -> list[str]:
    """The lines between the title and the message line."""
    return shown(pilot.app).split("\n")[1:-2]


def read(text: str) -> str:
    """The words in their order, whatever lines they stand on."""
    return " ".join(text.translate(_SCROLLBAR).split())


async def sees(pilot: Over, *words: str) -> str:
    """Wait until all these words are on the screen, wrapped or not; returns it."""
    await until(pilot, lambda: all(one in read(shown(pilot.app)) for one in words))
    return shown(pilot.app)


async def read_all(pilot: Over) -> str:
    """Everything that can be scrolled to, from the top to the end."""
    seen, last = "", ""
    await pilot.press("g")
    while (now := "\n".join(body(pilot))) != last:
        seen, last = seen + now + "\n", now
        await pilot.press("pagedown")
        await pilot.pause()
    return seen
