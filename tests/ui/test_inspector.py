"""The inspector on the screen."""

import struct

import pytest
from textual.app import App, ComposeResult

from shmtui.decode.inspector import inspect
from shmtui.present.inspecting import lines as inspector_lines
from shmtui.ui.inspector import InspectorView
from tests.ui.hosts import until
from tests.ui.painted import Painted, lines, style_at


class PaintedInspector(Painted, InspectorView):
    """Tells which lines were painted."""


class InspectorApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.view = PaintedInspector()

    def compose(self) -> ComposeResult:
        yield self.view

    def look_at(self, data: bytes, pointer: str = "") -> None:
        self.view.show(inspector_lines(inspect(data, 16), pointer, *self.size, data))


async def test_only_lines_of_what_changed_are_painted() -> None:
    app = InspectorApp()
    async with app.run_test(size=(36, 24)) as pilot:
        app.look_at(struct.pack("<Q", 2**40) + bytes(24))
        await until(pilot, lambda: any(line.startswith("u64") for line in lines(app)))
        app.view.painted.clear()
        app.look_at(struct.pack("<Q", 2**40) + b"x" + bytes(23))
        await pilot.pause()
        assert app.view.painted == set()
        app.look_at(struct.pack("<Q", 2**41) + bytes(24))
        await until(pilot, lambda: bool(app.view.painted))
        shown = lines(app)
        changed = {shown[y].split()[0] for y in app.view.painted}
        assert "u64" in changed
        assert "hex" in changed
        assert not changed & {"offset", "u16", "u32", "bits"}


async def test_lines_that_are_no_more_are_blank() -> None:
    app = InspectorApp()
    async with app.run_test(size=(36, 24)) as pilot:
        app.look_at(bytes(32))
        await until(pilot, lambda: lines(app)[0].startswith("offset"))
        app.view.show([])
        await until(pilot, lambda: not any(lines(app)))


async def test_pointer_stands_out_without_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = InspectorApp()
    async with app.run_test(size=(36, 24)) as pilot:
        app.look_at(bytes(32), "→ 0x0 of this segment")
        await until(pilot, lambda: any("→" in line for line in lines(app)))
        at = next(y for y, line in enumerate(lines(app)) if "→" in line)
        assert style_at(app, 0, at).bold
        assert not style_at(app, 0, 0).bold


async def test_content_is_no_markup() -> None:
    app = InspectorApp()
    async with app.run_test(size=(60, 24)) as pilot:
        app.look_at(b"[/red][b]\x1b[2J\0")
        await until(pilot, lambda: any('"[/red][b]\\x1b[2J"' in line for line in lines(app)))


async def test_it_takes_no_focus() -> None:
    app = InspectorApp()
    async with app.run_test(size=(36, 24)):
        assert not app.view.focusable
