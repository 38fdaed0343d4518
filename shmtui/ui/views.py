"""The views of the segment pane, by their numbers."""

from typing import Literal, NamedTuple

from shmtui.decode import hexdump, numbers, spans, strings, text
from shmtui.decode.types import Kind


class PaneView(NamedTuple):
    """One view of the pane, chosen by its number."""

    number: int
    name: str
    decoder: spans.View | None
    """None: not a view of the content, or one that takes a type."""
    shows: Literal["content", "holders", "facts"] = "content"

    @property
    def of_content(self) -> bool:
        return self.shows == "content"

    @property
    def typed(self) -> bool:
        """It shows numbers of the type that was chosen."""
        return self.of_content and self.decoder is None

    def decoder_for(self, kind: Kind) -> spans.View:
        """How the content is shown. `kind`: the type chosen for numbers."""
        return self.decoder or numbers.view(kind)


VIEWS: tuple[PaneView, ...] = (
    PaneView(1, text.NAME, text),
    PaneView(2, hexdump.NAME, hexdump),
    PaneView(3, numbers.NAME, None),
    PaneView(4, strings.NAME, strings),
    PaneView(6, "Holders", None, "holders"),
    PaneView(7, "Details", None, "facts"),
)

BY_NUMBER = {view.number: view for view in VIEWS}
