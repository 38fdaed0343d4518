"""The pictures of a window as documents for programs."""

from typing import Any

from shmtui.monitor.shot import Shot
from shmtui.present.words import instant


def picture_document(shot: Shot) -> dict[str, Any]:
    """A JSON-able document: local times in ISO 8601 with zone, the content as hex, zeros where
    there is a gap.
    """
    return {
        "time": instant(shot.time),
        "until": instant(shot.until),
        "offset": shot.window.offset,
        "length": len(shot.window.data),
        "changed": shot.changed,
        "hex": shot.window.data.hex(),
        "gaps": [gap._asdict() for gap in shot.window.gaps],
    }
