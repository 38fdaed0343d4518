"""A real `shmtui write` process for a test, and what it put into its segment."""

import json
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import IO, Any, Self

from tests import kernel
from tests.waiting import wait_until

WRITE = (sys.executable, "-m", "shmtui", "write")


class WriteProcess:
    """`shmtui write WORDS`. Told to end, if need be killed, at the end of the `with`."""

    def __init__(self, *words: str, prefix: Sequence[str] = (), **options: Any) -> None:
        options = {"stdin": subprocess.DEVNULL, "text": True, "cwd": kernel.ROOT, **options}
        self.process: subprocess.Popen[str] = subprocess.Popen(
            [*prefix, *WRITE, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options
        )
        self.hello = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self.process:
            self.process.terminate()
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()

    @property
    def input(self) -> IO[str]:
        assert self.process.stdin is not None
        return self.process.stdin

    def ready(self) -> Self:
        """Waits for its greeting: it is attached then, and has written nothing or more."""
        assert self.process.stdout is not None
        self.hello = self.process.stdout.readline()
        assert self.hello, self.process.stderr and self.process.stderr.read()
        return self

    @property
    def shmid(self) -> int:
        """Of the greeting for people or, with a lifeline, for programs."""
        if self.hello.startswith("{"):
            return int(json.loads(self.hello)["shmid"])
        found = re.match(r"segment (\d+) ", self.hello)
        assert found, self.hello
        return int(found[1])

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        return self.process.wait(timeout=20)

    @property
    def words(self) -> str:
        """All that it said on standard error; for after its end."""
        assert self.process.stderr is not None
        return self.process.stderr.read()


def write(*words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """`shmtui write WORDS` to its end."""
    options = {"stdin": subprocess.DEVNULL, "cwd": kernel.ROOT, **options}
    return subprocess.run([*WRITE, *words], capture_output=True, text=True, timeout=30, **options)


def string(shmid: int) -> bytes:
    """The segment's beginning up to NUL, as a C reader sees it."""
    return kernel.content(shmid, 64).split(b"\0")[0]


def number(shmid: int) -> int:
    """The counter as it is; -1 before its first value."""
    return int(string(shmid) or b"-1")


def await_string(shmid: int, wanted: bytes) -> None:
    wait_until(lambda: string(shmid) == wanted, what=f"{wanted!r} in segment {shmid}")
