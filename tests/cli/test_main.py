"""Exit codes, options that stand anywhere, and ends that are not errors."""

import os
import signal
import sys

import pytest

from shmtui import __version__
from shmtui.cli.main import COMMANDS
from tests.cli.program import ENVIRONMENT, PROGRAM, line_of, printed, refused, run, shmtui, started
from tests.conftest import MakeSegment
from tests.terminal import Terminal


def test_help_names_every_command_and_the_exit_codes() -> None:
    told = printed("--help")
    for word in (*COMMANDS, "--demo", "--read-only", "130 Ctrl+C"):
        assert word in told


def test_version_is_that_of_the_package() -> None:
    assert printed("--version") == f"shmtui {__version__}\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lst"], "invalid choice: 'lst'"),
        (["list", "--nonsense"], "--nonsense"),
        (["list", "--json", "--csv"], "not allowed with"),
        (["--interval", "0"], "from 0.001 to 86400 seconds"),
        (["--sort", "nonsense"], "there is no column 'nonsense'"),
        (["--filter", "size>"], "a value is missing after >"),
        (["--id", "1", "--key", "0x1"], "name one segment: --id or --key"),
        (["--demo", "list"], "--demo before list is for the screen: say it after list"),
        (["--interval", "2", "show", "1"], "--interval before show is for the screen"),
    ],
)
def test_wrong_usage_is_exit_2_in_words(words: list[str], said: str) -> None:
    assert said in refused(*words, code=2)


def test_the_screen_needs_a_terminal_and_names_what_does_not() -> None:
    assert "the screen needs a terminal; without one: shmtui list" in refused(code=2)


def test_read_only_stands_before_or_after_a_command() -> None:
    for words in (["--read-only", "create"], ["create", "--read-only"]):
        said = refused(*words, "--size", "4K", code=1)
        assert "it is --read-only: shmtui will not create a segment" in said


def test_no_color_stands_before_or_after_a_command() -> None:
    assert printed("--no-color", "list") == printed("list", "--no-color")


def test_a_closed_pipe_ends_quietly(make_segment: MakeSegment) -> None:
    make_segment()
    reader, writer = os.pipe()
    os.close(reader)
    done = shmtui("list", stdout=writer)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_full_disk_is_said_in_words() -> None:
    with open("/dev/full", "w") as full:
        done = shmtui("list", stdout=full)
    assert done.returncode == 1
    assert done.stderr == "shmtui: standard output: No space left on device\n"


def test_a_closed_stdout_is_said_in_words() -> None:
    done = run(["sh", "-c", 'exec "$@" >&-', "sh", *PROGRAM, "list"])
    assert (done.returncode, done.stderr) == (1, "shmtui: standard output: closed\n")


def test_a_closed_stderr_leaves_the_exit_code() -> None:
    done = run(["sh", "-c", 'exec "$@" 2>&-', "sh", *PROGRAM, "show", "123456"])
    assert (done.returncode, done.stdout) == (1, "")


def test_ctrl_c_is_130(make_segment: MakeSegment) -> None:
    with started("read", make_segment(), "--force") as reading:
        assert line_of(reading) == ""
        reading.send_signal(signal.SIGINT)
        _, said = reading.communicate(timeout=30)
    assert reading.returncode == 130
    assert "Traceback" not in said


def test_a_terminal_that_cannot_show_a_letter_gets_an_escape(make_segment: MakeSegment) -> None:
    make_segment()
    env = {**ENVIRONMENT, "PYTHONIOENCODING": "ascii"}
    assert "…" not in printed("list", "--help", env=env)
    assert r"\u2026" in printed("list", "--help", env=env)


def test_the_screen_opens_on_the_segment_that_was_named(make_segment: MakeSegment) -> None:
    shmid = make_segment(1024, key=0x5EED)
    argv = [sys.executable, "-m", "shmtui", "--read-only", "--key", "0x5eed", "--sort", "-id"]
    with Terminal(argv) as terminal:
        terminal.wait_for(lambda text: "0x00005eed" in text and f"id {shmid}" in text)
        assert "READ-ONLY" in terminal.text
        terminal.send("q")
        assert terminal.wait_exit() == 0


def test_help_of_each_command_fits_80_columns() -> None:
    for command in COMMANDS:
        done = shmtui(command, "--help")
        assert done.returncode == 0
        usage = done.stdout.partition("columns, by name")[0]
        assert max(map(len, usage.splitlines())) <= 80


INTERRUPTED_EARLY = """
import sys
class Interrupted:
    def find_spec(self, name, path=None, target=None):
        if name == "shmtui.cli.main":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupted())
from shmtui.__main__ import main
sys.exit(main())
"""


def test_ctrl_c_before_anything_began_ends_without_a_traceback() -> None:
    done = run([sys.executable, "-c", INTERRUPTED_EARLY])
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
