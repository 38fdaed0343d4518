"""Whose a segment is: told by evidence, never by guessing, and never with a trace."""

import contextlib
import os
import signal
import struct
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shmtui.monitor.owners import Owners
from shmtui.monitor.recognition import Owner, recognise
from shmtui.monitor.snapshot import Poller, Snapshot
from shmtui.monitor.traceless import Traceless
from shmtui.sysv.processes import ProcessTable
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.monitor import postgres
from tests.monitor.postgres import Cluster
from tests.waiting import wait_until

KEY = 0x5EED
MAGIC = 679834894


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with postgres.cluster() as made:
        yield made


def snapshot() -> Snapshot:
    """With the holders of everything."""
    poller = Poller()
    poller.poll()
    poller.scan_holders()
    return poller.poll()


def owner_of(shmid: int) -> Owner | None:
    """As one who has never looked before; the segment's line must stay as it was."""
    before = kernel.row(shmid)
    now = snapshot()
    (identity,) = (it for it in now.facts if it.shmid == shmid)
    row = now.facts[identity].evidence
    holders = now.holders.holders.get(identity, ()) if now.holders else ()
    processes = ProcessTable()
    processes.refresh()
    owner = recognise(row, holders, Traceless(row, holders), processes)
    assert kernel.row(shmid) == before
    return owner


def test_a_living_postgresql_is_told_with_its_directory_and_guarded(cluster: Cluster) -> None:
    postmaster = cluster.start()
    owner = owner_of(cluster.shmid)
    assert owner is not None
    assert owner.kind == "PostgreSQL"
    assert owner.words == f"PostgreSQL data directory {cluster.path}, postmaster {postmaster} alive"
    assert owner.source.endswith(f"postmaster.pid line 7, cwd of process {postmaster}")
    assert owner.protected
    assert owner.guards[0] == postmaster
    assert len(owner.guards) > 1


def test_a_killed_postgresql_stays_recognised_by_its_directory(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    postmaster = cluster.start()
    owners = Owners()
    owners.look(snapshot())
    cluster.kill()
    shmid = cluster.shmid
    assert owner_of(shmid) is None, "without its directory nothing proves it"
    assert owners.look(snapshot())
    (remembered,) = owners.known.values()
    words = f"PostgreSQL data directory {cluster.path}, postmaster {postmaster} gone"
    assert remembered.words == words
    assert remembered.source == "postmaster.pid line 7, seen while its server ran"
    assert not remembered.protected
    monkeypatch.setenv("PGDATA", str(cluster.path))
    told = owner_of(shmid)
    assert told is not None
    assert told.words == words
    assert told.source == "postmaster.pid line 7, PGDATA in our environment"


def test_a_child_that_outlives_a_killed_postmaster_is_told_and_guarded(cluster: Cluster) -> None:
    postmaster = cluster.start()
    living = owner_of(cluster.shmid)
    assert living is not None
    child = living.guards[-1]
    os.kill(child, signal.SIGSTOP)
    try:
        cluster.kill(left=1)
        owner = owner_of(cluster.shmid)
    finally:
        os.kill(child, signal.SIGKILL)
    assert owner is not None
    assert f"data directory {cluster.path}, postmaster {postmaster} gone" in owner.words
    assert owner.protected
    assert owner.guards == (child,)


@contextlib.contextmanager
def watched() -> Iterator[Owners]:
    """Owners that look again and again, in a thread of their own, until the end."""
    owners, stop = Owners(), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(_watch, owners, stop)
        try:
            yield owners
        finally:
            stop.set()
        looking.result()


def _watch(owners: Owners, stop: threading.Event) -> None:
    poller = Poller()
    while not stop.wait(0.01):
        now = poller.poll()
        poller.scan_holders()
        owners.look(now)
        for identity, facts in now.facts.items():
            holders = now.holders.holders.get(identity, ()) if now.holders else ()
            Traceless(facts.evidence, holders)(0, 56)


def test_postgresql_killed_and_started_while_it_is_watched_always_starts(
    cluster: Cluster,
) -> None:
    with watched() as owners:
        for _ in range(3):
            postmaster = cluster.start()
            _wait_for(f"postmaster {postmaster} alive", owners)
            cluster.kill()
            _wait_for(f"postmaster {postmaster} gone", owners)
        cluster.start()


def _wait_for(words: str, owners: Owners) -> None:
    wait_until(lambda: any(words in owner.words for owner in owners.known.values()), what=words)


def test_a_directory_that_claims_another_segment_proves_nothing(
    cluster: Cluster, make_segment: MakeSegment, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.start()
    inode = cluster.path.stat().st_ino & 0xFFFFFFFF
    cluster.kill()
    shmid = cluster.shmid
    monkeypatch.setenv("PGDATA", str(cluster.path))
    lock = cluster.path / "postmaster.pid"
    lines = lock.read_text().splitlines()
    lines[6] = f"{inode:9} {shmid + 1:9}"
    lock.write_text("\n".join(lines))
    assert owner_of(shmid) is None
    lines[6] = "nonsense"
    lock.write_text("\n".join(lines))
    assert owner_of(shmid) is None
    kernel.rmid(shmid)
    lock.unlink()


def claim(directory: Path, key: int, shmid: int) -> None:
    """A data directory, as far as anybody looks."""
    lines = [
        "4242",
        str(directory),
        "1700000000",
        "5432",
        "/tmp",
        "",
        f"{key:9} {shmid:9}",
        "ready",
    ]
    (directory / "postmaster.pid").write_text("\n".join(lines))


def test_a_directory_of_another_user_proves_nothing(
    make_segment: MakeSegment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGDATA", str(tmp_path))
    ours = make_segment(56, key=KEY)
    claim(tmp_path, KEY, ours)
    owner = owner_of(ours)
    assert owner is not None
    assert f"data directory {tmp_path}, postmaster {os.getpid()} " in owner.words
    make = f"from tests import kernel; print(kernel.shmget({KEY + 1}, 56, 0o1600))"
    done = kernel.as_user("nobody", [sys.executable, "-c", make], cwd=kernel.ROOT)
    theirs = int(done.stdout)
    claim(tmp_path, KEY + 1, theirs)
    assert owner_of(theirs) is None
    kernel.rmid(theirs)


def test_a_postmasters_file_that_is_a_pipe_does_not_stop_the_look(
    make_segment: MakeSegment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "postmaster.pid")
    monkeypatch.setenv("PGDATA", str(tmp_path))
    assert owner_of(make_segment(56, key=KEY)) is None


def test_a_header_without_its_directory_is_told_as_such(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(56, key=KEY)
    header = struct.pack("@ii32xQQ", MAGIC, 4242, 1, 2**40)
    child = attached_child(shmid, header)
    owner = owner_of(shmid)
    assert owner is not None
    assert f"data directory unknown, inode {2**40}" in owner.words
    assert owner.source in ("header by peek", "header by peer")
    assert owner.protected
    assert child.pid in owner.guards


def test_x11_is_told_by_the_server_that_maps_what_a_client_made(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    server = attached_child(shmid, name="Xwayland")
    assert owner_of(shmid) is not None
    client = attached_child(shmid, name="paint")
    owner = owner_of(shmid)
    assert owner is not None
    assert owner.kind == "X11 MIT-SHM"
    expected = f"X11 MIT-SHM picture of paint {client.pid}, server Xwayland {server.pid}"
    assert owner.words == expected
    assert str(server.pid) in owner.source
    assert not owner.protected


@pytest.mark.parametrize(
    ("size", "content", "kind"),
    [
        (10000, b"PHP_SM\0\0" + bytes(32), "PHP"),
        (1024, b"42\0", "counter"),
        (1024, b"42 \0", ""),
        (1024, b"\0", ""),
        (2048, b"42\0", ""),
        (4096, b"PHP_S", ""),
        (3, b"42\0", ""),
        (56, struct.pack("@ii", MAGIC, 0), ""),
    ],
)
def test_content_tells_its_program(
    make_segment: MakeSegment,
    attached_child: AttachedChild,
    size: int,
    content: bytes,
    kind: str,
) -> None:
    shmid = make_segment(size)
    attached_child(shmid, content)
    owner = owner_of(shmid)
    assert (owner.kind if owner else "") == kind


def test_nothing_is_attached_to_be_recognised(make_segment: MakeSegment) -> None:
    shmid = make_segment(1024)
    kernel.fill(shmid, b"42\0")
    assert owner_of(shmid) is None


def test_owners_are_remembered_until_their_segment_moves(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(1024)
    child = attached_child(shmid, b"42\0")
    owners = Owners()
    assert owners.look(snapshot())
    (known,) = owners.known.values()
    assert known.kind == "counter"
    assert not owners.look(snapshot())
    child.kill()
    child.wait()
    assert owners.look(snapshot())
    assert owners.known == {}


def test_what_is_written_after_the_attach_is_still_recognised(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    child = attached_child(make_segment(1024))
    owners = Owners()
    now = snapshot()
    assert not owners.look(now)
    assert now.holders is not None
    ((holder,),) = now.holders.holders.values()
    with open(f"/proc/{child.pid}/mem", "r+b", buffering=0) as memory:
        memory.seek(holder.mappings[0].start)
        memory.write(b"7\0")
    assert owners.look(now)


def test_what_the_budget_leaves_is_looked_at_later(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    for _ in range(3):
        attached_child(make_segment(1024), b"7\0")
    owners = Owners()
    now = snapshot()
    for count in (1, 2, 3):
        assert owners.look(now, budget_s=0)
        assert len(owners.known) == count


def test_one_that_is_always_attached_to_does_not_keep_others_waiting(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    busy, other = make_segment(1000), make_segment(1024)
    attached_child(busy)
    attached_child(other, b"7\0")
    poller, owners = Poller(), Owners()
    for _ in range(3):
        poller.poll()
        poller.scan_holders()
        kernel.content(busy, 1)
        owners.look(poller.poll(), budget_s=0)
    assert [it.shmid for it in owners.known] == [other]


def test_the_smallest_are_looked_at_first(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    large, small = make_segment(8192), make_segment(1024)
    for shmid in (large, small):
        attached_child(shmid, b"7\0")
    attached_child(large, b"PHP_SM")
    owners = Owners()
    owners.look(snapshot(), budget_s=0)
    assert [it.shmid for it in owners.known] == [small]
