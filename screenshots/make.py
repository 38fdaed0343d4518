"""Makes the pictures: the real program on real segments, in an IPC namespace of its own.

`python -m screenshots.make [--png DIRECTORY]`, as root and with a C compiler. The SVG files come to
stand beside this script; the PNG files are for looking at them.
"""

import argparse
import asyncio
import os
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from textual.pilot import Pilot

from screenshots.scene import scene
from shmtui.store.settings import Settings
from shmtui.ui.app import ScreenOptions, ShmtuiApp
from tests.private import enter_private_ipc

HERE = Path(__file__).parent
THEMES = {"dark": "textual-dark", "light": "textual-light"}
TIMEOUT_S = 20.0
SETTLE_S = 4.0
"""Some refreshes, so that the pane knows how often something changes."""


class Shot(NamedTuple):
    """One picture: what is done, and what must be seen before it is taken."""

    columns: int
    rows: int
    key: int
    """The pane opens on it."""
    keys: tuple[str, ...]
    words: tuple[str, ...]


SHOTS = (
    Shot(80, 24, 0xCEA, ("1",), ("writer", "after&#160;NUL")),
    Shot(120, 40, 0x5E450001, ("2",), ("sensors", "reading")),
    Shot(200, 50, 0xCEA, ("7",), ("writer", "Permissions")),
)


async def take(shot: Shot, theme: str) -> str:
    """The picture as SVG. Raises TimeoutError where the words do not come."""
    app = ShmtuiApp(ScreenOptions(key=shot.key), Settings(theme=theme), ("root", "host"))
    async with app.run_test(size=(shot.columns, shot.rows)) as pilot:
        seen = await _seen(pilot, "peek")
        await pilot.press(*shot.keys)
        seen = seen and await _seen(pilot, *shot.words)
        await pilot.pause(SETTLE_S)
        picture = app.export_screenshot(title="shmtui")
    if not seen:
        raise TimeoutError(f"{shot.words} were not on the screen after {TIMEOUT_S:g} s")
    return picture


async def _seen(pilot: Pilot[int], *words: str) -> bool:
    """Waits until all the words are on the screen; False: they did not come."""
    deadline = time.monotonic() + TIMEOUT_S
    while time.monotonic() < deadline:
        picture = pilot.app.export_screenshot()
        if all(word in picture for word in words):
            return True
        await pilot.pause(0.1)
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--png", type=Path, metavar="DIRECTORY")
    png = parser.parse_args().png
    enter_private_ipc()
    with tempfile.TemporaryDirectory() as home, scene():
        os.environ.update(XDG_STATE_HOME=home, XDG_CONFIG_HOME=home)
        for shot in SHOTS:
            for name, theme in THEMES.items():
                svg = asyncio.run(take(shot, theme))
                path = HERE / f"{shot.columns}x{shot.rows}-{name}.svg"
                path.write_text(svg)
                if png is not None:
                    _convert(svg, png / f"{path.stem}.png")


def _convert(svg: str, path: Path) -> None:
    import cairosvg  # Only where pictures are looked at: it needs the cairo library.

    # CairoSVG loads no fonts from the net, and stretches no text to its length.
    svg = svg.replace("Fira Code", "DejaVu Sans Mono")
    path.parent.mkdir(parents=True, exist_ok=True)
    cairosvg.svg2png(bytestring=svg.encode(), write_to=str(path))


if __name__ == "__main__":
    main()
