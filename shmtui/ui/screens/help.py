"""The help: made from the table of commands, scrolls, closes by any key that leaves a screen."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from shmtui.present.strip import LEGEND
from shmtui.ui.command_help import HelpGroup, help_rows

IN_DIALOGS = HelpGroup(
    "In dialogs and at the prompt",
    (
        ("Tab Shift+Tab", "to the next, the previous field"),
        ("Enter", "accept"),
        ("Esc Ctrl+C", "cancel; nothing is changed"),
        ("Space ← →", "tick; take the next or the previous word"),
        ("↑ ↓", "earlier input, at the prompt"),
        ("F1", "this help"),
    ),
)

ON_THE_MAP = HelpGroup("On the map", tuple((cell.glyph, words) for cell, words in LEGEND))

LAW = (
    "The observer does not disturb: listing never attaches, content is read",
    "without a trace where that can be. What changes something asks first.",
)

KEYS_WIDTH = 15


class HelpScreen(ModalScreen[None]):
    """All keys, grouped by where they act; `at_dialogs` opens it at those of the dialogs."""

    # q leaves here too, as from a pager: without its own binding it would seem dead.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,question_mark,f1", "close", "Close", show=False),
        Binding("ctrl+c", "close", "Close", show=False, priority=True),
        Binding("ctrl+z", "app.suspend_process", "Suspend", show=False),
        Binding("j", "scroll('down')", show=False),
        Binding("k", "scroll('up')", show=False),
        Binding("space", "scroll('page_down')", show=False),
        Binding("b", "scroll('page_up')", show=False),
        Binding("g", "scroll('home')", show=False),
        Binding("G", "scroll('end')", show=False),
    ]
    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen #help {
        width: 78; max-width: 100%; height: auto; max-height: 100%;
        border: solid $border; background: $surface; padding: 0 1;
        border-title-style: bold; scrollbar-size-vertical: 1;
    }
    HelpScreen Static { height: auto; }
    """

    def __init__(self, at_dialogs: bool = False) -> None:
        super().__init__()
        self._at_dialogs = at_dialogs

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help") as frame:
            frame.border_title = Content("Help")
            frame.border_subtitle = Content("Esc closes")
            for group in (*help_rows(), ON_THE_MAP, IN_DIALOGS):
                yield Static(_group(group), id=_group_id(group))
            yield Static(Content("\n".join(LAW)), id="law")

    def on_mount(self) -> None:
        if self._at_dialogs:
            group = self.query_one(f"#{_group_id(IN_DIALOGS)}")
            self.call_after_refresh(group.scroll_visible, top=True, animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A key may come before the widgets that it acts on."""
        return self.is_mounted

    def action_close(self) -> None:
        self.dismiss(None)

    def action_scroll(self, where: str) -> None:
        frame = self.query_one("#help", VerticalScroll)
        moves = {
            "down": frame.scroll_down,
            "up": frame.scroll_up,
            "page_down": frame.scroll_page_down,
            "page_up": frame.scroll_page_up,
            "home": frame.scroll_home,
            "end": frame.scroll_end,
        }
        moves[where](animate=False)


def _group_id(group: HelpGroup) -> str:
    return group.title.lower().replace(" ", "-")


def _group(group: HelpGroup) -> Content:
    heading = Content.styled(group.title, "bold")
    return Content("\n").join([heading, *_rows(group.rows), Content("")])


def _rows(rows: Sequence[tuple[str, str]]) -> Iterator[Content]:
    for keys, help_ in rows:
        yield Content(f" {keys:<{KEYS_WIDTH}} {help_}")
