"""A PostgreSQL that is killed and started while the real program has its segment open."""

import sys
from collections.abc import Iterator

import pytest

from shmtui.sysv.peek import can_peek
from tests import kernel
from tests.monitor import postgres
from tests.monitor.postgres import Cluster
from tests.terminal import Terminal

APP = [sys.executable, "-m", "shmtui", "--interval", "0.2"]
HEX, DETAILS = "2", "7"
EMPTY = "No shared memory segments"


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with postgres.cluster() as made:
        yield made


@pytest.mark.parametrize(("tap", "user"), [("peek", None), ("peer", "postgres")])
def test_it_starts_again_however_it_is_watched(
    cluster: Cluster, tap: str, user: str | None
) -> None:
    if tap == "peek" and not can_peek():
        pytest.skip("opening /proc/PID/map_files needs root in the initial user namespace")
    for shmid in kernel.shmids():
        kernel.rmid(shmid)
    with Terminal(APP, columns=120, rows=40, user=user) as terminal:
        terminal.wait_for(EMPTY)
        for _ in range(2):
            postmaster = cluster.start()
            terminal.send(DETAILS)
            terminal.wait_for(f"postmaster {postmaster} alive")
            assert "in use" in terminal.text
            terminal.send(HEX)
            terminal.wait_for(f"{tap} (0 attaches)")
            cluster.kill()
            terminal.wait_for("orphan")
            terminal.wait_for("not read (0 attaches)")
            terminal.send(DETAILS)
            terminal.wait_for(f"postmaster {postmaster} gone")
        cluster.start()
        terminal.send("q")
        assert terminal.wait_exit() == 0
