"""`shmtui read`: a segment's content, again each interval, by the least disturbing tap."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from shmtui.cli.forms import FORMS, Form
from shmtui.cli.look import Look, Stretch, join
from shmtui.cli.naming import add_name, named
from shmtui.cli.refusals import add_force, consent
from shmtui.cli.saying import UsageError, say
from shmtui.cli.typed import count, length, typed
from shmtui.cli.watching import printer as watch_printer
from shmtui.decode.places import parse_offset
from shmtui.decode.watch import parse_watch
from shmtui.monitor.ticker import next_due
from shmtui.present import document
from shmtui.present.words import instant
from shmtui.sysv.arguments import many, parse_interval
from shmtui.sysv.content import Window
from shmtui.sysv.errors import BadArgument
from shmtui.sysv.segment import Segment

Show = Callable[[], bool]
"""Prints what is there now; False: the segment went before it was read."""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `read` to the command line."""
    parser = subparsers.add_parser(
        "read",
        help="a segment's content, again each interval",
        description="Prints the content of a segment, again each interval, until the segment goes."
        " Says on stderr how it is read. Attaches only with --force.",
        epilog="Exit code 1 if the segment goes before --count.",
    )
    add_name(parser)
    parser.add_argument(
        "--interval", type=typed(parse_interval), default=1.0, metavar="S", help="default: 1"
    )
    parser.add_argument("--count", type=typed(count), metavar="N", help="end after so many")
    parser.add_argument(
        "--as", dest="form", choices=FORMS, default="text", metavar="FORM", help=", ".join(FORMS)
    )
    parser.add_argument("--offset", type=typed(parse_offset), default=0, metavar="BYTES")
    parser.add_argument("--length", type=typed(length), metavar="BYTES")
    parser.add_argument(
        "--watch",
        dest="watches",
        type=typed(parse_watch),
        action="append",
        default=[],
        metavar="OFFSET:TYPE:NAME",
        help="print this value alone, such as 0x10:u32le:count; may be said again",
    )
    parser.add_argument("--json", action="store_true", help="a document a line")
    add_force(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the content until the count, the segment's end, or Ctrl+C. Raises UsageError,
    ShmError."""
    form = FORMS[args.form]
    if args.watches and (args.form != "text" or args.offset or args.length):
        raise UsageError("--watch says itself what is read: leave out --as, --offset, --length")
    if form.name == "raw" and not args.json and sys.stdout.isatty():
        raise UsageError("raw bytes could control the terminal: pipe them, or --as text or hex")
    look = Look(named(args), consent(args), args.read_only)
    show = watch_printer(look, args.watches, args.json) if args.watches else _printer(args, look)
    try:
        shown = _follow(look, show, args.interval, args.count)
    finally:
        look.close()
    if args.count is not None and shown == args.count:
        return 0
    say(f"{look.segment} is gone")
    return 0 if args.count is None else 1


def _follow(look: Look, show: Show, interval_s: float, most: int | None) -> int:
    """Shows it each interval; how often, when the segment went or `most` is reached."""
    shown = 0
    for _ in _ticks(interval_s):
        if not look.again() or not show():
            break
        sys.stdout.flush()
        shown += 1
        if shown == most:
            break
    return shown


def _ticks(interval_s: float) -> Iterator[None]:
    """Now, and at each interval from now; those that came too late are left out."""
    due = time.monotonic()
    while True:
        yield
        due = next_due(due, time.monotonic(), interval_s)
        time.sleep(max(0.0, due - time.monotonic()))


def _stretch(args: argparse.Namespace, form: Form, segment: Segment) -> Stretch:
    """What to read. Raises BadArgument where the segment has no such bytes."""
    if args.length is not None and args.length % form.unit:
        raise UsageError(f"--length {args.length}: {form.name} takes {form.unit} bytes each")
    room = segment.size - args.offset
    if room < form.unit:
        size = many(segment.size, "byte")
        raise BadArgument(f"{segment} has {size}: no {form.name} at {args.offset}")
    wanted = args.length or form.length or room
    # Numbers are never cut in the middle.
    return Stretch(args.offset, min(wanted, room) // form.unit * form.unit)


def _printer(args: argparse.Namespace, look: Look) -> Show:
    """Prints a stretch in the form asked for. Raises UsageError, BadArgument."""
    form = FORMS[args.form]
    stretch = _stretch(args, form, look.segment)

    def raw() -> bool:
        for window in look.pieces(stretch):
            sys.stdout.buffer.write(window.data)
        return not look.gone

    def told() -> bool:
        window = join(look.pieces(stretch))
        if look.gone:
            return False
        print(json.dumps(_document(form, look, window)) if args.json else form.show(window))
        return True

    return raw if form.name == "raw" and not args.json else told


def _document(form: Form, look: Look, window: Window) -> dict[str, Any]:
    return {
        "schema": document.SCHEMA,
        "time": instant(look.time),
        "id": look.segment.shmid,
        "offset": window.offset,
        "length": len(window.data),
        "tap": look.tap,
        "gaps": [gap._asdict() for gap in window.gaps],
        form.member: form.value(window),
    }
