"""Extents that a walk brings to a file by the kernel's own hand, as far as it does that."""

import time
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from shmtui.sysv.window import Extent, Sends

_AT_ONCE_S = 0.25
"""The segment is open meanwhile, and the job cannot be cancelled."""


class Step(NamedTuple):
    """An extent, or a part of one."""

    extent: Extent
    sent: bool
    """It is in the file. Otherwise it is a gap, or to be read and written."""


def send(content: Sends, into: int, extents: Iterable[Extent]) -> Iterator[Step]:
    """The extents, in steps, from the first on; ends early where the file takes its time."""
    until = time.monotonic() + _AT_ONCE_S
    for at, end, why in extents:
        while at < end:
            length = 0 if why else content.send(into, at, end - at)
            reached = at + length if length else end
            yield Step(Extent(at, reached, why), length > 0)
            at = reached
            if time.monotonic() > until:
                return
