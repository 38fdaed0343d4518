"""Events as lines for people and documents for programs."""

import time
from typing import Any, Literal

from shmtui.monitor.event import Event, Kind
from shmtui.present import document
from shmtui.present.words import cells, instant, visible
from shmtui.sysv.arguments import key_words

HEADINGS = ("TIME", "EVENT", "KEY", "ID", "PID", "COMMAND", "WHAT")
WIDTHS = (8, 13, 10, 10, 7, 15, 0)
"""Terminal columns of each; 0: the rest of the line."""


Tone = Literal["plain", "fresh", "more", "less", "warning", "alarm", "dim"]

TONES: dict[Kind, Tone] = {
    Kind.APPEARED: "fresh",
    Kind.ATTACHED: "more",
    Kind.DETACHED: "less",
    Kind.MODE: "warning",
    Kind.OWNER: "warning",
    Kind.LOCKED: "plain",
    Kind.UNLOCKED: "plain",
    Kind.DOOMED: "alarm",
    Kind.GONE: "dim",
    Kind.UNSEEN: "dim",
}
"""What a kind adds to its word where there are colours, as the list has it: what is doomed alarms,
what is gone is dim. Who may do what with it is another now: that warns."""


def event_cells(event: Event) -> tuple[str, ...]:
    """One word or more under each of HEADINGS, safe to print; empty where there is nothing."""
    identity = event.identity
    return (
        time.strftime("%H:%M:%S", time.localtime(event.time)),
        event.kind.value,
        "" if event.key is None else key_words(event.key),
        str(identity.shmid) if identity else "",
        str(event.pid or ""),
        visible(event.command),
        visible(event.words),
    )


def event_line(event: Event) -> str:
    """`06:24:51 attached      0x00000cea          0    1234 shmtui          0 → 1`."""
    return line(event_cells(event))


def line(texts: tuple[str, ...]) -> str:
    """The cells side by side; what does not fit is cut, but for the last."""
    fixed = zip(texts[:-1], WIDTHS, strict=False)
    return " ".join([*(cells(text, width) for text, width in fixed), texts[-1]]).rstrip()


def event_document(event: Event) -> dict[str, Any]:
    """The same for JSON; null where there is nothing."""
    identity = event.identity
    return {
        "schema": document.SCHEMA,
        "time": instant(event.time),
        "event": event.kind.value,
        "id": identity and identity.shmid,
        "key": event.key,
        "key_hex": None if event.key is None else f"{event.key:#010x}",
        "size": identity and identity.size,
        "pid": event.pid,
        "command": event.command or None,
        "words": event.words,
    }
