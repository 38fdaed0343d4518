"""The line above the footer: what is to be said, and where what is asked for is typed."""

from collections.abc import Callable
from typing import ClassVar, Literal, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Key
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from shmtui.present.words import cell_width, visible
from shmtui.ui.typed_line import History, TypedLine

Severity = Literal["info", "warning", "error"]

SECONDS_SAID = 6.0
HIDE_S = 0.05
LEAST_TYPED = 16
"""Cells that what is typed keeps beside what is wrong with it; of a wide line it is a third."""


def _nothing(_: str) -> None:
    """Nobody wants to know."""


class Question(NamedTuple):
    """What is asked for, and who is told."""

    name: str
    """What was typed before is remembered by it."""
    sign: str
    """Stands before the input."""
    answered: Callable[[str], None]
    """Enter: with the text, blanks at its ends cut off. Not called for what is wrong."""
    wrong: Callable[[str], str] = lambda _: ""
    """What is wrong with a text, in words; empty: nothing. Shown while it is typed."""
    typed: Callable[[str], None] = _nothing
    """The text at each key."""
    restored: Callable[[str], None] = _nothing
    """Esc: with the text that stood there at first."""
    takes_empty: bool = False
    """An empty text is an answer too."""
    takes_on_leaving: bool = False
    """A click elsewhere accepts what is right; else it is as Esc."""


def ask(widget: Widget, question: Question, text: str = "") -> None:
    """Ask in the message line of this widget's screen.

    At once, and not by a message: what is typed right after the key would act on the widget.
    """
    widget.screen.query_one(Prompt).ask(question, text)


class Prompt(Widget):
    """One line. It says things, and drops them after some seconds; what it is to `hold`
    stays, and while work is under way its progress. Asked a question, it is an input line until
    Enter or Esc. What is wrong with it stands beside it, cut where it has no room; after an Enter
    in vain it has more of it, if it needs that, until the text is another one.
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
        width: auto; height: 1; margin-left: 1;
        text-wrap: nowrap; text-overflow: ellipsis; color: $text-error;
    }
    Prompt.-pressed #sign { display: none; }
    """

    def __init__(self) -> None:
        super().__init__(id="prompt")
        self._histories: dict[str, History] = {}
        # Made here and not in compose: there may be something to say before the first paint.
        self._said = Static(id="said", markup=False)
        self._sign = Static(id="sign", markup=False)
        self._line = TypedLine(self._accept)
        self._wrong = Static(id="wrong", markup=False)
        self._question: Question | None = None
        self._before = ""
        self._progress = ""
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

    def say(
        self,
        words: str,
        severity: Severity = "info",
        for_s: float = SECONDS_SAID,
        answers: bool = False,
    ) -> None:
        """Show these words for some seconds. News does not cover a warning; what `answers` a key
        does.
        """
        if self._dropping is not None:
            if severity == "info" and self._severity != "info" and not answers:
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

    def show_progress(self, words: str) -> None:
        """Show how far something is; empty: it is over. Where it begins, news said before gives
        way: it may be the work's own question, or older. What is said later covers it.
        """
        begins = bool(words) and not self._progress
        self._progress = words
        if self._dropping is not None and begins and self._severity == "info":
            self._dropping.stop()
            self._dropping = None
        if self._dropping is None:
            self._drop()

    def _drop(self) -> None:
        self._dropping = None
        self._show(*((self._progress, "info") if self._progress else self._held))

    def _show(self, words: str, severity: Severity) -> None:
        self._severity = severity
        self._said.update(Content(visible(words)))
        self._said.set_classes(severity)

    # Asking

    @property
    def asking(self) -> str:
        """Name of what is being typed; empty: nothing."""
        return self._question.name if self._question else ""

    def ask(self, question: Question, text: str = "") -> None:
        """Become an input line; `text` stands there at first."""
        if self._question is None:
            self._back_to = self.screen.focused
        self._question, self._before = question, text
        self._sign.update(Content(question.sign))
        self.wrong("")
        self.add_class("-asking")
        line = self._line
        with self.prevent(Input.Changed):
            line.start(text, self._histories.setdefault(question.name, History()))
        # Not line.focus(), which comes later: what is typed meanwhile would act on the list.
        self.screen.set_focus(line, scroll_visible=False)

    def take(self, event: Key) -> bool:
        """For a key that nothing handled: a letter that was sent to the list before this line had
        the focus, as a terminal does that sends `/owner` in one piece. True: it is here now.
        """
        if self._question is None or event.character is None or not event.is_printable:
            return False
        if self.screen is not self.app.screen:
            return False
        self._line.insert_text_at_cursor(event.character)
        return True

    def wrong(self, words: str) -> None:
        """Say beside the input what is wrong with it."""
        self._explain(words, pressed=False)

    def _explain(self, words: str, pressed: bool) -> None:
        """`pressed`: these words are what an Enter came to; the sign gives way to them."""
        self.set_class(pressed, "-pressed")
        self.on_resize()
        self._wrong.update(Content(visible(words)))

    def on_resize(self) -> None:
        """What is typed keeps its room in another terminal too."""
        self._wrong.styles.max_width = self._wrong_room(self.has_class("-pressed"))

    def _wrong_room(self, pressed: bool) -> int:
        """Cells for what is wrong, its margin not among them."""
        width = self.size.width
        sign = 0 if pressed or self._question is None else cell_width(self._question.sign)
        return max(0, width - sign - max(LEAST_TYPED, width // 3) - 1)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._question is not None:
            self.wrong(self._question.wrong(event.value))
            self._question.typed(event.value)

    def _accept(self, text: str) -> None:
        if self._question is None:
            return
        if error := self._question.wrong(text):
            self._explain(error, pressed=cell_width(error) > self._wrong_room(False))
            self.app.bell()
        else:
            self._finish(self._question, text.strip())

    def _finish(self, question: Question, text: str) -> None:
        self._histories[question.name].add(text)
        if text or question.takes_empty:
            # First: what it sets off on a thread goes on while this line is drawn anew.
            question.answered(text)
        self._close()

    def action_restore(self) -> None:
        question = self._question
        self._close()
        if question is not None:
            question.restored(self._before)

    def on_descendant_blur(self) -> None:
        """A click elsewhere."""
        self.call_later(self._left)

    def _left(self) -> None:
        question, focused = self._question, self.screen.focused
        # The whole terminal may have lost the focus: then nothing has it, and it comes back.
        if question is None or focused is None or self in focused.ancestors:
            return
        self._back_to = None
        text = self._line.value
        if question.takes_on_leaving and not question.wrong(text):
            self._finish(question, text.strip())
        else:
            self.action_restore()

    def _close(self) -> None:
        self._question = None
        # Later: to lay the screen out again takes longer than to paint what the answer leads to.
        self.set_timer(HIDE_S, self._hide)
        if self._back_to is not None and self._back_to.is_attached:
            self.screen.set_focus(self._back_to, scroll_visible=False)
        self._back_to = None

    def _hide(self) -> None:
        if self._question is None:
            self.remove_class("-asking")
