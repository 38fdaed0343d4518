"""`shmtui list`: the table, plain, as JSON or as CSV."""

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from shmtui.cli import choosing
from shmtui.cli.choosing import Sort
from shmtui.cli.saying import say
from shmtui.cli.typed import count, typed
from shmtui.monitor.facts import Facts
from shmtui.monitor.snapshot import Poller, Snapshot
from shmtui.present import document
from shmtui.present.column import Column
from shmtui.present.columns import COLUMNS, DEFAULT
from shmtui.present.row import Row, rows
from shmtui.sysv.errors import NotAllowed, NotThere
from shmtui.sysv.segment import Identity

if TYPE_CHECKING:
    from shmtui.present.filter import Filter

_HELD = "command"
"""The one column that needs a look through all processes."""

_FILTER = """\
filter: terms joined by space or "and"; ! before a term turns it round
  WORD             a part of the key, id, owner, command or state
  COLUMN OP VALUE  with OP one of = != < > <= >= and ~ (contains)
  pid=N, pid!=N    mapped by that process, or not
  sizes 4096 64K 1M, ages 30s 5m 1h 2d, times 2026-01-31, "never", 'in use'\
"""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds `list` to the command line."""
    parser = subparsers.add_parser(
        "list",
        help="the table of segments",
        description="Lists the segments of this IPC namespace. Attaches nothing.",
        epilog=f"{_FILTER}\n\ncolumns, by name or heading:\n{choosing.describe(COLUMNS.values())}",
    )
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="one document with real types")
    shape.add_argument("--csv", action="store_true", help="the values of --json, comma separated")
    parser.add_argument("--columns", metavar="A,B,…", help="only these, in this order")
    parser.add_argument("--sort", metavar="COL", help="-COL: the largest first")
    parser.add_argument("--filter", metavar="EXPR", help="as on the screen: 'size>1m !owner=root'")
    parser.add_argument("--pid", type=typed(count), help="only what this process maps")
    parser.add_argument("--bytes", action="store_true", help="sizes in bytes")
    parser.add_argument("--no-headings", action="store_true", help="without the first line")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Prints the list. Raises UsageError, ShmError."""
    columns = _columns(args)
    sort = choosing.check_sort(args.sort) if args.sort is not None else None
    wanted = choosing.check_filter(args.filter) if args.filter is not None else None
    snapshot = Poller().poll()
    if args.pid is not None:
        snapshot = snapshot._replace(facts=dict(_mapped_by(args.pid, snapshot)))
    if _HELD in _looked_at(columns, sort, wanted):
        snapshot = _with_holders(snapshot)
    chosen = [row for row in rows(snapshot) if wanted is None or wanted.matches(row)]
    _print(args, columns, snapshot.time, _sorted(chosen, sort))
    for words in (snapshot.caveat, *snapshot.garbage):
        if words:
            say(words)
    return 0


def _columns(args: argparse.Namespace) -> list[Column]:
    if args.columns is not None:
        return choosing.check_columns(args.columns)
    if args.json or args.csv:
        return [column for column in COLUMNS.values() if column.in_json]
    return [COLUMNS[name] for name in DEFAULT]


def _looked_at(columns: Sequence[Column], sort: Sort | None, wanted: "Filter | None") -> set[str]:
    """Names of the columns that are shown, sorted or filtered by."""
    names = {column.name for column in columns}
    if sort is not None:
        names.add(sort.column.name)
    return names if wanted is None else names | wanted.columns


def _with_holders(snapshot: Snapshot) -> Snapshot:
    from shmtui.sysv.holders import scan

    segments = {identity: facts.segment for identity, facts in snapshot.facts.items()}
    return snapshot._replace(holders=scan(segments))


def _mapped_by(pid: int, snapshot: Snapshot) -> Iterator[tuple[Identity, Facts]]:
    """Raises NotThere, NotAllowed, Hangs: an empty list would say that it maps nothing."""
    from shmtui.sysv import maps, patience

    try:
        found = patience.ask(pid, maps.find)
        here = found and maps.namespace_of(pid) == snapshot.namespace
    except (FileNotFoundError, ProcessLookupError) as error:
        raise NotThere(f"there is no process {pid}") from error
    except PermissionError as error:
        raise NotAllowed(
            f"process {pid}: we may not see what it maps. Run as its user or root"
        ) from error
    by_id: dict[int, list[maps.Found]] = defaultdict(list)
    for it in found if here else ():
        by_id[it.shmid].append(it)
    for identity, facts in snapshot.facts.items():
        if maps.select(by_id[identity.shmid], identity):
            yield identity, facts


def _sorted(chosen: list[Row], sort: Sort | None) -> list[Row]:
    """As the screen sorts; in the table's order where nothing was said."""
    if sort is None:
        return chosen
    from shmtui.present.index import SortedIndex

    by_identity = {row.facts.segment.identity: row for row in chosen}
    index = SortedIndex(sort.column, sort.reverse)
    index.update((), by_identity.items())
    return [by_identity[identity] for identity in index.shown]


def _print(
    args: argparse.Namespace, columns: Sequence[Column], time_s: float, chosen: Sequence[Row]
) -> None:
    if args.json:
        sys.stdout.writelines(document.json_list(time_s, columns, chosen))
    elif args.csv:
        _print_csv(columns, chosen, not args.no_headings)
    else:
        _print_table(columns, chosen, not args.no_headings, args.bytes)


def _print_csv(columns: Sequence[Column], chosen: Sequence[Row], headings: bool) -> None:
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\n")
    if headings:
        writer.writerow(column.name for column in columns)
    writer.writerows(document.csv_rows(columns, chosen))


def _print_table(
    columns: Sequence[Column], chosen: Sequence[Row], headings: bool, in_bytes: bool
) -> None:
    shows = [
        _in_bytes(column) if in_bytes and column.kind == "size" else column.show
        for column in columns
    ]
    texts = [
        [show(column.get(row)) for column, show in zip(columns, shows, strict=True)]
        for row in chosen
    ]
    if headings:
        texts.insert(0, [column.title for column in columns])
    sys.stdout.write(
        "".join(f"{line}\n" for line in document.table(texts, [column.align for column in columns]))
    )


def _in_bytes(column: Column) -> Callable[[Any], str]:
    return lambda value: column.unknown if value is None else str(value)
