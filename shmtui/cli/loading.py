"""`shmtui load`: puts a dump, or a part of one, back into a segment."""

import argparse
from contextlib import closing
from pathlib import Path

from shmtui.acts.load import Loaded, LoadPlan, load, plan
from shmtui.acts.log import ActivityLog
from shmtui.acts.policy import Policy
from shmtui.cli.asking import agreed
from shmtui.cli.ending import ends_as_ctrl_c
from shmtui.cli.naming import add_name, find, named_to_change
from shmtui.cli.progress import progress_line
from shmtui.cli.saying import say
from shmtui.cli.typed import typed
from shmtui.decode.places import parse_offset
from shmtui.present.words import visible
from shmtui.sysv.arguments import size_words
from shmtui.sysv.listing import Table


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `load` to the command line."""
    parser = subparsers.add_parser(
        "load",
        help="put a dump back into a segment",
        description="Writes all of FILE into a segment, from its start or from --offset on. Says"
        " what that would change, and asks.",
        epilog="A key must be named as --key 0x…: this changes the segment.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="what dump made, or a part of it")
    add_name(parser)
    parser.add_argument("--offset", type=typed(parse_offset), default=0, metavar="BYTES")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Loads it; 1: the person said no. Raises UsageError, ShmError."""
    policy = Policy(args.read_only)
    policy.refuse("write into a segment")
    segment = find(named_to_change(args), Table().read().segments.values())
    planned = plan(args.file, segment, args.offset, policy)
    for words in planned.lines:
        say(words)
    if not args.yes and not agreed("Load it?", "--yes"):
        say("nothing was changed")
        return 1
    loaded = _loaded(planned, policy)
    file, size = visible(str(loaded.path)), size_words(loaded.length)
    print(f"{loaded.segment}: {size} of {file} loaded at {loaded.offset:#x}")
    return 0


def _loaded(planned: LoadPlan, policy: Policy) -> Loaded:
    steps = load(planned, policy, ActivityLog(say))
    done = 0
    try:
        with ends_as_ctrl_c(), progress_line() as line, closing(steps):
            for step in steps:
                if isinstance(step, Loaded):
                    return step
                line.show(step)
                done = step.done
    except KeyboardInterrupt:
        say(f"cancelled: about {size_words(done)} of {size_words(planned.length)} are written")
        raise
    raise AssertionError("a load ends with what was loaded")
