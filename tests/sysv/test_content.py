"""Which tap is chosen, and which sentence says why not a better one."""

import os
from pathlib import Path

import pytest

from shmtui.sysv.content import TAPS, Choice, Consent, can_peek, choose
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.gate import Terms, refusal
from shmtui.sysv.window import TRACELESS
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.conftest import Setting
from tests.sysv.rows import segment

CAP_SYS_ADMIN = 1 << 21
CAP_RESTORE = 1 << 40
CONSENT = "Only an attach of an instant would read it: last pid and attach time change."


def chosen(shmid: int, consent: Consent, *pids: int, read_only: bool = False) -> Choice:
    return choose(segment(shmid), pids, consent, Evidence(), read_only)


@pytest.mark.parametrize("consent", [Consent.TRACELESS, Consent.ASK])
def test_a_tap_that_attaches_names_what_it_overwrites_and_asks(
    make_segment: MakeSegment, consent: Consent
) -> None:
    shmid = make_segment()
    before = kernel.row(shmid)
    choice = chosen(shmid, consent)
    last = choice.why_not[-1]
    assert choice.tap is None
    assert tuple(refusal.tap for refusal in choice.why_not) == TAPS
    assert (last.reason, last.overridable, last.needs_consent) == (CONSENT, True, True)
    assert kernel.row(shmid) == before


def test_consent_lets_it_attach(make_segment: MakeSegment) -> None:
    choice = chosen(make_segment(), Consent.GIVEN)
    assert choice.tap is not None
    assert choice.tap.name not in TRACELESS


@pytest.mark.parametrize("consent", list(Consent))
def test_read_only_never_attaches(make_segment: MakeSegment, consent: Consent) -> None:
    choice = chosen(make_segment(), consent, read_only=True)
    assert choice.tap is None
    assert "--read-only" in choice.why_not[-1].reason
    assert not choice.why_not[-1].overridable


def test_read_only_still_peeks(
    make_segment: MakeSegment, attached_child: AttachedChild, privileged: None
) -> None:
    shmid = make_segment()
    choice = chosen(shmid, Consent.TRACELESS, attached_child(shmid).pid, read_only=True)
    assert choice.tap is not None
    assert choice.tap.name == "peek"


def test_a_segment_that_our_detach_would_destroy_is_refused_unless_forced(
    make_segment: MakeSegment, kernel_setting: Setting
) -> None:
    shmid = make_segment()
    kernel_setting("kernel/shm_rmid_forced", 1)
    last = chosen(shmid, Consent.GIVEN).why_not[-1]
    assert "shm_rmid_forced is 1" in last.reason
    assert "would destroy it" in last.reason
    assert (last.overridable, last.needs_consent) == (True, False)
    assert chosen(shmid, Consent.FORCED).tap is not None


def test_a_held_segment_is_not_endangered_by_that_setting(
    make_segment: MakeSegment, attached_child: AttachedChild, kernel_setting: Setting
) -> None:
    shmid = make_segment()
    attached_child(shmid)
    kernel_setting("kernel/shm_rmid_forced", 1)
    assert chosen(shmid, Consent.GIVEN).tap is not None


def test_a_segment_marked_for_destruction_is_refused_unless_forced(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    attached_child(shmid)
    kernel.rmid(shmid)
    last = chosen(shmid, Consent.GIVEN).why_not[-1]
    assert "Marked for destruction" in last.reason
    assert (last.overridable, last.needs_consent) == (True, False)
    assert chosen(shmid, Consent.FORCED).tap is not None


def test_what_our_own_child_made_and_holds_needs_no_consent(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()  # made by this process
    assert chosen(shmid, Consent.ASK).tap is None
    attached_child(shmid)
    choice = chosen(shmid, Consent.ASK)
    assert choice.tap is not None
    assert choice.tap.name == "attach"
    assert chosen(shmid, Consent.TRACELESS).tap is None


def test_what_another_made_needs_consent_though_it_is_held(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    attached_child(shmid)
    row = segment(shmid)
    made_by_init = row._replace(identity=row.identity._replace(cpid=1))
    assert refusal("attach", made_by_init, Terms(Evidence(), Consent.ASK, False)) is not None


def test_we_are_no_holder_to_read_through(make_segment: MakeSegment) -> None:
    shmid = make_segment()
    address = kernel.shmat(shmid)
    try:
        choice = chosen(shmid, Consent.TRACELESS, os.getpid())
    finally:
        kernel.shmdt(address)
    assert choice.tap is None
    assert [refusal.tap for refusal in choice.why_not] == list(TAPS)


def test_who_has_the_capability_in_the_initial_user_namespace_can_peek() -> None:
    status = Path("/proc/self/status").read_text().partition("CapEff:")[2].split()[0]
    initial = Path("/proc/self/uid_map").read_text().split() == ["0", "0", "4294967295"]
    assert can_peek() == (initial and bool(int(status, 16) & (CAP_SYS_ADMIN | CAP_RESTORE)))
