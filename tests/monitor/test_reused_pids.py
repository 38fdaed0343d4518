"""A creator's pid that the kernel gave to another process since: real processes and pids."""

import json
import os
import subprocess
import sys

import pytest

from tests import kernel

_OF_ITS_OWN = ["unshare", "--pid", "--fork", "--mount-proc", "--ipc", "--kill-child"]


def test_a_reused_pid_of_another_user_is_no_creator_and_one_of_the_same_user_is_in_doubt() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make a pid namespace, and choose the pids in it")
    argv = [*_OF_ITS_OWN, sys.executable, "-m", "tests.monitor.reuse"]
    done = subprocess.run(argv, cwd=kernel.ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    (orphan, gone), (unknown, doubt) = ((word, reasons[0]) for word, reasons in told["verdicts"])
    assert (orphan, unknown) == ("orphan", "unknown")
    assert "is gone: since " in gone
    assert "that pid is another process, " in gone
    assert "may be gone: " in doubt
    assert told["orphans"].count("freed at once") == 1
