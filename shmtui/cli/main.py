"""The command line: parses it, runs one command or the screen, and turns errors into exit codes.

0 done; 1 it could not; 2 wrong usage; 130 Ctrl+C; a closed pipe ends quietly with 0.
"""

import argparse
import gc
import io
import sys
from collections.abc import Sequence
from importlib import import_module

from shmtui import __version__
from shmtui.cli import screen
from shmtui.cli.parser import Parser
from shmtui.cli.saying import UsageError, drop_output, say
from shmtui.sysv.errors import ShmError

COMMANDS = {
    "list": "shmtui.cli.listing",
    "show": "shmtui.cli.show",
    "read": "shmtui.cli.reading",
    "write": "shmtui.cli.writing",
    "create": "shmtui.cli.creating",
    "dump": "shmtui.cli.dumping",
    "load": "shmtui.cli.loading",
    "limits": "shmtui.cli.limits",
    "events": "shmtui.cli.events",
    "remove": "shmtui.cli.removing",
    "set": "shmtui.cli.setting",
}
"""The module of each command: `add(subparsers)` describes it and sets `run(args) -> exit code`."""

_SHORT = ("list", "show", "create", "set", "limits")
"""They print and end; the others stay."""


def run(argv: Sequence[str]) -> int:
    """Runs what `argv` (without the program's name) asks for. Returns the exit code."""
    try:
        return _run(argv)
    except BrokenPipeError:
        drop_output()
        return 0
    except KeyboardInterrupt:
        return 130
    except UsageError as error:
        say(str(error))
        return 2
    except ShmError as error:
        say(str(error))
        return 1
    except OSError as error:
        say(f"{error.filename or 'standard output'}: {error.strerror}")
        drop_output()
        return 1


def _run(argv: Sequence[str]) -> int:
    if sys.stdout is None:
        raise OSError(0, "closed")
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal without UTF-8 shall see an escape, not an error.
        sys.stdout.reconfigure(errors="backslashreplace")
    args = _parse(_joined(argv))
    if args.command not in (*_SHORT, None):  # the screen turns it on when it is imported
        gc.enable()
    code: int = args.run(args)
    sys.stdout.flush()
    return code


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = Parser(
        prog="shmtui",
        description="The htop of System V shared memory. Without a command: the screen.",
        epilog="Exit codes: 0 done, 1 it could not, 2 wrong usage, 130 Ctrl+C.",
    )
    parser.set_defaults(read_only=False, no_color=False, run=screen.run)
    parser.add_argument("--version", action="version", version=f"shmtui {__version__}")
    _add_everywhere(parser)
    screen.add(parser)
    # Without `prog` argparse formats a usage line at once, which costs an import.
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", dest="command", prog="shmtui"
    )
    for name in _wanted(argv):
        import_module(COMMANDS[name]).add(commands)
    for command in commands.choices.values():
        _add_everywhere(command)
    args = parser.parse_args(argv)
    if args.command is not None:
        screen.refuse_options(args, parser.error)
    return args


def _wanted(argv: Sequence[str]) -> Sequence[str]:
    """The commands that may be meant: describing one imports what it needs."""
    named = [name for name in COMMANDS if name in argv]
    only_options = all(word.startswith("-") and word not in ("-h", "--help") for word in argv)
    return named if named or only_options else list(COMMANDS)


def _add_everywhere(parser: argparse.ArgumentParser) -> None:
    """Options that stand before or after a command; SUPPRESS: neither place undoes the other."""
    group = parser.add_argument_group("everywhere")
    group.add_argument(
        "--read-only",
        action="store_true",
        default=argparse.SUPPRESS,
        help="refuse whatever would change or attach a segment",
    )
    group.add_argument(
        "--no-color", action="store_true", default=argparse.SUPPRESS, help="plain text"
    )


def _joined(argv: Sequence[str]) -> list[str]:
    """`--sort -size` as `--sort=-size`: argparse would take the value for an option."""
    words: list[str] = []
    for word in argv:
        if words and words[-1] == "--sort" and word[:1] == "-" and word[1:2].isalpha():
            words[-1] = f"--sort={word}"
        else:
            words.append(word)
    return words
