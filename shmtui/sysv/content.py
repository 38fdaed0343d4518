"""Chooses how a segment's content is read: the first tap that works, and why not a better one."""

import os
from collections.abc import Callable, Sequence

from shmtui.sysv import attach, borrowed, peek, peer
from shmtui.sysv.attachment import Forbidden
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.gate import Terms
from shmtui.sysv.peek import can_peek
from shmtui.sysv.segment import Segment
from shmtui.sysv.window import TAPS, Choice, Consent, Gap, Gone, Lost, Refusal, Tap, Window

__all__ = [
    "TAPS",
    "Choice",
    "Consent",
    "Forbidden",
    "Gap",
    "Gone",
    "Lost",
    "Refusal",
    "Tap",
    "Window",
    "can_peek",
    "choose",
]


def choose(
    segment: Segment,
    holders: Sequence[int],
    consent: Consent,
    evidence: Evidence,
    read_only: bool = False,
) -> Choice:
    """The least disturbing tap that works.

    `holders`: pids that may map the segment, the likely ones first; our own is passed over.
    Nothing is attached here, and nothing stays open. Raises Gone, ShmError.
    """
    terms = Terms(evidence, consent, read_only)
    pids = [pid for pid in dict.fromkeys(holders) if pid != os.getpid() and pid > 0]
    attempts: tuple[Callable[[], Tap | Refusal], ...] = (
        lambda: peek.choose(segment, pids),
        lambda: peer.choose(segment, pids),
        lambda: borrowed.choose(segment, terms),
        lambda: attach.choose(segment, terms),
    )
    why_not: list[Refusal] = []
    for attempt in attempts:
        found = attempt()
        if not isinstance(found, Refusal):
            return Choice(found, tuple(why_not))
        why_not.append(found)
    return Choice(None, tuple(why_not))
