"""`shmtui events`: a line for each segment that appears, is attached, changes, goes."""

import argparse
import json
import time
from collections.abc import Iterable

from shmtui.cli.saying import say
from shmtui.cli.typed import typed
from shmtui.monitor.changes import compare
from shmtui.monitor.event import Event
from shmtui.monitor.events import events
from shmtui.monitor.snapshot import Poller, Snapshot
from shmtui.monitor.ticker import next_due
from shmtui.present.eventing import HEADINGS, event_document, event_line, line
from shmtui.sysv.arguments import many, parse_interval


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `events` to the command line."""
    parser = subparsers.add_parser(
        "events",
        help="a line for each segment that appears, changes, goes",
        description="Prints what happens to the segments from now on, with pid and command where"
        " they can be caught, until Ctrl+C. Looks at each interval, and attaches nothing.",
    )
    parser.add_argument(
        "--interval", type=typed(parse_interval), default=1.0, metavar="S", help="default: 1"
    )
    parser.add_argument("--json", action="store_true", help="a document a line")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints events until Ctrl+C. Raises ShmError."""
    poller = Poller()
    last = _begin(poller, args.json)
    due = time.monotonic()
    while True:
        due = next_due(due, time.monotonic(), args.interval)
        time.sleep(max(0.0, due - time.monotonic()))
        new = poller.poll()
        _print(events(last, new, compare(last, new)), args.json)
        # After what happened is told: who holds a segment now names who detaches later.
        poller.scan_holders()
        last = new


def _begin(poller: Poller, as_json: bool) -> Snapshot:
    first = poller.poll()
    poller.scan_holders()
    if first.caveat:
        say(first.caveat)
    say(f"{many(len(first.facts), 'segment')} now in ipc:{first.namespace}; Ctrl+C ends")
    if not as_json:
        print(line(HEADINGS), flush=True)
    return first


def _print(happened: Iterable[Event], as_json: bool) -> None:
    for event in happened:
        print(json.dumps(event_document(event)) if as_json else event_line(event), flush=True)
