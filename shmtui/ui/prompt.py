"""The line above the footer: what is to be said, and where a filter or an id is typed."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Key
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from shmtui.present.filter import FilterError, compile_filter
from shmtui.present.words import visible
from shmtui.ui.typed_line import History, TypedLine

Severity = Literal["info", "warning", "error"]
Kind = Literal["filter", "goto"]

SECONDS_SAID = 6.0
SIGNS: dict[Kind, str] = {"filter": "/", "goto": ":"}


def filter_error(text: str) -> str:
    """What is wrong with a filter, in words; empty: nothing."""
    try:
        compile_filter(text)
    except FilterError as error:
        return str(error)
    return ""


class Prompt(Widget):
    """One line. It says things, and drops them after some seconds; what it is to `hold`
    stays. Asked for a filter or a place to go to, it is an input line until Enter or Esc.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+c", "restore", "Cancel", show=False)
    ]
    DEFAULT_CSS = """
    Prompt { height: 1; layout: horizontal; }
    Prompt > #said { width: 1fr; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    Prompt > #said.warning { color: $text-warning; }
    Prompt > #said.error { color: $text-error; text-style: bold; }
    Prompt > #asked { height: 1; display: none; }
    Prompt.-asking > #asked { display: block; }
    Prompt.-asking > #said { display: none; }
    Prompt #sign { width: auto; text-style: bold; }
    Prompt TypedLine { width: 1fr; background: transparent; }
    Prompt TypedLine:nocolor > .input--cursor { text-style: reverse; }
    Prompt #wrong {
        width: auto; max-width: 60%; height: 1; margin-left: 1;
        text-wrap: nowrap; text-overflow: ellipsis; color: $text-error;
    }
    """

    class Asked(Message):
        """What was typed."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class FilterTyped(Asked):
        """The filter as it stands while it is typed."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, Prompt.FilterTyped)

    class FilterAccepted(Asked):
        """Enter: this filter stays."""

    class FilterRestored(Asked):
        """Esc: the filter from before the typing is to come back."""

    class GotoAccepted(Asked):
        """Go to this id or key."""

    def __init__(self, filters: Sequence[str] = ()) -> None:
        """`filters`: earlier filters, oldest first."""
        super().__init__(id="prompt")
        self._histories: dict[Kind, History] = {"filter": History(filters), "goto": History()}
        # Made here and not in compose: there may be something to say before the first paint.
        self._said = Static(id="said", markup=False)
        self._sign = Static(id="sign", markup=False)
        self._line = TypedLine()
        self._wrong = Static(id="wrong", markup=False)
        self._kind: Kind | None = None
        self._before = ""
        self._held: tuple[str, Severity] = ("", "info")
        self._dropping: Timer | None = None
        self._severity: Severity = "info"
        """Of the words on show."""
        self._back_to: Widget | None = None

    def compose(self) -> ComposeResult:
        yield self._said
        with Horizontal(id="asked"):
            yield self._sign
            yield self._line
            yield self._wrong

    # Saying

    def say(self, words: str, severity: Severity = "info", for_s: float = SECONDS_SAID) -> None:
        """Show these words for some seconds. News does not cover a warning."""
        if self._dropping is not None:
            if severity == "info" and self._severity != "info":
                return
            self._dropping.stop()
        self._show(words, severity)
        self._dropping = self.set_timer(for_s, self._drop)

    def hold(self, words: str, severity: Severity = "error") -> None:
        """Show these words whenever nothing else is said, until others are held; empty: none."""
        if (words, severity) == self._held:
            return
        self._held = (words, severity)
        if self._dropping is None:
            self._drop()

    def _drop(self) -> None:
        self._dropping = None
        self._show(*self._held)

    def _show(self, words: str, severity: Severity) -> None:
        self._severity = severity
        self._said.update(Content(visible(words)))
        self._said.set_classes(severity)

    # Asking

    @property
    def asking(self) -> Kind | None:
        """What is being typed."""
        return self._kind

    def ask(self, kind: Kind, text: str = "") -> None:
        """Become an input line; `text` (the filter in force) stands there at first."""
        if self._kind is None:
            self._back_to = self.screen.focused
        self._kind, self._before = kind, text
        self._sign.update(Content(SIGNS[kind]))
        self.wrong("")
        self.add_class("-asking")
        line = self._line
        with self.prevent(Input.Changed):
            line.start(text, self._histories[kind])
        # Not line.focus(), which comes later: what is typed meanwhile would act on the list.
        self.screen.set_focus(line, scroll_visible=False)

    def take(self, event: Key) -> bool:
        """For a key that nothing handled: a letter that was sent to the list before this line had
        the focus, as a terminal does that sends `/owner` in one piece. True: it is here now.
        """
        if self._kind is None or event.character is None or not event.is_printable:
            return False
        if self.screen is not self.app.screen:
            return False
        self._line.insert_text_at_cursor(event.character)
        return True

    def wrong(self, words: str) -> None:
        """Say beside the input what is wrong with it."""
        self._wrong.update(Content(visible(words)))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._kind == "filter":
            self.wrong(filter_error(event.value))
            self.post_message(self.FilterTyped(event.value))

    @on(Input.Submitted)
    def _accept(self, event: Input.Submitted) -> None:
        event.stop()
        if self._kind == "filter" and (error := filter_error(event.value)):
            self.wrong(error)
            self.app.bell()
        elif self._kind is not None:
            self._finish(self._kind, event.value.strip())

    def _finish(self, kind: Kind, text: str) -> None:
        self._histories[kind].add(text)
        self._close()
        if kind == "filter":
            self.post_message(self.FilterAccepted(text))
        elif text:
            self.post_message(self.GotoAccepted(text))

    def action_restore(self) -> None:
        kind = self._kind
        self._close()
        if kind == "filter":
            self.post_message(self.FilterRestored(self._before))

    def on_descendant_blur(self) -> None:
        """A click elsewhere accepts what is right, and leaves what is wrong."""
        self.call_later(self._left)

    def _left(self) -> None:
        focused = self.screen.focused
        # The whole terminal may have lost the focus: then nothing has it, and it comes back.
        if self._kind is None or focused is None or self in focused.ancestors:
            return
        self._back_to = None
        text = self._line.value
        if self._kind == "goto" or filter_error(text):
            self.action_restore()
        else:
            self._finish(self._kind, text.strip())

    def _close(self) -> None:
        self._kind = None
        self.remove_class("-asking")
        if self._back_to is not None and self._back_to.is_attached:
            self.screen.set_focus(self._back_to, scroll_visible=False)
        self._back_to = None
