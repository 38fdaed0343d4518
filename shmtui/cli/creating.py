"""`shmtui create`: makes a segment and prints its id, as ipcmk does."""

import argparse

from shmtui.acts.creation import create
from shmtui.acts.log import ActivityLog
from shmtui.acts.policy import Policy
from shmtui.cli.saying import say
from shmtui.cli.typed import typed
from shmtui.sysv.arguments import parse_key, parse_mode, parse_size


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `create` to the command line."""
    parser = subparsers.add_parser(
        "create",
        help="make a segment, print its id",
        description="Makes a segment, all of it zeros, and prints its id. It stays until removed.",
    )
    parser.add_argument(
        "--size", type=typed(parse_size), required=True, help="bytes, or 64K, 1M, 2G (K = 1024)"
    )
    parser.add_argument(
        "--key", type=typed(parse_key), help="decimal, 0x…, or private (default: private)"
    )
    parser.add_argument(
        "--mode", type=typed(parse_mode), default=0o600, help="octal permissions (default: 0600)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Makes it. Raises ShmError."""
    print(create(args.key, args.size, args.mode, Policy(args.read_only), ActivityLog(say)))
    return 0
