"""Real children that make segments, and rows made by hand."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from typing import Protocol

import pytest

from tests import kernel

_SCRIPT = """
import sys
from tests import kernel
print(kernel.shmget(kernel.IPC_PRIVATE, 4096, 0o600), flush=True)
for line in sys.stdin:
    kernel.shmdt(kernel.shmat(int(line)))
    print(flush=True)
"""


class Child(subprocess.Popen[str]):
    """A process that made a segment and lives until it is ended."""

    shmid: int

    def use(self, shmid: int) -> None:
        """Attaches and detaches: it becomes the last operator."""
        assert self.stdin is not None
        assert self.stdout is not None
        self.stdin.write(f"{shmid}\n")
        self.stdin.flush()
        assert self.stdout.readline() == "\n"

    def end(self) -> None:
        """Afterwards there is no such process."""
        self.kill()
        self.wait()


class Creator(Protocol):
    """Starts a child that makes a segment."""

    def __call__(self) -> Child: ...


@pytest.fixture
def creator() -> Iterator[Creator]:
    children: list[Child] = []

    def create() -> Child:
        child = Child(
            [sys.executable, "-c", _SCRIPT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=kernel.ROOT,
            text=True,
        )
        children.append(child)
        assert child.stdout is not None
        child.shmid = int(child.stdout.readline())
        return child

    yield create
    for child in children:
        with child:
            child.kill()
        with contextlib.suppress(OSError):  # the test may have removed it
            kernel.rmid(child.shmid)
