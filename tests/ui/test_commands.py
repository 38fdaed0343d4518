"""The table of commands: what people rely on when they press a key or look one up."""

from collections import Counter
from pathlib import Path

import pytest
from textual.app import App
from textual.binding import Binding, BindingsMap
from textual.screen import Screen
from textual.scroll_view import ScrollView

from shmtui.ui.command_help import help_rows, palette_entries, readme_table
from shmtui.ui.commands import (
    COMMANDS,
    CONTEXT_TITLES,
    INHERITED_MEANT,
    Context,
    bindings,
    contexts,
    key_words,
)

README = Path(__file__).parents[2] / "README.md"
CHAINS: dict[Context, tuple[Context, ...]] = {
    "list": ("list", "any"),
    "tree": ("tree", "any"),
    "pane": ("pane", "any"),
    "holders": ("holders", "any"),
    "writers": ("writers", "screen", "any"),
    "screen": ("screen", "any"),
    "rows": ("rows", "screen", "any"),
    "limits": ("limits", "rows", "screen", "any"),
    "namespaces": ("namespaces", "rows", "screen", "any"),
    "all segments": ("all segments", "rows", "screen", "any"),
    "any": ("any",),
}


def keys_of(found: list[Binding]) -> list[str]:
    return list(BindingsMap(found).key_to_bindings)


def inherited() -> set[str]:
    """What Textual binds in the widget, the screen and the application under us."""
    keys: set[str] = set()
    for cls in (App, Screen, ScrollView):
        keys.update(cls._merge_bindings().key_to_bindings)
    return keys


@pytest.mark.parametrize("context", contexts())
def test_a_key_does_one_thing_in_a_context(context: Context) -> None:
    keys = [key for part in CHAINS[context] for b in all_bindings(part) for key in keys_of([b])]
    assert [key for key, times in Counter(keys).items() if times > 1] == []


@pytest.mark.parametrize("context", contexts())
def test_no_key_hides_one_of_textual_unless_meant(context: Context) -> None:
    ours = set(keys_of(all_bindings(context)))
    assert ours & inherited() <= INHERITED_MEANT


def test_ids_are_unique_so_that_a_keymap_can_name_them() -> None:
    ids = [command.id for command in COMMANDS]
    assert len(ids) == len(set(ids))
    assert all(b.id for context in contexts() for b in all_bindings(context))


def test_every_command_is_in_the_help() -> None:
    shown = [row for group in help_rows() for row in group.rows]
    assert sorted(shown) == sorted((c.keys_words, c.help) for c in COMMANDS)
    assert {c.contexts for c in COMMANDS} == set(CONTEXT_TITLES)


def test_keys_of_what_does_not_exist_yet_are_free() -> None:
    keys = {key for context in ("list", "pane") for key in keys_of(all_bindings(context))}
    assert keys.isdisjoint({"5"})


def test_a_command_is_sent_to_who_acts() -> None:
    assert {b.action for b in bindings("any")} >= {"app.help", "app.quit"}
    assert {b.action for b in bindings("list")} >= {"tag", "screen.read", "app.write"}
    assert "filter" in {b.action for b in bindings("list", of_part=True)}


def all_bindings(context: Context) -> list[Binding]:
    """Those of the focused widget and of the part around it."""
    return [*bindings(context), *bindings(context, of_part=True)]


def test_the_footer_of_the_list_fits_80_columns() -> None:
    shown = [b for part in CHAINS["list"] for b in all_bindings(part) if b.show]
    assert {b.description for b in shown} == {
        "Read",
        "Holders",
        "Remove",
        "Write",
        "Filter",
        "Sort",
        "Help",
        "Quit",
    }
    # A footer entry is its key, its words and three blanks; the palette's is `^p` and two.
    assert sum(4 + len(b.description) for b in shown) <= 80 - 4


def test_what_changes_something_is_marked_so_that_read_only_refuses_it() -> None:
    changing = {c.id for c in COMMANDS if c.changes_something}
    assert changing == {"remove", "permissions", "write", "stop_writer", "stop_all_writers"}


def test_the_palette_offers_commands_not_movement() -> None:
    titles = {entry.title for entry in palette_entries()}
    assert {"Write", "Filter", "Columns", "Writers", "Quit"} <= titles
    assert titles.isdisjoint({"Up", "Page down", "Commands"})


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("ctrl+u", "Ctrl+U"),
        ("shift+tab", "Shift+Tab"),
        ("pagedown", "PgDn"),
        ("space", "Space"),
        ("f10", "F10"),
        ("up", "↑"),
        ("U", "U"),
        ("/", "/"),
    ],
)
def test_keys_are_named_as_people_write_them(key: str, words: str) -> None:
    assert key_words(key) == words


def test_the_readme_names_the_keys_that_there_are() -> None:
    assert readme_table() in README.read_text(encoding="utf-8")
