"""What a plain user's process sees of segments: `python -m tests.sysv.plainuser WHAT SHMID PID`.

Prints one JSON document.
"""

import json
import os
import subprocess
import sys
from typing import Any

from shmtui.sysv import content, listing, namespaces, sharing
from shmtui.sysv.content import Choice, Consent
from shmtui.sysv.errors import NotAllowed
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.holders import scan
from shmtui.sysv.maps import Mapping
from tests import kernel
from tests.sysv.rows import segment


def main(what: str, shmid: str, pid: str) -> None:
    print(json.dumps(WHATS[what](int(shmid), int(pid))))


def see_holders(shmid: int, _: int) -> object:
    """Who holds the segment, seen with one attach more than there are: the look goes on."""
    row = segment(shmid)
    found = scan({row.identity: row._replace(nattch=row.nattch + 1)})
    return {"pids": [who.pid for who in found.holders[row.identity]], "hidden": found.unreadable}


def find_own_child(shmid: int, _: int) -> object:
    """Stops at the process that attached last, before it meets what it may not read."""
    with Child(shmid) as child:
        row = segment(shmid)
        found = scan({row.identity: row})
        return {"pids": [who.pid == child.pid for who in found.holders[row.identity]]} | {
            "hidden": found.unreadable,
            "user": found.holders[row.identity][0].uid,
        }


def read_own_child(shmid: int, _: int) -> object:
    with Child(shmid, b"hello", 4098) as child:
        return picture(shmid, child.pid, Consent.TRACELESS)


def read_other(shmid: int, pid: int) -> object:
    return picture(shmid, pid, Consent.TRACELESS)


def attach_other(shmid: int, pid: int) -> object:
    return picture(shmid, pid, Consent.GIVEN)


def share_of_other(shmid: int, pid: int) -> object:
    return sharing.resident(pid, [Mapping(0, 4096, 0, "rw")])


def look_elsewhere(inode: int, _: int) -> object:
    """What is seen of a namespace of another user, and of one of our own that we may not enter."""
    others = namespaces.other_namespaces()
    seen = inode in [it.inode for it in others.namespaces]
    ours = namespaces.Namespace(listing.namespace(), (os.getpid(),), "", "", "")
    try:
        namespaces.segments_of(ours)
        refusal = ""
    except NotAllowed as error:
        refusal = str(error)
    return {"seen": seen, "hidden": others.hidden, "refusal": refusal}


class Child:
    """A child of ours that holds the segment."""

    def __init__(self, shmid: int, write: bytes = b"", offset: int = 0) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.attached", str(shmid), str(offset), write.hex()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._child.stdout
        assert self._child.stdout.readline() == b"ready\n"

    def __enter__(self) -> "subprocess.Popen[bytes]":
        return self._child

    def __exit__(self, *_: object) -> None:
        with self._child:
            self._child.kill()


def picture(shmid: int, pid: int, consent: Consent) -> dict[str, Any]:
    """The first 16 KiB through the tap chosen, and the row before and after."""
    row = segment(shmid)
    choice = content.choose(row, [pid], consent, Evidence())
    before = kernel.row(shmid)
    window = choice.tap.read(0, 16384) if choice.tap else None
    return {
        "tap": choice.tap.name if choice.tap else None,
        "why_not": reasons(choice),
        "data": window.data.hex() if window else None,
        "gaps": window.gaps if window else None,
        "untouched": kernel.row(shmid) == before,
        "rss": segment(shmid).rss,
    }


def reasons(choice: Choice) -> dict[str, str]:
    return {refusal.tap: refusal.reason for refusal in choice.why_not}


WHATS = {
    "see_holders": see_holders,
    "look_elsewhere": look_elsewhere,
    "share_of_other": share_of_other,
    "find_own_child": find_own_child,
    "read_own_child": read_own_child,
    "read_other": read_other,
    "attach_other": attach_other,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
