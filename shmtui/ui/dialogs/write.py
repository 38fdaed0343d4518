"""Starts a writer: which segment, how large, how often, what is written."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from textual import on
from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Input, Label, Static

from shmtui.present.words import visible
from shmtui.sysv.arguments import parse_interval, parse_key, parse_mode, parse_size
from shmtui.sysv.errors import ShmError
from shmtui.ui.dialogs.dialog import Dialog
from shmtui.ui.dialogs.fields import Cycle, tick
from shmtui.ui.typed_line import InOrder
from shmtui.writer.patterns import PATTERNS
from shmtui.writer.preview import Plan
from shmtui.writer.spec import WriterSpec

CHOICES = tuple(name for name, pattern in PATTERNS.items() if pattern.values is not None)
"""Not stdin: that is the lifeline of a writer started here."""

LOOK_AGAIN_S = 1.0


class WriteInput(NamedTuple):
    """The fields as they were typed; what the dialog opens with."""

    key: str = "3306"
    size: str = "1024"
    mode: str = "0600"
    every: str = "1.0 s"
    pattern: str = "counter"
    remove: bool = True
    """What a writer made goes with it, so that leaving the program leaves nothing."""


class WriteRequest(NamedTuple):
    spec: WriterSpec
    typed: WriteInput
    """To open the dialog with the next time."""


def spec_of(typed: WriteInput) -> WriterSpec:
    """What was typed, understood. Raises BadArgument in words."""
    spec = WriterSpec(
        key=parse_key(typed.key),
        size=parse_size(typed.size),
        mode=parse_mode(typed.mode),
        interval_s=parse_interval(typed.every),
        pattern=typed.pattern,
        remove=typed.remove,
    )
    spec.validate()
    return spec


class WriteDialog(Dialog[WriteRequest]):
    """Enter in any field starts. The `→` line says what will come of it, as it is typed."""

    AUTO_FOCUS = "#key"
    heading = "Write"
    accept_words = "Start"
    DEFAULT_CSS = """
    WriteDialog #fields {
        grid-size: 4; grid-columns: 9 14 6 1fr; grid-rows: 1; height: 3; width: 100%;
    }
    WriteDialog.-narrow #fields { grid-size: 2; grid-columns: 9 1fr; height: 6; }
    WriteDialog Input { margin-right: 1; }
    WriteDialog #remove { column-span: 2; }
    WriteDialog #preview { width: 100%; height: auto; min-height: 1; }
    WriteDialog #preview.refused { color: $text-error; text-style: bold; }
    """

    def __init__(
        self, foresee: Callable[[WriterSpec], Plan], last: WriteInput | None = None
    ) -> None:
        """`foresee`: what a writer would do now, or ShmError; asked at each key and each second."""
        super().__init__()
        self._foresee = foresee
        self._last = last or WriteInput()
        self._spec: WriterSpec | None = None

    def body(self) -> Iterable[Widget]:
        last = self._last
        pattern = CHOICES.index(last.pattern) if last.pattern in CHOICES else 0
        yield Grid(
            *_field("Key", last.key, "key"),
            *_field("Size", last.size, "size"),
            *_field("Mode", last.mode, "mode"),
            *_field("Every", last.every, "every"),
            Label("Pattern"),
            Cycle([f"({word})" for word in CHOICES], pattern, "pattern"),
            tick("remove at end", last.remove, "remove"),
            id="fields",
        )
        yield Static(id="preview", markup=False)

    def on_mount(self) -> None:
        self._follow()
        self.set_interval(LOOK_AGAIN_S, self._follow)

    @on(Input.Changed)
    @on(Cycle.Changed)
    def _follow(self) -> None:
        try:
            spec = spec_of(self._typed())
            self._say(str(self._foresee(spec)), spec)
        except ShmError as refusal:
            self._say(f"refused: {refusal}", None)

    def _say(self, words: str, spec: WriterSpec | None) -> None:
        self._spec = spec
        line = self.query_one("#preview", Static)
        line.update(Content(visible(f"→ {words}")))
        line.set_class(spec is None, "refused")
        self.query_one("#accept", Button).disabled = spec is None

    def _typed(self) -> WriteInput:
        key, size, mode, every = (
            self.query_one(f"#{name}", Input).value for name in ("key", "size", "mode", "every")
        )
        pattern = CHOICES[self.query_one("#pattern", Cycle).position]
        remove = self.query_one("#remove", Cycle).position == 1
        return WriteInput(key, size, mode, every, pattern, remove)

    def result(self) -> WriteRequest | None:
        self._follow()
        if self._spec is None:
            # The reason may be out of sight on a small terminal.
            self.query_one("#preview").scroll_visible(animate=False)
            return None
        return WriteRequest(self._spec, self._typed())


def _field(words: str, value: str, id_: str) -> tuple[Widget, Widget]:
    return Label(words), InOrder(value, id=id_, compact=True, max_length=64)
