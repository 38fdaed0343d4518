"""A host for the segment pane, and readings made by hand."""

from typing import Any

from textual.app import App, ComposeResult
from textual.message import Message

from shmtui.monitor.reading import WindowRead, WindowRequest
from shmtui.sysv.content import Gap, Window
from shmtui.ui.segment_pane import SegmentPane
from tests.present.made import NOW, segment

UNCHANGED = 255
TEXT, HEX, NUMBERS, STRINGS, HOLDERS, DETAILS = 1, 2, 3, 4, 6, 7


class PaneApp(App[None]):
    """The pane alone; what it posts is kept in `posted`."""

    def __init__(self) -> None:
        super().__init__()
        self.pane = SegmentPane(clock=lambda: float(NOW))
        self.posted: list[Message] = []
        self.wants = 0
        """How often another window was wanted."""
        self.pane.part.wants = self.want

    def want(self) -> None:
        self.wants += 1

    def compose(self) -> ComposeResult:
        yield self.pane

    def on_segment_pane_consent_wanted(self, event: SegmentPane.ConsentWanted) -> None:
        self.posted.append(event)

    def on_segment_pane_view_chosen(self, event: SegmentPane.ViewChosen) -> None:
        self.posted.append(event)

    def answer(self, content: bytes, ages: bytes | None = None, **fields: Any) -> WindowRead:
        """What the reader would find where the whole segment holds `content`."""
        request = self.pane.request()
        assert request is not None
        return read(request, content, ages, **fields)


def read(
    request: WindowRequest,
    content: bytes,
    ages: bytes | None = None,
    gaps: tuple[Gap, ...] = (),
    **fields: Any,
) -> WindowRead:
    """A reading by peek of the window that was asked for, a second after the poll."""
    data = content[request.offset : request.offset + request.length].ljust(request.length, b"\0")
    window = Window(request.offset, data, gaps)
    ages = (ages or b"").ljust(request.length, bytes([UNCHANGED]))
    plain = WindowRead(
        request, segment(1), window, ages, "peek", 0, (), None, NOW + 1.0, 0, None, 0.0, None
    )
    return plain._replace(**fields)
