"""Makes the pictures: the real program on real segments, in IPC and pid namespaces of its own.

`python -m screenshots.make [--png DIRECTORY]`, as root and with a C compiler. The SVG files come to
stand beside this script; the PNG files are for looking at them.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from textual.pilot import Pilot

from screenshots.scene import scene
from shmtui.store.settings import Settings
from shmtui.ui.app import ShmtuiApp
from shmtui.ui.options import ScreenOptions

HERE = Path(__file__).parent
OWN = ("unshare", "--ipc", "--pid", "--fork", "--mount-proc")
THEMES = {"dark": "textual-dark", "light": "textual-light"}
TIMEOUT_S = 20.0
SETTLE_S = 4.0
"""Some refreshes, so that the pane knows how often something changes."""


class Step(NamedTuple):
    """Keys, and what must be seen before they are pressed."""

    words: str
    keys: tuple[str, ...] = ()


class Shot(NamedTuple):
    """One picture: what is done, and what must be seen before it is taken."""

    name: str
    columns: int
    rows: int
    steps: tuple[Step, ...]
    key: int | None = None
    """The pane opens on it."""
    themes: tuple[str, ...] = ("dark",)


SHOTS = (
    Shot("80x24", 80, 24, (Step("peek", ("1",)), Step("after NUL")), 0xCEA, (*THEMES,)),
    Shot("120x40", 120, 40, (Step("peek", ("2",)), Step("reading")), 0x5E450001, (*THEMES,)),
    Shot("200x50", 200, 50, (Step("peek", ("7",)), Step("Permissions")), 0xCEA, (*THEMES,)),
    Shot("remove", 110, 30, (Step("orphan", ("/", *"nattch=0", "enter", "*", "d")), Step("freed"))),
    Shot("tree", 110, 30, (Step("orphan", ("t", "t")), Step("by holder"))),
    Shot(
        "namespaces", 110, 30,
        (Step("orphan", ("@",)), Step("3.0M", ("enter",)), Step("0x00005eed", ("h",)),
         Step("1 process")),
    ),
)  # fmt: skip


async def take(shot: Shot, theme: str) -> str:
    """The picture as SVG. Raises TimeoutError where the words do not come."""
    app = ShmtuiApp(ScreenOptions(key=shot.key), Settings(theme=theme), ("root", "host"))
    async with app.run_test(size=(shot.columns, shot.rows)) as pilot:
        missing = ""
        for step in shot.steps:
            if not missing and not await _done(pilot, step):
                missing = step.words
        await pilot.pause(SETTLE_S)
        picture = app.export_screenshot(title="shmtui")
    if missing:
        raise TimeoutError(f"{missing!r} was not on the screen after {TIMEOUT_S:g} s")
    return picture


async def _done(pilot: Pilot[int], step: Step) -> bool:
    """Waits for the words, then presses the keys; False: the words did not come."""
    deadline = time.monotonic() + TIMEOUT_S
    while step.words.replace(" ", "&#160;") not in pilot.app.export_screenshot():
        if time.monotonic() > deadline:
            return False
        await pilot.pause(0.1)
    await pilot.press(*step.keys)
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--png", type=Path, metavar="DIRECTORY")
    png = parser.parse_args().png
    if os.getpid() != 1:  # what else runs here is not for the pictures
        again = [*OWN, sys.executable, "-m", "screenshots.make", *sys.argv[1:]]
        sys.exit(subprocess.run(again).returncode)
    with tempfile.TemporaryDirectory() as home, scene():
        os.environ.update(XDG_STATE_HOME=home, XDG_CONFIG_HOME=home)
        for shot in SHOTS:
            for name in shot.themes:
                svg = asyncio.run(take(shot, THEMES[name]))
                path = HERE / f"{shot.name}-{name}.svg"
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
