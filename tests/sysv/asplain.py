"""Runs a part of tests/sysv/plainuser.py as a plain user."""

import json
import sys
from typing import Any

from tests import kernel


def as_plain_user(what: str, shmid: int, pid: int = 0) -> Any:
    """Its JSON document. Skips the test, saying why, where we cannot become that user."""
    argv = [sys.executable, "-m", "tests.sysv.plainuser", what, str(shmid), str(pid)]
    done = kernel.as_user("nobody", argv, cwd=kernel.ROOT)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
