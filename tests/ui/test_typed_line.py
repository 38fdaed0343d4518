"""The input line of the prompt and of the dialogs."""

import pytest
from textual.app import App, ComposeResult
from textual.events import Key

from shmtui.ui.typed_line import InOrder


class Host(App[None]):
    def compose(self) -> ComposeResult:
        yield InOrder("3306", select_on_focus=False)


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (["backspace", "9"], "3309"),
        (["left", "left", "9"], "33906"),
        (["home", "delete", "1"], "1306"),
        (["ctrl+u", "7", "8", "backspace"], "7"),
    ],
)
async def test_keys_that_come_in_one_piece_act_in_their_order(keys: list[str], text: str) -> None:
    app = Host()
    async with app.run_test() as pilot:
        line = app.query_one(InOrder)
        line.cursor_position = 4
        for key in keys:
            app.post_message(Key(key, key if len(key) == 1 else None))
        await pilot.pause()
        assert line.value == text
