"""The namespaces screen: the other IPC namespaces of the machine, and what lies in them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, NamedTuple

from textual import on
from textual.binding import BindingType

from shmtui.present.words import visible
from shmtui.sysv.arguments import many, size_words
from shmtui.sysv.errors import NotThere, ShmError
from shmtui.sysv.listing import own_namespace
from shmtui.sysv.namespaces import Namespace, Others, other_namespaces, segments_of
from shmtui.sysv.segment import Segment
from shmtui.ui.commands import Context, bindings
from shmtui.ui.screens.all_segments import AllSegmentsScreen, hidden_words
from shmtui.ui.screens.over import LookingScreen, ScreenTable
from shmtui.ui.table_view import TableColumn, TableRow, TableView

EMPTY = "No other IPC namespace is seen."

COLUMNS = (
    TableColumn("NAMESPACE", "right", goes=1),
    TableColumn("PID", "right", goes=3),
    TableColumn("PROCS", "right", goes=4),
    TableColumn("USER", goes=2, most=10),
    TableColumn("SEGS", "right"),
    TableColumn("SIZE", "right"),
    TableColumn("NAME", most=20),
)

Enter = Callable[[Namespace | None, int | None], object]
"""Opens the main screen of a namespace (None: ours) and reads the segment with this id (None: none)
there."""


class Neighbour(NamedTuple):
    """A namespace, and what is in it."""

    where: Namespace
    segments: Sequence[Segment]
    refusal: str = ""
    """Why they cannot be told, in words."""


class Neighbours(NamedTuple):
    """All that are seen."""

    here: int
    """Inode of our own."""
    others: tuple[Neighbour, ...]
    hidden: int
    """Processes that may be in further ones."""


class NamespacesScreen(LookingScreen[Neighbours]):
    """Enter looks into one, `a` lists the segments of all. None is entered but for an instant."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings("namespaces"))
    heading = "Namespaces"
    keys: tuple[Context, ...] = ("namespaces",)

    def __init__(self, enter: Enter, others: Callable[[], Others] = other_namespaces) -> None:
        """`others`: called off the screen's thread; may raise ShmError."""
        self._table = ScreenTable(*COLUMNS)
        super().__init__(self._table)
        self._enter = enter
        self._others = others
        self._known: dict[int, Neighbour] = {}

    def look(self) -> Neighbours:
        seen = self._others()
        found = (_neighbour(where) for where in seen.namespaces)
        return Neighbours(own_namespace(), tuple(filter(None, found)), seen.hidden)

    def show(self, found: Neighbours) -> None:
        self._known = {one.where.inode: one for one in found.others}
        hidden = f"of {_processes(found.hidden)} not told" if found.hidden else ""
        others = many(len(found.others), "other")
        self.head(self.heading, others, f"here ipc:{found.here}", hidden)
        self._table.fill([_row(one) for one in found.others])
        self._table.say("" if found.others else f"{EMPTY} {hidden_words(found.hidden)}".rstrip())
        refusals = (one.refusal for one in found.others if one.refusal)
        self.hold(next(refusals, hidden_words(found.hidden) if found.others else ""))

    @on(TableView.Chosen)
    def action_show_segments(self) -> None:
        """Look into the namespace under the cursor."""
        value = self._table.value
        one = self._known.get(value) if isinstance(value, int) else None
        if one is None:
            self._prompt.say("There is no namespace to look into.")
        elif one.refusal:
            self._prompt.say(one.refusal, "warning")
        else:
            self._enter(one.where, None)

    def action_show_all_segments(self) -> None:
        """Those of all namespaces, with ours, in one list."""
        self.app.push_screen(AllSegmentsScreen(self._enter, self._others))


def _processes(count: int) -> str:
    return many(count, "process", "processes")


def _neighbour(where: Namespace) -> Neighbour | None:
    """None: it has ended meanwhile."""
    try:
        return Neighbour(where, segments_of(where))
    except NotThere:
        return None
    except ShmError as error:
        return Neighbour(where, (), str(error))


def _row(one: Neighbour) -> TableRow:
    where, size = one.where, sum(segment.size for segment in one.segments)
    told = ("?", "?") if one.refusal else (str(len(one.segments)), size_words(size))
    words = (
        str(where.inode),
        str(where.pids[0]),
        str(len(where.pids)),
        visible(where.user),
        *told,
        visible(where.name),
    )
    return TableRow(where.inode, words, "dim" if one.refusal or not one.segments else "")
