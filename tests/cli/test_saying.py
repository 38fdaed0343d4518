"""What is said on stderr is safe to print."""

import pytest

from shmtui.cli.saying import say


def test_foreign_text_cannot_command_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say("process \x1b[31m[/red]\nnot by peek: \u202e")
    assert capsys.readouterr().err == (
        "shmtui: process \\x1b[31m[/red]\nshmtui: not by peek: \\u202e\n"
    )
