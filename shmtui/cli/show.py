"""`shmtui show`: all facts of one segment, its holders, its verdict with reasons."""

import argparse
import json
import sys

from shmtui.cli.naming import add_name, find, named
from shmtui.cli.saying import say
from shmtui.monitor.recognition import Owner, recognise
from shmtui.monitor.snapshot import Poller, Snapshot
from shmtui.monitor.traceless import Traceless
from shmtui.present import document, holding
from shmtui.present.columns import COLUMNS
from shmtui.present.details import details
from shmtui.present.row import Row, row_of
from shmtui.sysv.holders import Scan, scan
from shmtui.sysv.processes import ProcessTable
from shmtui.sysv.segment import Segment


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `show` to the command line."""
    parser = subparsers.add_parser(
        "show",
        help="all facts of one segment",
        description="All facts of one segment, who holds it, and its verdict with the reasons."
        " Attaches nothing.",
    )
    add_name(parser)
    parser.add_argument("--json", action="store_true", help="one document with real types")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the facts. Raises UsageError, ShmError."""
    name = named(args)
    snapshot = Poller().poll()
    segment = find(name, (facts.segment for facts in snapshot.facts.values()))
    snapshot = _with_holders(snapshot, segment)
    row = row_of(snapshot, segment.identity)
    read = Traceless(row.facts.evidence, row.holders)
    owner = _recognised(row, read)
    held = holding.held(row.holders)
    if args.json:
        _print_json(row, owner, held)
    else:
        _print_words(row, owner, read.resident_bytes() if row.rss is None else None)
        if segment.nattch:
            _print_holders(row, held, snapshot.holders)
    if snapshot.caveat:
        say(snapshot.caveat)
    return 0


def _with_holders(snapshot: Snapshot, segment: Segment) -> Snapshot:
    found = scan({segment.identity: segment})
    return snapshot._replace(holders=found)


def _recognised(row: Row, read: Traceless) -> Owner | None:
    processes = ProcessTable()
    processes.refresh()
    return recognise(row.facts.evidence, row.holders, read, processes)


def _print_json(row: Row, owner: Owner | None, held: list[holding.Held]) -> None:
    columns = [column for column in COLUMNS.values() if column.in_json]
    segment = {column.name: document.json_value(column, row) for column in columns}
    segment["program"] = document.program(owner)
    segment["holders"] = holding.documents(held)
    segment["nattch_unexplained"] = holding.unexplained(row.facts.segment, row.holders)
    json.dump({**document.head(row.now), "segment": segment}, sys.stdout, indent=2)
    print()


def _print_words(row: Row, owner: Owner | None, resident: int | None) -> None:
    told = details(row, owner, resident)
    width = max(len(label) for label, _ in told)
    for label, words in told:
        print(f"{label:<{width}}  {words}")


def _print_holders(row: Row, held: list[holding.Held], found: Scan | None) -> None:
    unseen = (found.unreadable, found.stuck) if found else (0, ())
    print(f"\n{holding.head_line(row.facts.segment, row.holders, *unseen)}")
    if held:
        for line in document.table(list(holding.table(held, row.now)), ("right",)):
            print(line)
