"""The real program in a process of its own, as a person runs it."""

import json
import subprocess
import sys
from typing import Any

from tests.kernel import ROOT

PROGRAM = [sys.executable, "-m", "shmtui"]


def shmtui(*words: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """Runs it to its end, without a terminal. Options are those of subprocess.run."""
    return subprocess.run(
        [*PROGRAM, *map(str, words)],
        **{"capture_output": True, "text": True, "timeout": 60, "cwd": ROOT, **options},
        stdin=subprocess.DEVNULL,
    )


def printed(*words: object, **options: Any) -> str:
    """What it prints when all is well."""
    done = shmtui(*words, **options)
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


def parsed(*words: object) -> Any:
    """The JSON document that it prints."""
    return json.loads(printed(*words))


def refused(*words: object, code: int, **options: Any) -> str:
    """What it says on stderr when it ends with `code`, and nothing on stdout."""
    done = shmtui(*words, **options)
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert "Traceback" not in done.stderr
    return str(done.stderr)
