"""`shmtui` without a command: the screen. The one place that reaches up to it, and late."""

import argparse
import os
import sys
from collections.abc import Callable

from shmtui.cli.naming import add_options
from shmtui.cli.saying import UsageError
from shmtui.cli.typed import typed
from shmtui.sysv.arguments import parse_interval

_OWN = "screen_"
"""Begins the names under which the parsed options are kept: `list` has a `--sort` of its own."""


def add(parser: argparse.ArgumentParser) -> None:
    """Adds the screen's options to the whole command line."""
    group = parser.add_argument_group("the screen")
    group.add_argument(
        "--interval",
        dest="screen_interval",
        type=typed(parse_interval),
        metavar="S",
        help="seconds from look to look (default: 1)",
    )
    group.add_argument(
        "--sort", dest="screen_sort", metavar="COL", help="ascending; -COL: descending"
    )
    group.add_argument("--filter", dest="screen_filter", metavar="EXPR", help="as list --filter")
    group.add_argument("--no-mouse", dest="screen_no_mouse", action="store_true")
    group.add_argument(
        "--demo",
        dest="screen_demo",
        action="store_true",
        help="with a writer running and the reader on it; all of it is gone at the end",
    )
    add_options(group, _OWN)


def refuse_options(args: argparse.Namespace, refuse: Callable[[str], object]) -> None:
    """A command was given: options that stand before it would be silently ignored."""
    for name, value in vars(args).items():
        if name.startswith(_OWN) and value not in (None, False):
            option = "--" + name.removeprefix(_OWN).replace("_", "-")
            refuse(f"{option} before {args.command} is for the screen: say it after {args.command}")


def run(args: argparse.Namespace) -> int:
    """Opens the screen; its exit code. Raises UsageError."""
    _check_columns_and_filter(args)
    _check_name(args)
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("the screen needs a terminal; without one: shmtui list")
    from shmtui.monitor.ahead import Ahead

    ahead = Ahead()
    # Read once, when Textual is imported. A paint waits for the next of these; none is made where
    # nothing changed, so what is idle costs no more.
    os.environ.setdefault("TEXTUAL_FPS", "250")
    from shmtui.ui.app import run as open_screen
    from shmtui.ui.options import ScreenOptions

    return open_screen(
        ScreenOptions(
            interval_s=args.screen_interval or 1.0,
            sort=args.screen_sort,
            filter=args.screen_filter,
            read_only=args.read_only,
            mouse=not args.screen_no_mouse,
            color=not (args.no_color or os.environ.get("NO_COLOR")),
            shmid=args.screen_id,
            key=args.screen_key,
            demo=args.screen_demo,
        ),
        ahead,
    )


def _check_columns_and_filter(args: argparse.Namespace) -> None:
    """Said before the screen opens, where it can be read."""
    from shmtui.cli.choosing import check_filter, check_sort

    if args.screen_sort is not None:
        check_sort(args.screen_sort)
    if args.screen_filter is not None:
        check_filter(args.screen_filter)


def _check_name(args: argparse.Namespace) -> None:
    if args.screen_id is not None and args.screen_key is not None:
        raise UsageError("name one segment: --id or --key")
