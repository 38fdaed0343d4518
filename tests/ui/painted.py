"""What stands on the screen of a test, cell by cell."""

from typing import TYPE_CHECKING, Any

from rich.style import Style
from textual.app import App
from textual.strip import Strip
from textual.widget import Widget

if TYPE_CHECKING:
    _Base = Widget
else:
    _Base = object  # Textual takes the styles of the first base that is a widget


class Painted(_Base):
    """Before a widget among the bases of a class: keeps which of its lines were painted."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.painted: set[int] = set()

    def render_line(self, y: int) -> Strip:
        self.painted.add(y)
        return super().render_line(y)


def lines(app: App[Any]) -> list[str]:
    """The screen as text, without blanks at the ends of its rows."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


def style_at(app: App[Any], x: int, y: int) -> Style:
    """How a cell of the screen is painted."""
    strip = app.screen._compositor.render_strips()[y].crop(x, x + 1)
    (cell,) = strip
    assert cell.style is not None
    return cell.style
