"""The least Textual program that answers a key: what going to a place is compared with."""

from textual.app import App, ComposeResult
from textual.widgets import Static


class AnsweringApp(App[None]):
    """Each Enter shows the next number."""

    number = 0

    def compose(self) -> ComposeResult:
        yield Static("ready")

    def key_enter(self) -> None:
        self.number += 1
        self.query_one(Static).update(f"answer {self.number}.")


if __name__ == "__main__":
    AnsweringApp().run()
