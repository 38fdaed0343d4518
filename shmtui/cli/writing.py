"""`shmtui write`: the writer program of the command line."""

import argparse
import json
import os

from shmtui.acts.log import ActivityLog
from shmtui.acts.policy import Policy
from shmtui.cli.saying import UsageError, say
from shmtui.cli.typed import count, typed
from shmtui.sysv.arguments import (
    key_words,
    parse_interval,
    parse_key,
    parse_mode,
    parse_size,
    size_words,
)
from shmtui.sysv.errors import BadArgument, ShmError
from shmtui.writer import program
from shmtui.writer.hold import Hold
from shmtui.writer.patterns import PATTERNS
from shmtui.writer.spec import WriterSpec

_DEFAULTS = WriterSpec()


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `write` to the command line."""
    parser = subparsers.add_parser(
        "write",
        help="write a growing number into a segment, each second",
        description="Attaches to the segment of KEY, or creates it, and writes a value at its"
        " beginning each interval. An existing segment must be yours and begin with NUL, spaces,"
        " or a decimal and NUL, or --overwrite.",
    )
    _add_segment(parser)
    _add_writing(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Writes until the end. Raises ShmError where it cannot."""
    spec = spec_of(args)
    Policy(args.read_only).refuse("write into a segment")
    log = ActivityLog(say)
    name = key_words(spec.key)

    def announce(hold: Hold) -> None:
        nonlocal name
        name = str(hold.segment)
        log.record("write", name, _begun(spec, hold))
        print(_hello(hold) if args.lifeline is not None else _greeting(spec, hold), flush=True)

    try:
        code = program.run(spec, announce, say, args.lifeline)
    except ShmError as error:
        log.record("write", name, f"failed: {error}")
        raise
    log.record("write", name, "ended")
    return code


def _add_segment(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--key",
        type=typed(parse_key),
        default=_DEFAULTS.key,
        help="decimal, 0x…, or private (default: 3306)",
    )
    parser.add_argument(
        "--size",
        type=typed(parse_size),
        default=_DEFAULTS.size,
        help="bytes, or 64K, 1M (default: 1024)",
    )
    parser.add_argument(
        "--mode",
        type=typed(parse_mode),
        default=_DEFAULTS.mode,
        help="permissions of a new segment (default: 0600)",
    )
    parser.add_argument("--remove", action="store_true", help="at the end, remove it if created")
    parser.add_argument(
        "--overwrite",
        action="store_true",
        help="also a segment of another user, or one that holds something else",
    )


def _add_writing(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--interval",
        type=typed(parse_interval),
        default=_DEFAULTS.interval_s,
        metavar="S",
        help="seconds from value to value (default: 1)",
    )
    parser.add_argument(
        "--pattern",
        choices=list(PATTERNS),
        default=_DEFAULTS.pattern,
        help="; ".join(f"{pattern.name}: {pattern.help}" for pattern in PATTERNS.values()),
    )
    parser.add_argument("--count", type=typed(count), metavar="N", help="end after so many values")
    parser.add_argument("--new", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--lifeline", type=int, help=argparse.SUPPRESS)


def spec_of(args: argparse.Namespace) -> WriterSpec:
    """What was asked for. Raises UsageError where it cannot be."""
    spec = WriterSpec(
        key=args.key,
        size=args.size,
        mode=args.mode,
        interval_s=args.interval,
        pattern=args.pattern,
        count=args.count,
        remove=args.remove,
        overwrite=args.overwrite,
        new=args.new,
    )
    try:
        spec.validate()
    except BadArgument as error:
        raise UsageError(str(error)) from error
    return spec


def _begun(spec: WriterSpec, hold: Hold) -> str:
    how = "created" if hold.created else "attached"
    return f"{how}; {spec.pattern} every {spec.interval_s:g} s"


def _greeting(spec: WriterSpec, hold: Hold) -> str:
    size = size_words(hold.segment.size)
    return f"{hold.segment}: {size}, {_begun(spec, hold)}. Ctrl+C ends."


def _hello(hold: Hold) -> str:
    """For the program that started us: which segment, exactly, on one line of JSON."""
    segment = hold.segment
    facts = {
        "shmid": segment.shmid,
        "key": segment.key or None,
        "created": hold.created,
        "pid": os.getpid(),
        "identity": segment.identity,
        "ctime": segment.ctime,
    }
    return json.dumps(facts)
