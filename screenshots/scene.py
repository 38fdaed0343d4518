"""The segments on the pictures: real ones, of real processes of several users."""

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from tests.kernel import ROOT


class Role(NamedTuple):
    """What one process does with shared memory."""

    name: str
    user: str
    key: int
    """0: IPC_PRIVATE. With copies, the first of that many keys."""
    size: int
    mode: int = 0o600
    pages: int = 1
    """How many of them it writes."""
    copies: int = 1
    end: Literal["holds", "beats", "idle", "doomed", "orphan"] = "holds"
    """Beats: it holds them, and changes them each second."""
    elsewhere: bool = False
    """It is in an IPC namespace of its own."""


CAST = (
    Role("recorder", "www-data", 0x0BADCAFE, 1 << 30, 0o640, pages=20),
    Role("mixer", "games", 0x0052E2C1, 64 << 10, 0o660, pages=16, end="idle"),
    Role("spooler", "mail", 0, 256 << 10, 0o600, pages=3, end="doomed"),
    Role("worker", "www-data", 0, 4 << 20, 0o600, pages=1024, end="orphan"),
    Role("worker", "www-data", 0x51A7E001, 56, 0o600, end="orphan", copies=2),
    Role("compositor", "backup", 0, 1920 * 1080 * 4, 0o600, pages=8, copies=4),
    Role("sensors", "daemon", 0x5E450001, 16 << 10, 0o644, pages=4, copies=4, end="beats"),
    Role("webapp", "www-data", 0x5EED, 3 << 20, 0o600, pages=9, end="beats", elsewhere=True),
)


@contextlib.contextmanager
def scene() -> Iterator[None]:
    """All of the cast play, until the context is left. Call it in a private IPC namespace, as root.

    Needs a C compiler.
    """
    with contextlib.ExitStack() as stack:
        for role in CAST:
            _start(stack, role)
        _start_seed_pair(stack)
        yield


def _start(stack: contextlib.ExitStack, role: Role) -> None:
    """Starts a role, and waits until its segments are as it has them."""
    argv = [sys.executable, "-m", "screenshots.role", json.dumps(role._asdict())]
    _ready(stack.enter_context(_running(*argv)))


def _start_seed_pair(stack: contextlib.ExitStack) -> None:
    """The C program that counts in segment 3306, and the one that prints it."""
    place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    writer, reader = (_compiled(name, place) for name in ("writer", "reader"))
    _ready(stack.enter_context(_running(writer, "3306", "1024", "1000")))
    _ready(stack.enter_context(_running(reader, "3306", "1024", "100000", "1000")))


def _compiled(name: str, place: Path) -> Path:
    program = place / name
    source = ROOT / "tests" / "peers" / f"{name}.c"
    subprocess.run(["cc", "-o", program, source], check=True)
    return program


def _ready(process: subprocess.Popen[bytes]) -> None:
    """Each of them says a line as soon as it has attached."""
    if process.stdout is None or not process.stdout.readline():
        raise RuntimeError(f"{process.args!r} did not play its role")


@contextlib.contextmanager
def _running(*argv: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    """The process, ended when the context is left."""
    pipe = subprocess.PIPE
    with subprocess.Popen(argv, stdin=pipe, stdout=pipe, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()
