"""The least that a Textual program can be: what the screen's start is compared with."""

from textual.app import App, ComposeResult
from textual.widgets import Footer, Header


class EmptyApp(App[None]):
    """A header and a footer."""

    def compose(self) -> ComposeResult:
        yield Header()
        yield Footer()


if __name__ == "__main__":
    EmptyApp().run()
