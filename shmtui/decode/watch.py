"""Watches: a typed offset with a name, as people type and keep them: `0x10:u32le:count`."""

import re
from typing import NamedTuple

from shmtui.decode.counts import byte_words
from shmtui.decode.errors import NotUnderstood, quoted
from shmtui.decode.places import parse_offset
from shmtui.decode.types import Kind, parse_kind

MOST_NAME = 64
"""Characters of a name."""

_WATCH = re.compile(r"([^\s:]+)(?:\s*:\s*|\s+)([^\s:]+)(?:(?:\s*:\s*|\s+)(.*))?", re.DOTALL)


class Watch(NamedTuple):
    """A number of a segment that somebody wants to follow."""

    offset: int
    """Bytes from the start of the segment."""
    kind: Kind
    name: str
    """Printable; without spaces around it."""


def parse_watch(text: str) -> Watch:
    """From `0x10:u32le:count` or `0x10 u32le count`; without a name it is called by its offset.

    Raises NotUnderstood.
    """
    match = _WATCH.fullmatch(text.strip())
    if match is None:
        raise NotUnderstood(f"watch {quoted(text)}: OFFSET:TYPE:NAME, like 0x10:u32le:count")
    offset, kind = parse_offset(match[1]), parse_kind(match[2])
    name = (match[3] or "").strip() or f"{offset:#x}"
    if not name.isprintable():
        raise NotUnderstood(f"watch name {quoted(name)}: printable characters only")
    if len(name) > MOST_NAME:
        raise NotUnderstood(f"watch name {quoted(name)}: at most {MOST_NAME} characters")
    return Watch(offset, kind, name)


def watch_text(watch: Watch) -> str:
    """What `parse_watch` understands as this same watch."""
    return f"{watch.offset:#x}:{watch.kind.name}:{watch.name}"


def check_room(watch: Watch, size: int) -> None:
    """Raises NotUnderstood where a segment of `size` bytes has no such number."""
    if watch.offset + watch.kind.size > size:
        raise NotUnderstood(
            f"watch {watch.name}: no {watch.kind.name} ({byte_words(watch.kind.size)}) at"
            f" {watch.offset:#x}, the segment has {byte_words(size)}"
        )
