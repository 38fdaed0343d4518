"""`shmtui set`: mode, owner and group of a segment, as chmod and chown do for a file."""

import argparse

from shmtui.acts.log import ActivityLog
from shmtui.acts.permissions import Change, execute, plan
from shmtui.acts.policy import Policy
from shmtui.cli.naming import add_name, find, named_to_change
from shmtui.cli.saying import UsageError, say
from shmtui.cli.typed import typed
from shmtui.present.derived import letters
from shmtui.present.words import visible
from shmtui.sysv.arguments import parse_mode
from shmtui.sysv.listing import Table
from shmtui.sysv.users import group_id, group_name, user_id, user_name


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `set` to the command line."""
    parser = subparsers.add_parser(
        "set",
        help="set mode, owner, group of a segment",
        description="Sets mode, owner and group of a segment at once, and says what follows."
        " Attaches nothing; its change time becomes now.",
        epilog="A key must be named as --key 0x…: this changes the segment.",
    )
    add_name(parser)
    parser.add_argument("--mode", type=typed(parse_mode), metavar="OCTAL", help="like 0640")
    parser.add_argument("--owner", type=typed(user_id), metavar="USER", help="a name or a number")
    parser.add_argument("--group", type=typed(group_id), metavar="GROUP", help="likewise")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Sets them. Raises UsageError, ShmError."""
    change = Change(args.mode, args.owner, args.group)
    if change == Change():
        raise UsageError("say what to set: --mode, --owner or --group")
    policy = Policy(args.read_only)
    policy.refuse("set permissions")
    segment = find(named_to_change(args), Table().read().segments.values())
    planned = plan(segment, change, policy)
    for words in planned.lines:
        say(words)
    now = execute(planned, policy, ActivityLog(say))
    owner, group = user_name(now.uid), group_name(now.gid)
    print(visible(f"{now}: {now.mode:04o} {letters(now.perms)} {owner} {group}"))
    return 0
