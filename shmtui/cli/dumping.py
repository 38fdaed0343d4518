"""`shmtui dump`: a segment's content to a file, holes kept as holes."""

import argparse
from contextlib import closing
from pathlib import Path

from shmtui.acts.dump import Dumped, dump
from shmtui.acts.new_file import Exists
from shmtui.cli.asking import agreed
from shmtui.cli.ending import ends_as_ctrl_c
from shmtui.cli.naming import add_name, find, named
from shmtui.cli.progress import progress_line
from shmtui.cli.refusals import add_force, consent, read_by, reasons, unreadable
from shmtui.cli.saying import say
from shmtui.monitor.source import Source
from shmtui.present.words import visible
from shmtui.sysv.arguments import size_words
from shmtui.sysv.attachment import Forbidden
from shmtui.sysv.errors import NotAllowed
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.listing import Table
from shmtui.sysv.window import Why

_HELP: dict[Why, str] = {
    "swapped out": "--swapped reads that in",
    "not resident": "it may be swapped out; root can tell, and read it with --swapped",
    "not mapped by that process": "root reads that too",
}


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `dump` to the command line."""
    parser = subparsers.add_parser(
        "dump",
        help="a segment's content to a file",
        description="Writes the content of a segment to a new file of its size, which only you may"
        " read. What was never written stays a hole. Attaches only with --force.",
        epilog="Exit code 1 if a part could not be read: it is named, and the file lacks it.",
    )
    add_name(parser)
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="FILE", help="the file to make"
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace the file, once the new one is whole"
    )
    parser.add_argument("--swapped", action="store_true", help="read in what is swapped out, too")
    add_force(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Writes the file; 1: a part is missing in it. Raises UsageError, ShmError."""
    with ends_as_ctrl_c(), closing(_source(args)) as source:
        try:
            dumped = _dumped(source, args.output, args.overwrite, args.swapped)
        except Exists:
            if not agreed(f"{args.output} is there already. Overwrite it?", "--overwrite"):
                say(f"{args.output} is left as it was")
                return 1
            dumped = _dumped(source, args.output, True, args.swapped)
    _tell(source, dumped)
    return 0 if dumped.complete else 1


def _source(args: argparse.Namespace) -> Source:
    segment = find(named(args), Table().read().segments.values())
    return Source(segment, (), consent(args), Evidence(), args.read_only)


def _dumped(source: Source, path: Path, overwrite: bool, swapped: bool) -> Dumped:
    steps = dump(source, path, overwrite=overwrite, swapped=swapped)
    try:
        with progress_line() as line, closing(steps):
            for step in steps:
                if isinstance(step, Dumped):
                    return step
                line.show(step)
    except Forbidden as error:
        raise NotAllowed(unreadable(source.segment, source.why_not, error.refusal)) from error
    except KeyboardInterrupt:
        say(f"{path}: cancelled, nothing of it is left")
        raise
    raise AssertionError("a dump ends with what was dumped")


def _tell(source: Source, dumped: Dumped) -> None:
    if source.tap:
        say(read_by(source.segment, source.tap))
    for why, length in dumped.unread.items():
        say(f"{dumped.path} lacks {size_words(length)}: {why}; {_HELP[why]}")
    if not dumped.complete:
        for words in reasons(source.why_not):
            say(words)
    size, data = size_words(dumped.size), size_words(dumped.data)
    holes = size_words(dumped.holes)
    print(f"{visible(str(dumped.path))}: {size}, of it {data} data and {holes} holes")
