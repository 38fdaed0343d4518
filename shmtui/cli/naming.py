"""How a segment is named at the command line: `--id N`, `--key K`, a bare id or a bare 0x key."""

import argparse
from collections.abc import Iterable
from typing import NamedTuple

from shmtui.cli.saying import UsageError
from shmtui.cli.typed import typed
from shmtui.sysv.arguments import parse_key
from shmtui.sysv.errors import BadArgument, NotThere
from shmtui.sysv.segment import Segment

_ID_MAX = 2**31 - 1


class Name(NamedTuple):
    """One of both."""

    shmid: int | None
    key: int | None
    """Never 0, which is no key: private and doomed segments have it."""


def add_name(parser: argparse.ArgumentParser) -> None:
    """Adds the bare word, `--id` and `--key`; `named` reads them."""
    parser.add_argument(
        "segment", nargs="?", metavar="SEGMENT", help="an id in decimal, or a key as 0x…"
    )
    add_options(parser)


def add_options(parser: argparse._ActionsContainer, prefix: str = "") -> None:
    """Adds `--id` and `--key`, kept as `prefix` + `id` and `key`."""
    parser.add_argument(
        "--id", dest=f"{prefix}id", type=typed(_shmid), metavar="N", help="the segment's id (shmid)"
    )
    parser.add_argument(
        "--key",
        dest=f"{prefix}key",
        type=typed(_key),
        metavar="K",
        help="the segment's key, decimal or 0x…",
    )


def named(args: argparse.Namespace) -> Name:
    """The one segment that was named. Raises UsageError."""
    given = [word for word in (args.segment, args.id, args.key) if word is not None]
    if len(given) != 1:
        raise UsageError("name one segment: an id, a key as 0x…, --id N or --key K")
    if args.segment is None:
        return Name(args.id, args.key)
    try:
        return _bare(args.segment)
    except BadArgument as error:
        raise UsageError(str(error)) from error


def named_to_change(args: argparse.Namespace) -> Name:
    """The same for what changes the segment: a key must be said to be one. Raises UsageError."""
    if args.segment is not None:
        _unless_key(args.segment)
    return named(args)


def add_names(parser: argparse.ArgumentParser) -> None:
    """Adds any number of bare words, `--id` and `--key`; `names_to_change` reads them."""
    parser.add_argument(
        "segments", nargs="*", metavar="SEGMENT", help="ids in decimal; a key as --key K"
    )
    parser.add_argument(
        "--id", dest="ids", action="append", default=[], type=typed(_shmid), metavar="N"
    )
    parser.add_argument(
        "--key", dest="keys", action="append", default=[], type=typed(_key), metavar="K"
    )


def names_to_change(args: argparse.Namespace) -> list[Name]:
    """All that were named, as `named_to_change` takes each. Raises UsageError."""
    try:
        bare = [_bare(_unless_key(word)) for word in args.segments]
    except BadArgument as error:
        raise UsageError(str(error)) from error
    return [*bare, *(Name(shmid, None) for shmid in args.ids), *(Name(None, k) for k in args.keys)]


def find(name: Name, segments: Iterable[Segment]) -> Segment:
    """The segment of that name. Raises NotThere, which tells an id from a key taken for one."""
    segments = list(segments)
    for segment in segments:
        if name.shmid == segment.shmid or name.key == segment.key:
            return segment
    raise NotThere(_missing(name, segments))


def _bare(word: str) -> Name:
    """ipcs prints keys with 0x and ids without: so they are told apart."""
    if word[:2] in ("0x", "0X"):
        return Name(None, _key(word))
    if word.isascii() and word.isdecimal():
        return Name(_shmid(word), None)
    raise BadArgument(f"segment {word!r}: an id like 32769, or a key like 0x00000cea")


def _unless_key(word: str) -> str:
    """The bare word. Raises UsageError where it looks like a key."""
    if word[:2] in ("0x", "0X"):
        raise UsageError(f"{word} is a key, and this changes the segment: say --key {word}")
    return word


def _shmid(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        raise BadArgument(f"id {text!r}: a number like 32769")
    if int(text) > _ID_MAX:
        raise BadArgument(f"id {text!r}: ids go up to {_ID_MAX}")
    return int(text)


def _key(text: str) -> int:
    key = parse_key(text)
    if key is None:
        raise BadArgument("private names no segment: many have no key. Say an id")
    return key


def _missing(name: Name, segments: list[Segment]) -> str:
    if name.key is not None:
        words = f"no segment has the key {name.key:#010x}"
        if any(segment.shmid == name.key for segment in segments):
            words += f"; one has the id {name.key}: --id {name.key}"
        return words
    words = f"no segment has the id {name.shmid}"
    if any(segment.key == name.shmid and segment.key for segment in segments):
        words += f"; one has that key: --key {name.shmid}"
    return words
