"""What a walk over a segment meets next: as much as one spell should read, and the gaps there."""

import time
from collections.abc import Iterator
from typing import NamedTuple

from shmtui.sysv.pages import PAGE_SIZE
from shmtui.sysv.ranges import Range, joined
from shmtui.sysv.window import Content, Extent, Sends

_AT_ONCE_S = 0.25
"""Holes are passed over for no longer than that at a time, so that a job can be cancelled."""
_MOST_BLOCK_BYTES = 256 << 20


class Manner(NamedTuple):
    """How a walk goes."""

    backwards: bool
    overlap: int
    """Bytes."""
    swapped: bool
    """What is in swap is read in."""
    into: int | None = None
    """A descriptor: what can be is sent there, and not read."""


def ahead(content: Content, left: Range, manner: Manner) -> list[Extent]:
    """The next extents of a walk through `left`, ascending; neighbours of one kind are joined.

    Those without a `why` are to be read. Raises as the content does.
    """
    sends = sender(content, manner)
    room = sends.send_bytes if sends else content.spell_bytes
    until = time.monotonic() + _AT_ONCE_S
    found = []
    for extent in _behind(content, left) if manner.backwards else content.extents(*left):
        part = _wanted(extent, manner, room)
        room -= 0 if part.why else part.end - part.start
        found.append(part)
        if not room or time.monotonic() > until:
            break
    return list(joined(found[::-1] if manner.backwards else found))


def sender(content: Content, manner: Manner) -> Sends | None:
    """The content, where it is to be sent somewhere and can be."""
    return content if manner.into is not None and isinstance(content, Sends) else None


def _wanted(extent: Extent, manner: Manner, room: int) -> Extent:
    """A gap whole; of what is to be read, what there is room for."""
    start, end, why = extent
    if why and not (manner.swapped and why == "swapped out"):
        return extent
    if manner.backwards:
        return Extent(max(start, end - room), end, "")
    return Extent(start, min(end, start + room), "")


def _behind(content: Content, left: Range) -> Iterator[Extent]:
    """The extents, descending: of blocks, each twice as long as the one before while there is
    nothing to read."""
    end, block = left.end, content.spell_bytes
    while end > left.start:
        start = max(left.start, (end - block) // PAGE_SIZE * PAGE_SIZE)
        found = list(content.extents(start, end))
        yield from reversed(found)
        nothing = all(extent.why for extent in found)
        block = min(2 * block, _MOST_BLOCK_BYTES) if nothing else content.spell_bytes
        end = start
