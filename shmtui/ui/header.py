"""The header: who and where, how many segments, how near a limit, orphans, and the poll's state."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment as Cell
from textual.strip import Strip
from textual.widget import Widget

from shmtui.present.totals import Totals
from shmtui.present.words import cells, visible
from shmtui.sysv.arguments import size_words
from shmtui.sysv.limits import NEAR_SHARE, UNLIMITED, Bound, Limits

GAUGE_CELLS = 8
PLACE_CELLS = 20
_EIGHTHS = " ▏▎▍▌▋▊▉█"


class HeaderState(NamedTuple):
    """All that the header shows; sizes in bytes, times in seconds."""

    user: str = ""
    host: str = ""
    limits: Limits | None = None
    """None: nothing was polled yet."""
    nearest: Bound | None = None
    """None also where all are unlimited."""
    totals: Totals = Totals()
    growth: str = ""
    """That there are more orphans than some minutes ago, in words; empty: there are not."""
    namespace: int = 0
    place: str = ""
    """Name of the namespace, raw, where it is not ours."""
    interval_s: float = 1.0
    paused: bool = False
    stale_s: float | None = None
    """Seconds since the last poll that worked, where that is too long; else None."""
    read_only: bool = False
    clock: str = ""


class Part(NamedTuple):
    """One piece of the header, and a tone that adds to its words, never carries them."""

    name: str
    text: str
    tone: str = "plain"


DROP_ORDER = ("growth", "clock", "host", "size", "orphans")
"""What leaves a narrow header, first to last. Segments and the poll's state stay."""


def gauge(share: float) -> str:
    """A bar of `GAUGE_CELLS` cells for a share of 0 … 1, in eighths of a cell."""
    eighths = round(min(max(share, 0.0), 1.0) * GAUGE_CELLS * 8)
    full, rest = divmod(max(eighths, 1 if share > 0 else 0), 8)
    bar = "█" * full + (_EIGHTHS[rest] if rest else "")
    return bar.ljust(GAUGE_CELLS, "·")


def segments_part(state: HeaderState, bar: bool = True) -> Part:
    """How many segments of how many, and the gauge of the nearest limit."""
    if state.limits is None:
        return Part("segments", "segs …")
    words = f"segs {state.totals.segments}/{state.limits.shmmni}"
    near = state.nearest
    if near is None or near.share is None:
        return Part("segments", words)
    if bar:
        label = "" if near.name == "shmmni" else f"{near.name} "
        words += f" {label}{gauge(near.share)} {near.share:.0%}"
    if near.share >= 1.0:
        return Part("segments", f"{words} FULL", "alarm")
    if near.share >= NEAR_SHARE:
        return Part("segments", f"{words} NEAR", "warning")
    return Part("segments", words)


def poll_part(state: HeaderState) -> Part:
    """The state of the poll: its interval, PAUSED, or for how long it is stale."""
    words = f"{state.interval_s:.1f}s"
    tone = "plain"
    if state.stale_s is not None:
        words, tone = f"STALE {state.stale_s:.0f}s", "alarm"
    if state.paused:
        words, tone = "PAUSED", "warning"
    if state.read_only:
        words = f"READ-ONLY  {words}"
    return Part("poll", words, tone)


def first_row(state: HeaderState, width: int) -> list[Part]:
    """The first row's parts, those that fit into `width` cells, joined by two spaces."""
    totals = state.totals
    parts = [
        Part("host", visible(f"{state.user}@{state.host}")),
        *_place_parts(state),
        segments_part(state),
        Part("size", f"size {size_words(totals.size_bytes)}"),
        Part(
            "orphans",
            f"orphans {totals.orphans} ({size_words(totals.orphan_bytes)})",
            "warning" if totals.orphans else "plain",
        ),
        *([Part("growth", state.growth, "warning")] if state.growth else []),
        poll_part(state),
        Part("clock", state.clock),
    ]
    for name in DROP_ORDER:
        if _width(parts) <= width:
            break
        parts = [part for part in parts if part.name != name]
    if _width(parts) > width:
        # Who is in another namespace and does not see it takes its segments for ours.
        parts = [*_place_parts(state), segments_part(state, bar=False), poll_part(state)]
    return parts if _width(parts) <= width else parts[-2:]


def second_row(state: HeaderState) -> list[Part]:
    """Memory, the largest segment allowed, and which IPC namespace this is."""
    if state.limits is None:
        return []
    shmmax, totals = state.limits.shmmax, state.totals
    largest = "unlimited" if shmmax >= UNLIMITED else size_words(shmmax)
    memory = (
        "rss and swap unknown"
        if totals.rss_bytes is None or totals.swap_bytes is None
        else f"rss {size_words(totals.rss_bytes)}  swap {size_words(totals.swap_bytes)}"
    )
    return [Part("second", f"{memory} · shmmax {largest} · ipc:{state.namespace}", "dim")]


def _place_parts(state: HeaderState) -> list[Part]:
    if not state.place:
        return []
    return [Part("place", f"in {cells(visible(state.place), PLACE_CELLS).rstrip()}", "warning")]


def _width(parts: list[Part]) -> int:
    return sum(cell_len(part.text) for part in parts) + 2 * (len(parts) - 1)


class Header(Widget):
    """Draws a `HeaderState` in one or two rows; repaints only when its words change."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"header--{tone}" for tone in ("plain", "dim", "warning", "alarm")
    }

    def __init__(self) -> None:
        super().__init__(id="header")
        self._state = HeaderState()
        self._drawn: list[list[Part]] = []

    @property
    def state(self) -> HeaderState:
        return self._state

    @state.setter
    def state(self, state: HeaderState) -> None:
        self._state = state
        if self._rows() != self._drawn:
            self.refresh()

    def _rows(self) -> list[list[Part]]:
        return [first_row(self._state, self.size.width - 1), second_row(self._state)]

    def render_line(self, y: int) -> Strip:
        self._drawn = self._rows()
        base = self.rich_style
        cells: list[Cell] = []
        for part in self._drawn[y] if y < len(self._drawn) else []:
            style = self.get_component_rich_style(f"header--{part.tone}")
            cells += [Cell("  " if cells else "", base), Cell(part.text, style)]
        return Strip(cells).adjust_cell_length(self.size.width, base)
