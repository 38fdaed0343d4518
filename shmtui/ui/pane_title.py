"""The segment pane's title: its views, which segment it is, and whether it follows the cursor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from shmtui.present.words import cell_width
from shmtui.sysv.arguments import key_words
from shmtui.sysv.segment import Segment
from shmtui.ui.bar import Part
from shmtui.ui.views import VIEWS, PaneView


def title(
    current: PaneView, kind: str, segment: Segment | None, mode: str, width: int
) -> list[Part]:
    """Tabs that tell their number when clicked, then the name, ever shorter where narrow.

    `kind`: name of the type that numbers have; `mode`: `pin`, `follow` or `gone`.
    """
    tabs = [Part(" "), *_tabs(current, kind)]
    if _width(tabs) > width:
        tabs = [Part(" "), *_tabs(current, None)]
    room = width - _width(tabs)
    words = next((words for words in _names(segment, mode) if cell_width(words) < room), "")
    return [*tabs, Part(" " * (room - cell_width(words)) + words)]


def _names(segment: Segment | None, mode: str) -> list[str]:
    """In full, and ever shorter."""
    if segment is None:
        return []
    number = f"id {segment.identity.shmid} {mode}"
    key = [] if segment.doomed else [f"{key_words(segment.key)} {number}"]
    return [*key, number, mode]


def _tabs(current: PaneView, kind: str | None) -> Iterator[Part]:
    """With names, and the type where it matters; `kind` None: numbers alone."""
    for view in VIEWS:
        name = f"{view.number}{'' if kind is None else view.name}"
        if view is current:
            name = f"[{name} {kind}]" if view.typed and kind else f"[{name}]"
        yield Part(name, click=view.number)
        yield Part(" ")


def _width(parts: Iterable[Part]) -> int:
    return sum(cell_width(part.text) for part in parts)
