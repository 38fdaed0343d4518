"""A process that hangs who looks into it stops neither the polls nor the scans."""

from pathlib import Path

from shmtui.monitor.holding import Holding
from shmtui.monitor.snapshot import Poller
from shmtui.sysv import patience
from shmtui.sysv.holders import Holder, Scan
from shmtui.sysv.maps import Mapping
from shmtui.sysv.segment import Identity, Segment
from tests.conftest import AttachedChild, MakeSegment
from tests.monitor.looks import Looks
from tests.sysv.hung import hung_process
from tests.waiting import wait_until

HUNG = 2**22 + 1
"""No process has this pid, so it does not hang any more."""
IDENTITY = Identity(1, 0, 1, 0, 4096)
ROW = Segment(IDENTITY, 0, 0o600, 1, 1, 0, 0, 0, 1, 0, 1, 0, 0)
HOLDER = Holder(7, "daemon", 0, (Mapping(0, 4096, 0, "rw"),))


def test_polls_go_on_where_a_creator_hangs_who_looks(tmp_path: Path) -> None:
    poller = Poller()
    with hung_process(tmp_path) as pid:
        (facts,) = (it for it in poller.poll().facts.values() if it.segment.cpid == pid)
        assert facts.verdict.word == "unknown"
        assert f"creator {pid}: that pid lives, but we may not see" in facts.verdict.reasons[0]
        poller.poll()
    wait_until(lambda: not patience.stuck(), what="the kernel's answer")


def test_scans_go_on_and_tell_who_hangs(
    make_segment: MakeSegment, attached_child: AttachedChild, tmp_path: Path
) -> None:
    poller = Poller()
    first, second = make_segment(), make_segment()
    with hung_process(tmp_path) as pid:
        children = {attached_child(shmid).pid for shmid in (first, second)}
        poller.poll()
        assert poller.scan_holders()
        found = poller.poll().holders
        assert found is not None
        held = found.holders
        assert {who.pid for holders in held.values() for who in holders} == children
        assert found.stuck == (pid,)
    wait_until(lambda: not patience.stuck(), what="the kernel's answer")


def test_what_a_hanging_process_may_hold_is_looked_at_again_when_it_goes_on() -> None:
    looks = Looks(Scan({}, 0, 1.0, True, (HUNG,)), Scan({IDENTITY: (HOLDER,)}, 0, 2.0, True))
    holding = Holding(looks)
    holding.note([ROW], [], 4e9)
    holding.scan({IDENTITY: ROW}.get)
    assert holding.scan({IDENTITY: ROW}.get)
    assert looks.wanted == [{IDENTITY}] * 2
    assert not holding.scan({IDENTITY: ROW}.get)


def test_what_is_explained_is_not_looked_at_again() -> None:
    looks = Looks(Scan({IDENTITY: (HOLDER,)}, 0, 1.0, True, (HUNG,)))
    holding = Holding(looks)
    holding.note([ROW], [], 4e9)
    holding.scan({IDENTITY: ROW}.get)
    assert not holding.scan({IDENTITY: ROW}.get)
