"""Other IPC namespaces: found, read, joined with their holders, and never kept alive."""

import os
import subprocess
from pathlib import Path

import pytest

from shmtui.monitor.snapshot import Poller
from shmtui.sysv import content, listing, namespaces, patience
from shmtui.sysv.content import Consent
from shmtui.sysv.errors import NotThere
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.holders import scan
from shmtui.sysv.namespaces import Namespace, inside
from shmtui.sysv.users import user_name
from tests.conftest import AttachedChild, Elsewhere, MakeSegment
from tests.sysv.asplain import as_plain_user
from tests.waiting import wait_until

MIB = 1 << 20


def end(child: subprocess.Popen[bytes]) -> None:
    with child:
        child.kill()


def of(child: subprocess.Popen[bytes]) -> Namespace:
    (found,) = (it for it in namespaces.other_namespaces().namespaces if child.pid in it.pids)
    return found


def test_another_namespace_is_told_with_whose_it_is(elsewhere: Elsewhere) -> None:
    child = elsewhere()
    found = of(child)
    assert found.inode == os.stat(f"/proc/{child.pid}/ns/ipc").st_ino
    assert found.pids == (child.pid,)
    command = Path(f"/proc/{child.pid}/comm").read_text().rstrip("\n")
    assert (found.command, found.user) == (command, user_name(os.geteuid()))
    assert found.name


def test_our_own_namespace_is_no_other_one() -> None:
    assert listing.namespace() not in [it.inode for it in namespaces.other_namespaces().namespaces]


def test_its_segments_are_read_without_leaving_ours(
    elsewhere: Elsewhere, make_segment: MakeSegment
) -> None:
    ours = make_segment()
    child = elsewhere(size=12345)
    before = listing.namespace()
    found = of(child)
    (row,) = namespaces.segments_of(found)
    assert (row.identity.namespace, row.key, row.size) == (found.inode, 0x5EED, 12345)
    assert (row.cpid, row.nattch) == (child.pid, 1)
    assert listing.namespace() == before
    assert ours in [it.shmid for it in listing.segments()]


def test_holders_are_joined_by_namespace_where_two_have_the_same_id(
    elsewhere: Elsewhere, attached_child: AttachedChild
) -> None:
    one, two = elsewhere(), elsewhere()
    (first,) = namespaces.segments_of(of(one))
    (second,) = namespaces.segments_of(of(two))
    assert first.shmid == second.shmid
    found = scan({row.identity: row for row in (first, second)})
    held = {identity.namespace: [who.pid for who in it] for identity, it in found.holders.items()}
    assert held == {of(one).inode: [one.pid], of(two).inode: [two.pid]}


@pytest.mark.usefixtures("privileged")
def test_content_is_peeked_at_across_namespaces_without_a_trace(elsewhere: Elsewhere) -> None:
    child = elsewhere(data=b"from afar")
    where = of(child)
    (row,) = namespaces.segments_of(where)
    choice = content.choose(row, [child.pid], Consent.TRACELESS, Evidence())
    assert choice.tap is not None
    assert choice.tap.name == "peek"
    assert choice.tap.read(0, 9).data == b"from afar"
    assert namespaces.segments_of(where) == [row]


def test_a_namespace_can_be_polled_with_verdicts_and_holders(elsewhere: Elsewhere) -> None:
    child = elsewhere()
    poller = Poller(inside=inside(of(child)))
    (facts,) = poller.poll().facts.values()
    assert facts.verdict.word == "in use"
    assert poller.scan_holders()
    found = poller.poll().holders
    assert found is not None
    assert [who.pid for who in found.holders[facts.segment.identity]] == [child.pid]


def test_nothing_is_attached_there_whatever_was_agreed_to(elsewhere: Elsewhere) -> None:
    where = of(elsewhere())
    (row,) = namespaces.segments_of(where)
    free = row._replace(nattch=0)

    def choose() -> content.Choice:
        return content.choose(free, (), Consent.FORCED, Evidence())

    choice = inside(where)(choose)
    assert choice.tap is None
    assert choice.why_not[-1].reason.startswith("Only an attach would read it, and keep its")
    assert not choice.why_not[-1].overridable
    assert namespaces.segments_of(where) == [row]


def test_its_memory_goes_when_it_ends_while_watched(elsewhere: Elsewhere) -> None:
    child = elsewhere(size=128 * MIB)
    where = of(child)
    poller = Poller(inside=inside(where))
    poller.poll()
    poller.scan_holders()
    assert where.inode not in _kept()
    full = _shared_bytes()
    end(child)
    wait_until(lambda: _shared_bytes() < full - 64 * MIB, what="the memory to be freed")
    with pytest.raises(NotThere, match=f"IPC namespace {where.inode} has ended"):
        poller.poll()
    assert where.inode not in [it.inode for it in namespaces.other_namespaces().namespaces]


def test_a_look_that_hangs_keeps_no_other_namespace(elsewhere: Elsewhere) -> None:
    where = of(elsewhere())
    read, write = os.pipe()

    def look(pid: int) -> bytes:
        return os.read(read, pid)

    def walk() -> patience.Walk:
        return patience.walk([1], look, lambda *_: True, deadline_s=1.0, patience_s=0.1)

    try:
        assert inside(where)(walk).stuck == (1,)
        wait_until(lambda: where.inode not in _kept(), what="our threads to leave it")
    finally:
        os.close(write)
        wait_until(lambda: not patience.stuck(), what="the look to end")
        os.close(read)


def test_one_process_that_ends_leaves_the_others_in_sight(elsewhere: Elsewhere) -> None:
    child = elsewhere()
    where = of(child)
    words = ["nsenter", f"--ipc=/proc/{child.pid}/ns/ipc", "sh", "-c", "echo in; read _"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as later:
        assert later.stdout is not None
        assert later.stdout.readline() == b"in\n"
        end(child)
        (row,) = namespaces.segments_of(where)
        assert (row.key, row.nattch) == (0x5EED, 0)
        later.communicate()


def test_a_plain_user_is_told_why_not(elsewhere: Elsewhere) -> None:
    child = elsewhere()
    found = as_plain_user("look_elsewhere", of(child).inode, child.pid)
    assert found["seen"] is False
    assert found["hidden"] > 0
    assert found["refusal"].endswith("takes CAP_SYS_ADMIN. Run as root.")


def _kept() -> set[int]:
    """The IPC namespaces that our threads are in or our descriptors lead to."""
    paths = [*Path("/proc/self/task").glob("*/ns/ipc"), *Path("/proc/self/fd").iterdir()]
    return {path.stat().st_ino for path in paths if path.exists()}


def _shared_bytes() -> int:
    """All shared memory of the machine (proc_meminfo(5), Shmem)."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Shmem:"))
