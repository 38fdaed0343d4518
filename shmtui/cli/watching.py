"""`shmtui read --watch`: typed offsets with names, a line or a JSON document each interval."""

import json
import math
import time
from collections.abc import Callable
from typing import Any

from shmtui.cli.look import Look
from shmtui.cli.saying import UsageError
from shmtui.decode.errors import NotUnderstood
from shmtui.decode.types import words
from shmtui.decode.watch import Watch, check_room
from shmtui.monitor.track import Track
from shmtui.present import document
from shmtui.present.words import instant, visible
from shmtui.sysv.errors import BadArgument

NOT_READ = "—"


def printer(look: Look, watches: list[Watch], as_json: bool) -> Callable[[], bool]:
    """Prints the values as of now; False: the segment went before they were read.

    Raises UsageError where two watches have one name, BadArgument where one is not in the segment.
    """
    _check(look, watches)
    tracks = [Track(watch) for watch in watches]

    def told() -> bool:
        windows = look.watched([track.span for track in tracks])
        if windows is None:
            return False
        for track, window in zip(tracks, windows, strict=True):
            track.take(window, look.time)
        print(json.dumps(_document(look, tracks)) if as_json else _line(look, tracks))
        return True

    return told


def _check(look: Look, watches: list[Watch]) -> None:
    names = [watch.name for watch in watches]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageError(f"--watch: two are called {twice}; name them OFFSET:TYPE:NAME")
    try:
        for one in watches:
            check_room(one, look.segment.size)
    except NotUnderstood as error:
        raise BadArgument(f"{look.segment}: {error}") from error


def _line(look: Look, tracks: list[Track]) -> str:
    values = (f"{visible(track.watch.name)}={_words(track)}" for track in tracks)
    return "  ".join([time.strftime("%H:%M:%S", time.localtime(look.time)), *values])


def _words(track: Track) -> str:
    return NOT_READ if track.value is None else words(track.watch.kind, track.value)


def _document(look: Look, tracks: list[Track]) -> dict[str, Any]:
    return {
        "schema": document.SCHEMA,
        "time": instant(look.time),
        "id": look.segment.shmid,
        "tap": look.tap,
        "watches": {track.watch.name: _member(track) for track in tracks},
    }


def _member(track: Track) -> dict[str, Any]:
    # JSON has no infinity, and nothing that is not a number.
    finite = track.value is not None and math.isfinite(track.value)
    return {
        "offset": track.watch.offset,
        "type": track.watch.kind.name,
        "value": track.value if finite else None,
    }
