"""What people are told of the commands: the help, the palette, the README's table of keys."""

from collections.abc import Iterator
from typing import NamedTuple

from shmtui.ui.commands import COMMANDS, CONTEXT_TITLES, Context, Home


class HelpGroup(NamedTuple):
    title: str
    rows: tuple[tuple[str, str], ...]
    """(keys, what they do)."""


class PaletteEntry(NamedTuple):
    title: str
    help: str
    keys: str
    action: str
    home: Home
    changes_something: bool
    context: Context
    """Where it is bound; that of the first, if there are more."""


def help_rows() -> list[HelpGroup]:
    """The help, grouped by where the keys act."""
    return [
        HelpGroup(
            title,
            tuple((c.keys_words, c.help) for c in COMMANDS if c.contexts == contexts),
        )
        for contexts, title in CONTEXT_TITLES.items()
    ]


def palette_entries() -> list[PaletteEntry]:
    """What the command palette offers: all but mere movement and other screens' own keys."""
    return [
        PaletteEntry(
            c.title, c.help, c.keys_words, c.full_action, c.home, c.changes_something, c.contexts[0]
        )
        for c in COMMANDS
        if c.palette
    ]


def readme_table() -> str:
    """The key table of the README, in Markdown, without a newline at its end."""
    return "\n".join(_readme_lines())


def _readme_lines() -> Iterator[str]:
    yield "| where | keys | what they do |"
    yield "|---|---|---|"
    for title, rows in help_rows():
        for number, (keys, help_) in enumerate(rows):
            code = " ".join(f"`{key}`" for key in keys.split())
            yield f"| {title if number == 0 else ''} | {code} | {help_} |"
