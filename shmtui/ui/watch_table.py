"""The table of the watches, as high as it has lines, and no higher than it may be."""

from collections.abc import Sequence

from textual.geometry import Size

from shmtui.present.toned import PanelLine, Piece
from shmtui.ui.plain_lines import PlainLines


class WatchTable(PlainLines):
    """Shows the lines of `present.watching.table`. What has no room is counted in the last line."""

    DEFAULT_CSS = """
    WatchTable { height: auto; max-height: 33%; }
    """

    def show(self, lines: Sequence[PanelLine]) -> None:
        grown = len(lines) != len(self._lines)
        super().show(lines)
        if grown:
            self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines)

    def line_at(self, y: int) -> PanelLine:
        height = self.size.height
        if 1 < height < len(self._lines) and y == height - 1:
            return (Piece(f"… and {len(self._lines) - height + 1} more", "label"),)
        return super().line_at(y)
