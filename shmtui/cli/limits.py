"""`shmtui limits`: limits, used, how near, and which one a failing shmget would meet."""

import argparse
import json
import sys

from shmtui.cli.saying import say
from shmtui.cli.typed import typed
from shmtui.monitor.resources import read_resources
from shmtui.present.limits import limits_document, sections
from shmtui.sysv.arguments import parse_size
from shmtui.sysv.limits import read_limits
from shmtui.sysv.listing import Table


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `limits` to the command line."""
    parser = subparsers.add_parser(
        "limits",
        help="limits, what is used of them, where shared memory went",
        description="The limits of this IPC namespace and what is used of each; where the shared"
        " memory of the machine went; what the errors of shmget mean here. Attaches nothing.",
    )
    parser.add_argument(
        "--size", type=typed(parse_size), help="say whether a shmget of so many bytes would fail"
    )
    parser.add_argument("--json", action="store_true", help="one document with real types")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints them. Raises ShmError."""
    listing = Table().read()
    resources = read_resources(listing.segments.values(), read_limits())
    if args.json:
        json.dump(limits_document(resources, args.size), sys.stdout, indent=2)
        print()
    else:
        parts = sections(resources, args.size)
        print("\n\n".join("\n".join(filter(None, (title, *lines))) for title, lines in parts))
    for words in filter(None, (listing.caveat, *resources.caveats)):
        say(words)
    return 0
