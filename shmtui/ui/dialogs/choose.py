"""A chooser: one of a list of things (the sort column, an owner)."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from shmtui.present.words import visible
from shmtui.ui.dialogs.dialog import Dialog, ResultT


class Choice(NamedTuple):
    """One thing to choose. Words are data: shown as they are, never read as markup."""

    value: str
    words: str
    note: str = ""
    """What stands behind the words, dimmed."""


class Choices(OptionList):
    """A list that also moves by the keys of the main list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", show=False),
        Binding("k", "cursor_up", show=False),
        Binding("g", "first", show=False),
        Binding("G", "last", show=False),
    ]
    DEFAULT_CSS = """
    Choices {
        height: auto; max-height: 16; border: none; padding: 0; background: transparent;
        text-wrap: nowrap; text-overflow: ellipsis; scrollbar-size-vertical: 1;
    }
    Choices:focus { border: none; background-tint: transparent; }
    Choices:nocolor:focus > .option-list--option-highlighted { text-style: bold underline; }
    """

    # Before there is room for a line, Textual 8.2.8 fails to find the one to start from.

    def action_page_up(self) -> None:
        if self.scrollable_content_region:
            super().action_page_up()  # type: ignore[no-untyped-call]  # Textual's to type

    def action_page_down(self) -> None:
        if self.scrollable_content_region:
            super().action_page_down()  # type: ignore[no-untyped-call]  # Textual's to type


def line(words: str, note: str, width: int) -> Content:
    """Words padded to `width` cells, and the note, on one line."""
    text = Content(visible(words))
    padded = text.pad_right(max(0, width - text.cell_length))
    return Content.assemble(padded, (f"  {visible(note)}", "dim")) if note else padded


class ListDialog(Dialog[ResultT]):
    """A dialog about one list. Where there is little room, the list alone: Enter and Esc do."""

    AUTO_FOCUS = "Choices"
    DEFAULT_CSS = """
    ListDialog.-short #frame { height: 100%; }
    ListDialog.-short Choices { max-height: 100%; }
    ListDialog.-short #buttons { display: none; }
    """

    def on_option_list_option_selected(self) -> None:
        self.action_accept()


class ChooseDialog(ListDialog[str]):
    """The value of the chosen one; None: cancelled. The cursor starts on `current`."""

    def __init__(self, heading: str, choices: Sequence[Choice], current: str | None = None) -> None:
        super().__init__()
        self.heading = heading
        self._choices = tuple(choices)
        self._current = current

    def body(self) -> Iterable[Widget]:
        width = max((Content(choice.words).cell_length for choice in self._choices), default=0)
        options = [Option(line(words, note, width)) for _, words, note in self._choices]
        yield Choices(*options, compact=True, markup=False)

    def on_mount(self) -> None:
        values = [choice.value for choice in self._choices]
        if self._current in values:
            self.query_one(Choices).highlighted = values.index(self._current)

    def result(self) -> str | None:
        chosen = self.query_one(Choices).highlighted
        return None if chosen is None else self._choices[chosen].value
