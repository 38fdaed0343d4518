"""Watches that were fed by hand, value by value."""

import struct

from shmtui.decode.watch import parse_watch
from shmtui.monitor.track import Track
from shmtui.sysv.window import Gap, Window
from tests.present.made import NOW


def tracked(watch: str, *values: float | bytes | None, start: float = NOW) -> Track:
    """A watch after a refresh a second; None: that refresh found its bytes swapped out."""
    track = Track(parse_watch(watch))
    for second, value in enumerate(values):
        track.take(_window(track, value), start + second)
    return track


def _window(track: Track, value: float | bytes | None) -> Window:
    offset, length = track.span
    if value is None:
        return Window(offset, bytes(length), (Gap(offset, length, "swapped out"),))
    data = value if isinstance(value, bytes) else struct.pack(track.watch.kind.code, value)
    return Window(offset, data, ())
