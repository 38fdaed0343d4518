"""Small applications that dialogs, screens and the prompt are tried in."""

import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Button

ResultT = TypeVar("ResultT")


class Host(App[None], Generic[ResultT]):
    """Opens one screen, and keeps what it answered."""

    def __init__(self, screen: Screen[ResultT]) -> None:
        super().__init__()
        self._opened = screen
        self.answers: list[ResultT | None] = []

    def compose(self) -> ComposeResult:
        yield Button("below")

    def on_mount(self) -> None:
        self.push_screen(self._opened, self.answers.append)


def shown(app: App[Any]) -> str:
    """The words on the screen now, a line each."""
    lines = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in lines)


async def until(pilot: Pilot[Any], holds: Callable[[], bool], timeout_s: float = 10.0) -> None:
    """Lets the application run until `holds()`; fails with the screen after `timeout_s`."""
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain; the screen:\n{shown(pilot.app)}"
        await pilot.pause(0.02)
