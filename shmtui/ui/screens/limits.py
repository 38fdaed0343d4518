"""The limits screen: what bounds shared memory, how near it is, and where the memory went."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import BindingType

from shmtui.monitor.resources import Resources, read_resources
from shmtui.monitor.snapshot import Snapshot
from shmtui.present.limits import Section, sections
from shmtui.sysv.arguments import parse_size
from shmtui.sysv.errors import BadArgument, ShmError
from shmtui.sysv.inside import Inside, here
from shmtui.ui.commands import Context, bindings
from shmtui.ui.prompt import Question, ask
from shmtui.ui.screens.over import LookingScreen
from shmtui.ui.screens.report import ReportView

HINT = Section("", ("s asks whether a shmget of some size would fail now, and why.",))


class LimitsScreen(LookingScreen[Resources]):
    """Read anew every few seconds: it looks through all processes for what they share."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings("limits"))
    heading = "Limits"
    keys: tuple[Context, ...] = ("limits",)
    every_s = 5.0

    def __init__(self, snapshot: Callable[[], Snapshot | None], inside: Inside = here) -> None:
        """`snapshot`: the last poll, from any thread, and `inside` its IPC namespace."""
        self._report = ReportView()
        super().__init__(self._report)
        self._snapshot = snapshot
        self._inside = inside
        self._resources: Resources | None = None
        self._asked: int | None = None
        """Bytes of the shmget that was asked about."""
        self._typed = ""

    def look(self) -> Resources:
        last = self._snapshot()
        if last is None:
            raise ShmError("The table of segments was not read yet.")
        rows = [facts.segment for facts in last.facts.values()]
        return self._inside(lambda: read_resources(rows, last.limits))

    def show(self, found: Resources) -> None:
        self._resources = found
        last = self._snapshot()
        self.head(self.heading, f"ipc:{last.namespace}" if last else "")
        asked = () if self._asked is not None else (HINT,)
        self._report.fill((*asked, *sections(found, self._asked)))

    def action_size(self) -> None:
        """Ask for a size; nothing forgets it."""
        question = Question("size", "shmget of ", self._take_size, _wrong, takes_empty=True)
        ask(self._report, question, self._typed)

    def _take_size(self, text: str) -> None:
        self._typed = text
        self._asked = parse_size(text) if text else None
        if self._resources is not None:
            self.show(self._resources)
        self._report.action_to_start()


def _wrong(text: str) -> str:
    """Does not quote the text: it stands beside these words, which may have little room."""
    try:
        parse_size(text or "0")
    except BadArgument as error:
        return str(error).replace(f" {text!r}", "", 1)
    return ""
