"""When a tap may attach: the refusals that protect the segment, and the consent it takes."""

import os
from pathlib import Path
from typing import NamedTuple

from shmtui.sysv.errors import NotAllowed
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.limits import read_limits
from shmtui.sysv.listing import own_namespace
from shmtui.sysv.segment import Segment
from shmtui.sysv.status import denied, look
from shmtui.sysv.window import Consent, Refusal

CONSENT = "Only an attach of an instant would read it: last pid and attach time change."

ELSEWHERE = (
    "Only an attach would read it, and keep its IPC namespace alive. nsenter --ipc goes there."
)


class Terms(NamedTuple):
    """Under which a tap may attach."""

    evidence: Evidence
    consent: Consent
    read_only: bool


def ask(tap: str, segment: Segment, terms: Terms) -> Refusal | None:
    """As `refusal`, of the row of this very moment. Raises Gone, ShmError."""
    try:
        now = look(segment)
    except NotAllowed:
        return Refusal(tap, denied(segment), False)
    return refusal(tap, now, terms)


def refusal(tap: str, segment: Segment, terms: Terms) -> Refusal | None:
    """Why this tap may not attach to the segment; None: it may.

    Attach and detach overwrite lpid, atime and dtime for good. They destroy a segment that nobody
    has attached where kernel.shm_rmid_forced is 1, and one that is marked for destruction lives
    on while we are attached (ipc/shm.c, shm_may_destroy). An attach also keeps its IPC namespace,
    and with that all its segments (do_shmat takes a reference).
    """
    if segment.identity.namespace != own_namespace():
        return Refusal(tap, ELSEWHERE, False)
    if terms.read_only:
        reason = "--read-only: reading would attach, which changes last pid and attach time."
        return Refusal(tap, reason, False)
    consent, danger = terms.consent, _danger(segment)
    if danger and consent is not Consent.FORCED:
        return Refusal(tap, danger, True)
    if consent in (Consent.GIVEN, Consent.FORCED):
        return None
    if consent is Consent.ASK and segment.nattch and _made_by_us(segment):
        return None
    return Refusal(tap, CONSENT, True, needs_consent=True)


def _danger(segment: Segment) -> str:
    """What an attach could destroy or keep alive, in words; empty: nothing."""
    if segment.doomed:
        return "Marked for destruction: while we are attached it would not be freed."
    if segment.nattch == 0 and read_limits().rmid_forced:
        return "kernel.shm_rmid_forced is 1 and nothing else attached: our detach would destroy it."
    return ""


def _made_by_us(segment: Segment) -> bool:
    """Its creator is this process or a child of it: the evidence is our own."""
    if segment.cpid == os.getpid():
        return True
    try:
        stat = Path(f"/proc/{segment.cpid}/stat").read_bytes()
    except OSError:
        return False
    return int(stat.rpartition(b")")[2].split()[1]) == os.getpid()
