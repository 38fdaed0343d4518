"""What stands on the screen of a test, cell by cell."""

from typing import Any

from rich.style import Style
from textual.app import App


def lines(app: App[Any]) -> list[str]:
    """The screen as text, without blanks at the ends of its rows."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


def style_at(app: App[Any], x: int, y: int) -> Style:
    """How a cell of the screen is painted."""
    strip = app.screen._compositor.render_strips()[y].crop(x, x + 1)
    (cell,) = strip
    assert cell.style is not None
    return cell.style
