"""PostgreSQL's data directories are found where their servers run, and where they use to lie."""

import subprocess
import sys
from pathlib import Path

import pytest

from shmtui.monitor.clusters import Cluster, Clusters
from shmtui.sysv.processes import ProcessTable
from tests import kernel

_SERVER = """
import sys
open("/proc/self/comm", "w").write("postgres")
print(flush=True)
sys.stdin.read()
"""
_LOOK = """
from shmtui.monitor.clusters import Clusters
from shmtui.sysv.processes import ProcessTable
processes = ProcessTable()
processes.refresh()
for cluster in Clusters(processes).all:
    print(cluster.path, cluster.seen, cluster.claims)
"""


def found(known: tuple[str, ...] = ()) -> dict[str, Cluster]:
    """By path."""
    processes = ProcessTable()
    processes.refresh()
    return {it.path: it for it in Clusters(processes, known).all}


def claim(directory: Path, line: str) -> None:
    """A postmaster.pid with that seventh line."""
    (directory / "postmaster.pid").write_text(
        f"42\n{directory}\n1700000000\n5432\n/tmp\n\n{line}\n"
    )


def test_a_servers_working_directory_is_its_data_directory(tmp_path: Path) -> None:
    claim(tmp_path, "  4294967295     98304")
    with subprocess.Popen(
        [sys.executable, "-c", _SERVER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=tmp_path,
    ) as server:
        assert server.stdout is not None
        server.stdout.readline()
        cluster = found()[str(tmp_path)]
        server.communicate()
    assert cluster.seen == f"cwd of process {server.pid}"
    assert cluster.claims == (0xFFFFFFFF, 98304)
    assert cluster.inode == tmp_path.stat().st_ino
    assert str(tmp_path) not in found()


def test_a_server_that_we_may_not_trace_tells_by_its_arguments(tmp_path: Path) -> None:
    claim(tmp_path, "7 8")
    tmp_path.chmod(0o755)  # initdb --allow-group-access lets a group in
    (tmp_path / "postmaster.pid").chmod(0o644)
    with subprocess.Popen(
        [sys.executable, "-c", _SERVER, "-D", str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd="/",
    ) as server:
        assert server.stdout is not None
        server.stdout.readline()
        told = kernel.as_user("nobody", [sys.executable, "-c", _LOOK, tmp_path], cwd=kernel.ROOT)
        server.communicate()
    assert f"{tmp_path} -D of process {server.pid} (7, 8)" in told.stdout.splitlines(), told.stderr


@pytest.mark.parametrize("line", ["", "7", "7 8 9", "x 8", "-1 8", "7 8\0"])
def test_a_file_that_claims_nothing_is_no_claim(tmp_path: Path, line: str) -> None:
    claim(tmp_path, line)
    assert found((str(tmp_path),))[str(tmp_path)].claims is None


def test_what_is_no_directory_or_has_no_lock_does_not_disturb(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    assert str(file) not in found((str(file), str(tmp_path / "none")))
    assert found((str(tmp_path),))[str(tmp_path)].claims is None


def test_a_lock_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    claim(tmp_path, "7 8")
    other = tmp_path / "other"
    other.mkdir()
    (other / "postmaster.pid").symlink_to(tmp_path / "postmaster.pid")
    assert found((str(other),))[str(other)].claims is None
