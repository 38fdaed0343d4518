"""Python children of a test, which end with it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests import kernel

Start = Callable[..., tuple[subprocess.Popen[bytes], bytes]]
"""Starts the interpreter with these words; gives the child, and the first line that it says."""


@contextmanager
def children() -> Iterator[Start]:
    """Its children have a pipe at each end, and are killed at the end."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*words: str) -> tuple[subprocess.Popen[bytes], bytes]:
        child = subprocess.Popen(
            [sys.executable, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=kernel.ROOT,
        )
        started.append(child)
        assert child.stdout is not None
        return child, child.stdout.readline()

    try:
        yield start
    finally:
        for child in started:
            with child:
                child.kill()
