"""The recipes of the README, each run as it is written."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.monitor import postgres

README = (kernel.ROOT / "README.md").read_text()
MIB = 1 << 20


def recipes() -> list[str]:
    """The commands of `At 3 a.m.`, without the one that goes on until Ctrl+C."""
    (block,) = re.findall(r"^## At 3 a\.m\.\n\n```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    lines = [line for line in block.splitlines() if line and not line.startswith("#")]
    return [line for line in lines if line != "shmtui events"]


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A search path with this checkout's program on it."""
    program = tmp_path / "bin" / "shmtui"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m shmtui "$@"\n')
    program.chmod(0o755)
    return f"{program.parent}:{os.environ['PATH']}"


@pytest.fixture
def segments(make_segment: MakeSegment, attached_child: AttachedChild) -> None:
    """The article's, held; a large one that nobody holds."""
    attached_child(make_segment(1024, key=0xCEA), b"42\0")
    make_segment(2 * MIB)


def run(line: str, path: str) -> str:
    """What it prints. Fails with what it complains of."""
    env = {**os.environ, "PATH": path}
    done = subprocess.run(
        ["bash", "-c", line], cwd=kernel.ROOT, env=env, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.mark.usefixtures("segments")
@pytest.mark.parametrize("line", recipes())
def test_it_works_as_it_is_written(line: str, path: str) -> None:
    run(line, path)


@pytest.mark.usefixtures("segments")
def test_the_large_ones_that_nobody_attached_are_found(path: str) -> None:
    (line,) = (line for line in recipes() if "nattch=0" in line)
    assert " 2.0M " in run(line, path)


def test_postgresqls_directory_and_what_to_stop_first_are_printed(path: str) -> None:
    (line,) = (line for line in recipes() if "postgres" in line)
    with postgres.cluster() as cluster:
        postmaster = cluster.start()
        told = run(line, path)
        assert f"data directory {cluster.path}" in told
        assert f"before it is removed, stop {postmaster} " in told
