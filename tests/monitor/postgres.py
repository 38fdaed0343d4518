"""A PostgreSQL server of our own in a new data directory, in the tests' IPC namespace."""

import contextlib
import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import kernel
from tests.waiting import wait_until

_USER = "postgres"
_READY = "ready to accept connections"


class Cluster:
    """A data directory; its server, when it runs."""

    def __init__(self, programs: Path, home: Path) -> None:
        self.path = home / "data"
        self.server: subprocess.Popen[bytes] | None = None
        self._programs = programs
        self._home = home
        self._log = home / "log"
        self._run("initdb", "-D", self.path, "--no-sync", "-A", "trust")

    def start(self) -> int:
        """A server that accepts connections; its postmaster's pid. Fails with what it wrote."""
        program, home = str(self._programs / "postgres"), str(self._home)
        words = [program, "-D", str(self.path), "-k", home, "-F", "-c", "listen_addresses="]
        with self._log.open("wb") as log:
            server = subprocess.Popen(words, stdout=log, stderr=log, **_as_postgres())
        self.server = server
        wait_until(lambda: _READY in self._log.read_text() or self._ended(), 30.0)
        assert not self._ended(), self._log.read_text()
        return server.pid

    def kill(self, left: int = 0) -> None:
        """SIGKILL to the postmaster: nothing is cleaned up. Its children end by themselves, but
        for `left` that the test stopped."""
        assert self.server is not None
        shmid = self.shmid
        self.server.kill()
        self.server.wait()
        wait_until(lambda: int(kernel.row(shmid).split()[6]) <= left, 30.0, "its children to end")

    @property
    def shmid(self) -> int:
        """As postmaster.pid has it."""
        return int((self.path / "postmaster.pid").read_text().splitlines()[6].split()[1])

    def close(self) -> None:
        """Ends the server, if one runs, and removes what a killed one left."""
        if self.server is not None and not self._ended():
            self.server.terminate()
            self.server.wait()
        with contextlib.suppress(OSError):  # a server that ended by itself left nothing
            kernel.rmid(self.shmid)

    def _ended(self) -> bool:
        return self.server is not None and self.server.poll() is not None

    def _run(self, program: str, *words: str | Path) -> None:
        subprocess.run(
            [self._programs / program, *words], check=True, capture_output=True, **_as_postgres()
        )


@contextlib.contextmanager
def cluster() -> Iterator[Cluster]:
    """A new cluster until the end. Skips where PostgreSQL is not installed."""
    programs = _programs()
    home = Path(tempfile.mkdtemp(prefix="shmtui-pg"))  # pytest's own may not be entered by others
    if os.geteuid() == 0:
        shutil.chown(home, _USER)
    made = None
    try:
        made = Cluster(programs, home)
        yield made
    finally:
        if made is not None:
            made.close()
        shutil.rmtree(home)


def _programs() -> Path:
    places = [
        os.path.dirname(shutil.which("initdb") or ""),
        *glob.glob("/usr/lib/postgresql/*/bin"),
    ]
    found = [place for place in places if place and os.path.exists(f"{place}/initdb")]
    if not found:
        pytest.skip("no PostgreSQL server (initdb) on this machine")
    if os.geteuid() == 0 and _USER not in {user.pw_name for user in pwd.getpwall()}:
        pytest.skip(f"PostgreSQL refuses to run as root, and there is no user {_USER}")
    return Path(found[-1])


def _as_postgres() -> dict[str, Any]:
    """PostgreSQL refuses to run as root, and where it cannot enter the current directory."""
    if os.geteuid() != 0:
        return {"cwd": "/"}
    user = pwd.getpwnam(_USER)
    return {"cwd": "/", "user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
