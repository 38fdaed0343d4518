"""`shmtui remove`: removes segments, or orphans, and tells before what that would do."""

import argparse
import math
import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from shmtui.acts.dump_place import lacking
from shmtui.acts.log import ActivityLog
from shmtui.acts.policy import Policy
from shmtui.acts.removal import Consents, Outcome, execute
from shmtui.acts.removal_plan import Item, Options, Plan, orphans, plan, targets
from shmtui.cli.asking import agreed, can_ask, typed
from shmtui.cli.ending import ends_as_ctrl_c
from shmtui.cli.naming import add_names, find, names_to_change
from shmtui.cli.progress import progress_line
from shmtui.cli.saying import UsageError, drop_output, say
from shmtui.cli.typed import typed as parsed
from shmtui.monitor.owners import Owners
from shmtui.monitor.pace import Progress
from shmtui.monitor.snapshot import Poller, Snapshot
from shmtui.present.words import age_words, visible
from shmtui.sysv.arguments import parse_age
from shmtui.sysv.errors import NotThere, ShmError
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.holders import scan
from shmtui.sysv.segment import Identity

_OLD_S = 3600.0
_SHOWN = 20
"""Lines before a question: it must stay in sight."""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `remove` to the command line."""
    parser = subparsers.add_parser(
        "remove",
        help="remove segments, or orphans",
        description="Says what removing would do to each segment, asks, and removes exactly those."
        " One that is attached goes only with --force and its id, typed at a terminal.",
        epilog="A key must be named as --key 0x…: this changes the segment. Exit code 1 if any of"
        " them stays.",
    )
    add_names(parser)
    _add_orphans(parser)
    parser.add_argument("--dry-run", action="store_true", help="only print what would happen")
    parser.add_argument("--yes", action="store_true", help="do not ask for what nobody holds")
    parser.add_argument(
        "--dump",
        type=Path,
        metavar="DIR",
        help="write each to a file there first; it goes only when that is complete",
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="also what is attached, or what a database needs: its id is asked for",
    )
    parser.add_argument(
        "--unlogged", action="store_true", help="also where the activity log cannot be kept"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Removes them; 1: not all. Raises UsageError, ShmError."""
    policy = Policy(args.read_only)
    policy.refuse("remove a segment")
    evidence = Evidence()
    snapshot = Poller(evidence).poll()
    wanted, all_there = _wanted(args, snapshot)
    planned = _planned(args, snapshot, wanted, policy)
    if args.dry_run:
        for line in _lines(planned.items):
            print(line)
        return 0
    _check_dump(args.dump, planned)
    log = ActivityLog(say)
    consents = _consents(args, planned, log)
    if consents is None:
        say("nothing was removed")
        return 1
    # The record tells where a dump is.
    dump_to = args.dump and args.dump.absolute()
    steps = execute(planned, policy, log, consents, dump_to, evidence)
    return 0 if _told(steps) and all_there else 1


def _add_orphans(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--orphans",
        action="store_true",
        help="all whose creator and last operator are gone, and that nobody has attached",
    )
    parser.add_argument(
        "--older-than",
        type=parsed(parse_age),
        metavar="AGE",
        help="of these, only what nobody touched for so long: 30m, 2d (default: 1h)",
    )


def _wanted(args: argparse.Namespace, snapshot: Snapshot) -> tuple[list[Identity], bool]:
    """The segments meant, each once; False: some are not there, which was said."""
    names = names_to_change(args)
    if args.orphans == bool(names):
        raise UsageError("name segments, or say --orphans")
    if args.orphans:
        return _orphans(args, snapshot), True
    if args.older_than is not None:
        raise UsageError("--older-than is for --orphans")
    found: dict[Identity, None] = {}
    all_there = True
    for name in names:
        try:
            segment = find(name, (facts.segment for facts in snapshot.facts.values()))
            found[segment.identity] = None
        except NotThere as error:
            all_there = False
            say(str(error))
    return list(found), all_there


def _orphans(args: argparse.Namespace, snapshot: Snapshot) -> list[Identity]:
    age_s = _OLD_S if args.older_than is None else args.older_than
    found = orphans(snapshot, age_s)
    if not found:
        say(f"no orphan that nobody touched for {age_words(age_s)}")
    return found


def _planned(
    args: argparse.Namespace, snapshot: Snapshot, wanted: list[Identity], policy: Policy
) -> Plan:
    """With holders and owners of those wanted, and of no others."""
    facts = {identity: snapshot.facts[identity] for identity in wanted}
    segments = {identity: facts[identity].segment for identity in wanted}
    few = snapshot._replace(facts=facts, holders=scan(segments, exclude=(os.getpid(),)))
    owners = Owners()
    owners.look(few, math.inf)
    options = Options(held=args.force, force=args.force)
    return plan(targets(few, wanted, owners.known), policy, options)


def _check_dump(directory: Path | None, planned: Plan) -> None:
    if directory is None:
        return
    if why := lacking(directory, (item.segment for item in planned.going)):
        raise ShmError(f"--dump: {why}; nothing was removed")


def _lines(items: Sequence[Item]) -> Iterator[str]:
    for item in items:
        yield from map(visible, item.lines)


def _consents(args: argparse.Namespace, planned: Plan, log: ActivityLog) -> Consents | None:
    """What the person agrees to; None: to nothing. Raises UsageError, ShmError."""
    if not planned.going:
        return Consents()
    unlogged = _unlogged(args, planned, log)
    held = [item for item in planned.going if item.needs_typed_id]
    free = len(planned.going) - len(held)
    if held or not args.yes:
        _show(planned)
    if free and not args.yes and not agreed(f"{planned.title}?", "--yes"):
        return None
    return Consents([item.segment.shmid for item in held if _is_typed(item)], unlogged)


def _show(planned: Plan) -> None:
    for line in _lines(planned.items[:_SHOWN]):
        say(line)
    if len(planned.items) > _SHOWN:
        say(f"and {len(planned.items) - _SHOWN} more, which --dry-run lists")


def _is_typed(item: Item) -> bool:
    shmid = str(item.segment.shmid)
    return typed(f"{item.segment}: {item.consequence}. Type its id to remove it:", shmid)


def _unlogged(args: argparse.Namespace, planned: Plan, log: ActivityLog) -> bool:
    """The log cannot be kept, and need not be. Raises ShmError where it must."""
    why = log.check(len(planned.items))
    if not why:
        return False
    say(why)
    if args.unlogged or (can_ask() and agreed("Remove without a record?", "--unlogged")):
        return True
    raise ShmError("nothing was removed: --unlogged would remove without a record")


def _told(steps: Generator[Progress | Outcome, None, None]) -> bool:
    """Prints each as it goes; False: some stay."""
    stayed = 0
    with ends_as_ctrl_c(), progress_line() as line, closing(steps):
        for step in steps:
            if not isinstance(step, Outcome):
                line.show(step)
                continue
            line.clear()
            if step.done:
                _print(step.words)
            else:
                stayed += 1
                say(step.words)
    return not stayed


def _print(words: str) -> None:
    """Who does not listen any more has still asked for the rest."""
    try:
        print(visible(words), flush=True)
    except BrokenPipeError:
        drop_output()
