"""The real program in a process of its own, as a person runs it."""

import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.kernel import ROOT

PROGRAM = [sys.executable, "-m", "shmtui"]

ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
"""Output is kept back until it is flushed, as it is for everybody."""


def shmtui(*words: object, **options: Any) -> subprocess.CompletedProcess[str]:
    """Runs it to its end, without a terminal. Options are those of subprocess.run."""
    return run([*PROGRAM, *map(str, words)], **options)


def run(argv: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
    """The same for a whole command line."""
    usual = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "timeout": 60}
    where = {"stdin": subprocess.DEVNULL, "cwd": ROOT, "env": _environment()}
    return subprocess.run(argv, **{**usual, **where, **options})


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


@contextmanager
def started(*words: object) -> Iterator["subprocess.Popen[str]"]:
    """The program at work; killed, and awaited, at the end."""
    with subprocess.Popen(
        [*PROGRAM, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=_environment(),
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def line_of(process: "subprocess.Popen[str]", timeout_s: float = 30.0) -> str:
    """The first line that it prints, without its end."""
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], timeout_s)
    assert ready, f"nothing was printed in {timeout_s} s"
    return process.stdout.readline().removesuffix("\n")


def _environment() -> dict[str, str]:
    """With the home of the test that runs now: logs and settings are never the person's."""
    homes = {name: value for name, value in os.environ.items() if name.startswith("XDG_")}
    return {**ENVIRONMENT, **homes}
