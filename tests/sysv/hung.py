"""Starts the process of tests/sysv/hanging.py."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shmtui.sysv import listing
from tests import kernel


@contextlib.contextmanager
def hung_process(directory: Path) -> Iterator[int]:
    """The pid of a process that hangs who looks into it, until the end; and it has made a private
    segment. Skips where there is none to be had."""
    if not os.access("/dev/fuse", os.R_OK | os.W_OK) or os.geteuid() != 0:
        pytest.skip("a process that hangs who looks needs root and /dev/fuse")
    with subprocess.Popen(
        [sys.executable, "-m", "tests.sysv.hanging", str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=kernel.ROOT,
    ) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        assert line, "the dead file server did not start"
        yield int(line)
        server.communicate()
    for row in listing.segments():
        if row.cpid == int(line):
            kernel.rmid(row.shmid)
