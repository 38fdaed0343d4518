"""The one table of commands, from which keys, footer, palette, help and README come."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from textual.binding import Binding

Context = Literal[
    "list", "tree", "pane", "holders", "any", "screen", "rows", "limits", "namespaces",
    "all segments", "writers",
]  # fmt: skip
"""Where a key acts: the list, the tree in its place, the segment pane, its view of the holders,
everywhere but in dialogs (the App binds it), a screen over the list, the rows of one, the
Limits and the Namespaces screens, the list of all namespaces' segments, the Writers screen."""

_BOTH: tuple[Context, ...] = ("list", "pane")

Home = Literal["focus", "part", "screen", "app"]
"""Who acts: the widget that has the focus, the part of the main screen around it, the screen, or
the application."""

CONTEXT_TITLES: dict[tuple[Context, ...], str] = {
    ("list",): "In the list",
    ("tree",): "In the tree",
    _BOTH: "In the list and in the pane",
    ("pane",): "In the pane",
    ("holders",): "In Holders",
    ("screen",): "In a screen over the list",
    ("rows",): "In the rows of a screen",
    ("limits",): "In the Limits screen",
    ("namespaces",): "In the Namespaces screen",
    ("all segments",): "In the list of all namespaces",
    ("writers",): "In the Writers screen",
    ("any",): "Everywhere",
}
"""The groups of the help, in its order."""

INHERITED_MEANT = frozenset(
    {"up", "down", "left", "right", "pageup", "pagedown", "home", "end"}
) | frozenset({"tab", "shift+tab", "ctrl+c"})
"""Keys that Textual's own App, Screen and ScrollView bind too, and that ours replace on purpose.
Ctrl+C is a chain: the Screen copies a selection, and only where there is none the App acts."""


@dataclass(frozen=True)
class Command:
    """One thing that a key does."""

    id: str
    """Unique; the name a keymap overrides it by."""
    keys: tuple[str, ...]
    """As Textual names them, single characters as they are."""
    contexts: tuple[Context, ...]
    title: str
    help: str
    changes_something: bool = False
    """Refused under --read-only."""
    footer: tuple[Context, ...] = ()
    """Where the footer shows it."""
    home: Home = "screen"
    action: str = ""
    """Textual's action where its name is not the id. With `{key}` in it, each key has
    an action of its own: the key is put there, without its modifiers."""
    palette: bool = True
    keys_shown: str = ""
    """Words for its keys where there are too many to name."""

    @property
    def keys_words(self) -> str:
        return self.keys_shown or " ".join(key_words(key) for key in self.keys)

    @property
    def full_action(self) -> str:
        """The action to bind: `app.write`; of a widget or a part that binds it itself `line_up`."""
        name = self.action or self.id
        return name if self.home in ("focus", "part") else f"{self.home}.{name}"


def _move(
    id_: str, keys: str, contexts: tuple[Context, ...], title: str, help_: str, action: str = ""
) -> Command:
    return Command(
        id_, tuple(keys.split()), contexts, title, help_, home="focus", action=action, palette=False
    )


_MOVES = ("up", "down", "left", "right", "pageup", "pagedown", "home", "end")

COMMANDS: tuple[Command, ...] = (
    # The footer shows its commands in this order.
    Command(
        "read", ("enter",), ("list",), "Read", "pin the row and read its content", footer=("list",)
    ),
    Command(
        "holders", ("h",), ("list",), "Holders", "open Holders, following the cursor",
        footer=("list",),
    ),
    Command(
        "remove", ("d", "f9", "delete"), ("list",), "Remove",
        "remove what is tagged, or the row; asks first", changes_something=True, footer=("list",),
    ),
    Command(
        "write", ("w",), ("list",), "Write", "start a writer, or write into a segment",
        changes_something=True, footer=("list",), home="app",
    ),
    Command(
        "filter", ("/", "f4"), ("list",), "Filter", "show only what matches, as you type",
        footer=("list",), home="part",
    ),
    Command(
        "sort", ("s", "f6"), ("list",), "Sort", "choose the sort column", footer=("list",),
        home="part",
    ),
    _move("list_up", "up k", ("list",), "Up", "to the row above", "move_up"),
    _move("list_down", "down j", ("list",), "Down", "to the row below", "move_down"),
    _move("list_page_up", "pageup", ("list",), "Page up", "a page up", "page_up"),
    _move("list_page_down", "pagedown", ("list",), "Page down", "a page down", "page_down"),
    _move("list_half_up", "ctrl+u", ("list",), "Half page up", "half a page up", "half_up"),
    _move("list_half_down", "ctrl+d", ("list",), "Half page down", "half a page down", "half_down"),
    _move("list_first", "home g", ("list",), "First", "to the first row", "first"),
    _move("list_last", "end G", ("list",), "Last", "to the last row", "last"),
    Command("details", ("i",), ("list",), "Details", "open Details, following the cursor"),
    Command(
        "invert_filter", ("!",), ("list",), "Invert filter", "show what does not match",
        home="part",
    ),
    Command("goto", (":",), ("list",), "Go to", "go to an id or a key"),
    Command(
        "sort_previous", ("<",), ("list",), "Sort left", "sort by the column to the left",
        home="part",
    ),
    Command(
        "sort_next", (">",), ("list",), "Sort right", "sort by the column to the right",
        home="part",
    ),
    Command(
        "invert_sort", ("I",), ("list",), "Invert sort", "turn the order around", home="part"
    ),
    Command(
        "columns", ("c", "C", "f2"), ("list",), "Columns", "choose the columns", home="part"
    ),
    Command("owner", ("u",), ("list",), "Owner", "show the segments of one owner", home="part"),
    Command(
        "permissions", ("M",), ("list",), "Permissions", "change mode, owner, group",
        changes_something=True,
    ),
    Command("tag", ("space",), ("list",), "Tag", "tag the row and move down", home="focus"),
    Command("tag_all", ("*",), ("list",), "Tag all", "tag all rows shown", home="focus"),
    Command("untag_all", ("U",), ("list",), "Untag all", "untag all rows", home="focus"),
    Command("tree", ("t", "f5"), ("list",), "Tree", "by owner, by holder, as a list", home="part"),
    Command(
        "read_or_fold", ("enter",), ("tree",), "Read or fold",
        "read the segment; fold or unfold the group", home="focus", action="choose", palette=False,
    ),
    _move("fold", "left", ("tree",), "Fold", "fold the group; if it is, all groups"),
    _move("unfold", "right", ("tree",), "Unfold", "unfold the group; if it is, all groups"),
    Command("copy_row", ("y",), ("list",), "Copy row", "copy the row", home="focus"),
    Command("view_text", ("1",), _BOTH, "Text", "view the content as text", action="view('text')"),
    Command("view_hex", ("2",), _BOTH, "Hex", "view the content as hex", action="view('hex')"),
    Command(
        "view_numbers", ("3",), _BOTH, "Numbers", "view the content as numbers",
        action="view('numbers')",
    ),
    Command(
        "view_strings", ("4",), _BOTH, "Strings", "view the text in the content",
        action="view('strings')",
    ),
    Command(
        "view_holders", ("6",), _BOTH, "Holders", "view who maps the segment",
        action="view('holders')",
    ),
    Command(
        "view_details", ("7",), _BOTH, "Details", "view all facts of the segment",
        action="view('details')",
    ),
    Command("next_view", ("v",), _BOTH, "Next view", "to the next view"),
    Command("previous_view", ("V",), _BOTH, "Previous view", "to the previous view"),
    Command("follow", ("F",), _BOTH, "Follow/pin", "follow the cursor, or pin", footer=("pane",)),
    Command("other_part", ("tab", "shift+tab"), _BOTH, "Other part", "go to the other part"),
    Command("zoom", ("z",), _BOTH, "Zoom", "this part alone, or both again", footer=("pane",)),
    Command("pause", ("p",), _BOTH, "Pause", "stop polling, or go on"),
    Command("poll", ("r",), _BOTH, "Poll now", "look again now"),
    Command("slower", ("+",), _BOTH, "Slower", "a longer interval"),
    Command("faster", ("-",), _BOTH, "Faster", "a shorter interval"),
    Command("limits", ("L",), _BOTH, "Limits", "limits, and where the memory went", home="app"),
    Command("events", ("E",), _BOTH, "Events", "what happened since the start", home="app"),
    Command("activity", ("A",), _BOTH, "Activity", "the log of what was changed", home="app"),
    Command(
        "writers", ("W",), _BOTH, "Writers", "the writers that were started here", home="app"),
    Command(
        "namespaces", ("@",), _BOTH, "Namespaces", "segments of other IPC namespaces", home="app"),
    Command("back", ("escape",), _BOTH, "Back", "back out, one step", footer=("pane",)),
    _move("pane_up", "up k", ("pane",), "Up", "a row up", "line_up"),
    _move("pane_down", "down j", ("pane",), "Down", "a row down", "line_down"),
    _move("pane_left", "left h", ("pane",), "Left", "a byte to the left", "byte_left"),
    _move("pane_right", "right l", ("pane",), "Right", "a byte to the right", "byte_right"),
    _move("pane_row_start", "home", ("pane",), "Row start", "to the start of the row", "row_start"),
    _move("pane_row_end", "end", ("pane",), "Row end", "to the end of the row", "row_end"),
    _move("pane_page_up", "pageup b", ("pane",), "Page up", "a page up", "page_up"),
    _move("pane_page_down", "pagedown space", ("pane",), "Page down", "a page down", "page_down"),
    _move("pane_half_up", "ctrl+u", ("pane",), "Half page up", "half a page up", "half_up"),
    _move("pane_half_down", "ctrl+d", ("pane",), "Half page down", "half a page down", "half_down"),
    _move("pane_start", "g", ("pane",), "Start", "to the start of the segment", "to_start"),
    _move("pane_end", "G", ("pane",), "End", "to the end of the segment", "to_end"),
    Command(
        "select", tuple(f"shift+{key}" for key in _MOVES), ("pane",), "Select",
        "move and select (PgUp, PgDn, Home, End too)", home="focus", action="select('{key}')",
        palette=False, keys_shown="Shift+arrows",
    ),
    Command(
        "goto_offset", (":",), ("pane",), "Go to offset", "go to 4096, 0x1000, 4K, +16, -0x10, 50%",
        home="part",
    ),
    Command(
        "search", ("/",), ("pane",), "Search", "search: text:abc, x:2a00, u32le:42",
        footer=("pane",), home="part",
    ),
    Command(
        "search_back", ("\\",), ("pane",), "Search back", "the same towards the start", home="part",
        action="search(True)",
    ),
    Command("next_match", ("n",), ("pane",), "Next match", "to the next match", home="part"),
    Command(
        "previous_match", ("N",), ("pane",), "Previous match", "to the match before", home="part"
    ),
    Command(
        "next_change", ("c",), ("pane",), "Next change", "to the next place that changed",
        home="part",
    ),
    Command(
        "previous_change", ("C",), ("pane",), "Previous change", "to the changed place before",
        home="part",
    ),
    Command(
        "inspector", ("i",), ("pane",), "Inspector", "the value at the cursor in every type",
        home="part",
    ),
    Command(
        "number_type", ("t",), ("pane",), "Number type", "the next type of numbers", home="part"
    ),
    Command(
        "byte_order", ("B",), ("pane",), "Byte order", "little or big endian numbers", home="part"
    ),
    Command(
        "freeze", ("f",), ("pane",), "Freeze", "keep the picture, or go on", footer=("pane",),
        home="part",
    ),
    Command(
        "pause_on_change", ("P",), ("pane",), "Pause on change",
        "keep the picture that the next change makes", home="part",
    ),
    Command(
        "history_back", ("[",), ("pane",), "Earlier", "to the picture before", home="part",
        action="history(-1)",
    ),
    Command(
        "history_forward", ("]",), ("pane",), "Later", "to the picture after", home="part",
        action="history(1)",
    ),
    Command(
        "export", ("e",), ("pane",), "Export", "write the pictures to a file, as JSON lines",
        home="part",
    ),
    Command(
        "watch", ("m",), ("pane",), "Watch", "follow a number: 0x10 u32le count", home="part"
    ),
    Command(
        "struct", ("S",), ("pane",), "Struct", "watch a C struct's fields, as int n; double x",
        home="part",
    ),
    Command("copy", ("y",), ("pane",), "Copy", "copy the selection as …", home="part"),
    Command(
        "dump", ("s",), ("pane",), "Dump", "save the segment to a file", footer=("pane",),
        home="part",
    ),
    Command(
        "consent", ("enter",), ("pane",), "Attach",
        "attach where only that can read: asks first",
    ),
    Command(
        "only_in_list", ("d", "f9", "delete", "w", "M"), ("pane",), "Only in the list",
        "act in the list alone: Esc first", action="only_in_list('{key}')", palette=False,
    ),
    Command(
        "show_process", ("enter",), ("holders",), "Its segments",
        "show all segments of the process", footer=("holders",), home="focus", palette=False,
    ),
    Command(
        "copy_pid", ("y",), ("holders",), "Copy pid", "copy the pid of the process",
        footer=("holders",), home="focus", palette=False,
    ),
    Command(
        "stop_writer", ("x",), ("writers",), "Stop", "stop the writer of the row",
        changes_something=True, footer=("writers",), home="focus", palette=False,
    ),
    Command(
        "stop_all_writers", ("X",), ("writers",), "Stop all", "stop all writers",
        changes_something=True, footer=("writers",), home="focus", palette=False,
    ),
    Command(
        "close", ("escape",), ("screen",), "Back", "back to the list",
        footer=("screen",), home="focus", palette=False,
    ),
    _move("rows_up", "up k", ("rows",), "Up", "a row up", "line_up"),
    _move("rows_down", "down j", ("rows",), "Down", "a row down", "line_down"),
    _move("rows_page_up", "pageup b", ("rows",), "Page up", "a page up", "page_up"),
    _move("rows_page_down", "pagedown space", ("rows",), "Page down", "a page down", "page_down"),
    _move("rows_half_up", "ctrl+u", ("rows",), "Half page up", "half a page up", "half_up"),
    _move("rows_half_down", "ctrl+d", ("rows",), "Half page down", "half a page down", "half_down"),
    _move("rows_first", "home g", ("rows",), "First", "to the first row", "to_start"),
    _move("rows_last", "end G", ("rows",), "Last", "to the last row", "to_end"),
    Command(
        "size", ("s",), ("limits",), "Size", "would a shmget of this size fail now?",
        footer=("limits",), home="focus", palette=False,
    ),
    Command(
        "show_segments", ("enter",), ("namespaces",), "Segments",
        "look into the namespace, as into ours", footer=("namespaces",), home="focus",
        palette=False,
    ),
    Command(
        "show_all_segments", ("a",), ("namespaces",), "All", "show those of all namespaces",
        footer=("namespaces",), home="focus", palette=False,
    ),
    Command(
        "show_segment", ("enter",), ("all segments",), "Read",
        "read the segment, in its namespace", footer=("all segments",), home="focus",
        palette=False,
    ),
    Command("help", ("?", "f1"), ("any",), "Help", "this help", footer=("any",), home="app"),
    Command(
        "quit", ("q", "f10"), ("any",), "Quit", "leave the program", footer=("any",), home="app"
    ),
    Command(
        "command_palette", ("ctrl+p",), ("any",), "Commands", "find a command by its name",
        home="app", palette=False,
    ),
    Command(
        "suspend_process", ("ctrl+z",), ("any",), "Suspend", "to the shell; fg comes back",
        home="app",
    ),
    Command(
        "interrupt", ("ctrl+c",), ("any",), "Copy or quit",
        "copy a selection, else cancel a job, else quit", home="app", palette=False,
    ),
)  # fmt: skip
"""Every command whose capability exists."""


def bindings(context: Context, of_part: bool = False) -> list[Binding]:
    """What a widget, screen or application of this context binds; `of_part`: what the part of the
    main screen around it binds.
    """
    wanted = (c for c in COMMANDS if context in c.contexts and (c.home == "part") is of_part)
    return [binding for command in wanted for binding in _bindings(command, context)]


def _bindings(command: Command, context: Context) -> Iterator[Binding]:
    action, shown = command.full_action, context in command.footer
    if "{key}" not in action:
        yield Binding(",".join(command.keys), action, command.title, show=shown, id=command.id)
        return
    for key in command.keys:
        name = key.rpartition("+")[2]
        own = action.format(key=name)
        yield Binding(key, own, command.title, show=shown, id=f"{command.id}_{name}")


_KEY_WORDS = {
    "up": "↑",
    "down": "↓",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "escape": "Esc",
    "left": "←",
    "right": "→",
}


def key_words(key: str) -> str:
    """A key as people write it: `Ctrl+U`, `PgDn`, `F4`, `/`."""
    if len(key) == 1:
        return key
    *modifiers, name = key.split("+")
    last = _KEY_WORDS.get(name) or (name.upper() if len(name) == 1 else name.capitalize())
    return "+".join([*(modifier.capitalize() for modifier in modifiers), last])


def contexts() -> tuple[Context, ...]:
    """All contexts."""
    return get_args(Context)
