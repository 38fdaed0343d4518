"""The columns chooser: which columns the list shows."""

from collections.abc import Collection, Iterable, Sequence
from typing import ClassVar, NamedTuple

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button
from textual.widgets.option_list import Option

from shmtui.ui.dialogs.choose import Choices, ListDialog, line
from shmtui.ui.dialogs.fields import button


class ColumnChoice(NamedTuple):
    name: str
    title: str
    help: str
    always: bool = False
    """It stays: without it a row could not be told from another."""


class ColumnsDialog(ListDialog[tuple[str, ...]]):
    """Space ticks a column. The result: the names ticked, in the order of the choices."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "tick", "Tick", show=False)]
    heading = "Columns"
    hint = "Space ticks"
    DEFAULT_CSS = "ColumnsDialog #frame { width: 62; }"

    def __init__(
        self, choices: Sequence[ColumnChoice], shown: Collection[str], default: Collection[str]
    ) -> None:
        super().__init__()
        self._choices = tuple(choices)
        self._always = {choice.name for choice in choices if choice.always}
        self._ticked = set(shown) | self._always
        self._default = set(default) | self._always

    def body(self) -> Iterable[Widget]:
        yield Choices(*(Option(self._words(c)) for c in self._choices), compact=True, markup=False)

    def buttons(self) -> Iterable[Widget]:
        yield button("Default", "default")
        yield from super().buttons()

    def result(self) -> tuple[str, ...]:
        return tuple(c.name for c in self._choices if c.name in self._ticked)

    def action_tick(self) -> None:
        at = self.query_one(Choices).highlighted
        if at is None or (name := self._choices[at].name) in self._always:
            self.app.bell()
            return
        self._ticked ^= {name}
        self._draw(at)

    @on(Button.Pressed, "#default")
    def _back_to_default(self) -> None:
        self._ticked = set(self._default)
        for at in range(len(self._choices)):
            self._draw(at)

    def _draw(self, at: int) -> None:
        self.query_one(Choices).replace_option_prompt_at_index(at, self._words(self._choices[at]))

    def _words(self, choice: ColumnChoice) -> Content:
        mark = "x" if choice.name in self._ticked else " "
        width = max(Content(each.title).cell_length for each in self._choices)
        note = f"{choice.help} (always shown)" if choice.always else choice.help
        return line(f"[{mark}] {choice.title}", note, width + 4)
