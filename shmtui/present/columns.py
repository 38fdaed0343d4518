"""The one table of columns: the screen, the plain list, JSON, CSV, sorting and filtering use it."""

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any, NamedTuple

from shmtui.present import derived
from shmtui.present.column import Column, Kind

_SEGMENT = "facts.segment."
_IDENTITY = "facts.segment.identity."
_EVIDENCE = "facts.evidence."
_KEY = (_SEGMENT + "key", _SEGMENT + "perms")
_RSS = (_SEGMENT + "rss", _IDENTITY + "size")
_PERMS = _SEGMENT + "perms"


def _column(
    name: str,
    title: str,
    width: int,
    kind: Kind,
    path: str | tuple[str, ...],
    meaning: str,
    derive: Callable[[Any], Any] | None = None,
    unknown: str = "?",
    in_json: bool = True,
) -> Column:
    """A column whose source lies at `path` in a Row; several paths give a tuple."""
    paths = (path,) if isinstance(path, str) else path
    source = attrgetter(*paths)
    return Column(name, title, width, kind, paths, source, meaning, derive, unknown, in_json)


_TABLE = (
    _column("id", "ID", 10, "number", _IDENTITY + "shmid", "the kernel's number of it, the shmid"),
    _column("key", "KEY", 10, "key", _KEY, "the number that programs agree on", derived.key, "-"),
    _column("key_hex", "KEY_HEX", 10, "text", _KEY, "as ipcs prints it", derived.key_hex, "-"),
    _column("private", "PRIVATE", 7, "flag", _KEY, "made without a key", derived.private),
    _column("size", "SIZE", 6, "size", _IDENTITY + "size", "bytes asked for"),
    _column("rss", "RSS", 6, "size", _RSS, "bytes resident in memory", derived.resident),
    _column("swap", "SWAP", 6, "size", _SEGMENT + "swap", "bytes swapped out"),
    _column("nattch", "NATT", 4, "number", _SEGMENT + "nattch", "attaches now (not processes)"),
    _column("mode", "MODE", 4, "octal", _PERMS, "permissions in octal", derived.mode),
    _column("permissions", "PERMS", 9, "text", _PERMS, "of owner, group, others", derived.letters),
    _column("uid", "UID", 10, "number", _SEGMENT + "uid", "the owner's number"),
    _column("owner", "OWNER", 8, "text", "facts.owner", "the owner"),
    _column("gid", "GID", 10, "number", _SEGMENT + "gid", "the group's number"),
    _column("group", "GROUP", 8, "text", "facts.group", "the group"),
    _column("cuid", "CUID", 10, "number", _IDENTITY + "cuid", "the creating user's number"),
    _column("creator", "CREATOR", 8, "text", "facts.creator_user", "the user who made it"),
    _column("cgid", "CGID", 10, "number", _SEGMENT + "cgid", "the creating group's number"),
    _column("creator_group", "CGROUP", 8, "text", "facts.creator_group", "the creator's group"),
    _column(
        "creator_pid",
        "CPID",
        7,
        "number",
        _IDENTITY + "cpid",
        "the process that made it",
        derived.some,
    ),
    _column(
        "creator_command",
        "CCOMMAND",
        15,
        "text",
        "facts.creator",
        "the command of that process, while it lives",
        derived.command,
    ),
    _column("creator_alive", "CALIVE", 6, "flag", "facts.creator_alive", "whether it lives"),
    _column(
        "last_pid",
        "LPID",
        7,
        "number",
        _EVIDENCE + "lpid",
        "the process that attached or detached last",
        derived.some,
        "-",
    ),
    _column(
        "last_command",
        "LCOMMAND",
        15,
        "text",
        "facts.last",
        "the command of that process, while it lives",
        derived.command,
    ),
    _column(
        "attach_time",
        "ATTACHED",
        25,
        "time",
        _EVIDENCE + "atime",
        "the last attach",
        derived.some,
        "never",
    ),
    _column(
        "detach_time",
        "DETACHED",
        25,
        "time",
        _EVIDENCE + "dtime",
        "the last detach",
        derived.some,
        "never",
    ),
    _column(
        "change_time",
        "CHANGED",
        25,
        "time",
        _EVIDENCE + "ctime",
        "made, or its owner or permissions set",
        derived.some,
        "never",
    ),
    _column(
        "marked_for_destruction",
        "DOOMED",
        6,
        "flag",
        _PERMS,
        "goes with its last detach",
        derived.doomed,
    ),
    _column("locked", "LOCKED", 6, "flag", _PERMS, "kept from being swapped out", derived.locked),
    _column("huge_pages", "HUGE", 4, "flag", _RSS, "lies in huge pages", derived.huge_pages),
    _column(
        "verdict",
        "STATE",
        7,
        "text",
        "facts.verdict.word",
        "in use, idle, orphan, doomed or unknown",
        str,
    ),
    _column("reasons", "REASONS", 40, "words", "facts.verdict.reasons", "why it is in that state"),
    _column(
        "age", "AGE", 5, "age", "age", "time since it was attached, detached or set", in_json=False
    ),
    _column(
        "command",
        "COMMAND",
        16,
        "text",
        "command",
        "the first process that maps it, +n more; else its creator, ? where that is gone",
        in_json=False,
    ),
)

COLUMNS: dict[str, Column] = {column.name: column for column in _TABLE}
"""By name, in the order of the JSON document."""

_WORDS = {column.title.lower(): column for column in _TABLE} | COLUMNS

DEFAULT = ("key", "id", "owner", "permissions", "size", "rss", "nattch", "verdict", "command")
"""The list's columns where nobody chose any."""

_WIDER = ("age", "creator_pid", "last_pid", "swap", "creator", "group")
_NARROWER = ("command", "permissions", "rss", "owner", "key", "nattch", "size")
_TINY = ("id", "verdict")
_TINY_BELOW = 32
"""Terminal columns: 34 with the list's gutter."""
_NARROWEST_COMMAND = len("COMMAND")

SCREEN_ORDER = (*DEFAULT[:-1], *_WIDER, "command")
"""What a wide screen shows. The command stands last, because it takes the rest of the line."""


class Fitted(NamedTuple):
    """A column, and how many terminal columns it got."""

    column: Column
    width: int


def find(word: str) -> Column | None:
    """The column of this name or heading, in any case."""
    return _WORDS.get(word.lower())


def fit(width: int, chosen: Iterable[str] | None = None) -> list[Fitted]:
    """The columns that stand side by side in `width` terminal columns, one space between them.

    `width` is without the list's gutter. With `chosen`, those names in that order, as many as fit.
    The command takes what the others leave.
    """
    names = _by_width(width) if chosen is None else _as_many_as_fit(list(chosen), width)
    rest = width - _needed(names)
    return [
        Fitted(column, _least(name) + (max(rest, 0) if name == "command" else 0))
        for name, column in ((name, COLUMNS[name]) for name in names)
    ]


def _by_width(width: int) -> list[str]:
    if width < _TINY_BELOW:
        return list(_TINY)
    wanted = set(DEFAULT)
    spare = width - _needed(DEFAULT) + _least("command") - COLUMNS["command"].width
    for name in _WIDER:
        spare -= COLUMNS[name].width + 1
        if spare < 0:
            break
        wanted.add(name)
    return _as_many_as_fit([name for name in SCREEN_ORDER if name in wanted], width)


def _as_many_as_fit(names: list[str], width: int) -> list[str]:
    """Without those that leave a narrow screen first; never without the last one."""
    listed = [name for name in names if name not in (*SCREEN_ORDER, *_TINY)]
    for name in (*reversed(listed), *reversed(_WIDER), *_NARROWER):
        if _needed(names) <= width or len(names) == 1:
            break
        names = [kept for kept in names if kept != name]
    return names


def _least(name: str) -> int:
    return _NARROWEST_COMMAND if name == "command" else COLUMNS[name].width


def _needed(names: Iterable[str]) -> int:
    widths = [_least(name) for name in names]
    return sum(widths) + len(widths) - 1
