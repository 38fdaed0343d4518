"""What all tests share: an IPC namespace of their own, real segments, real children, C peers."""

import contextlib
import gc
import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from tests import kernel
from tests.children import children
from tests.private import NamespaceError, enter_private_ipc
from tests.sources import close_all

try:
    enter_private_ipc()
except NamespaceError as refusal:
    raise pytest.UsageError(f"{refusal}. The tests never touch the machine's segments.") from None

# The programs that the tests start need not compile all of it each time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

_HOMES = itertools.count()
"""None of them is made before a test needs it."""


class MakeSegment(Protocol):
    """Makes a segment that nobody has attached; returns its shmid."""

    def __call__(self, size: int = 4096, key: int | None = None, mode: int = 0o600) -> int: ...


class AttachedChild(Protocol):
    """Starts a process that attaches, writes, and stays until its stdin is closed.

    With a name, the kernel calls it so; 15 bytes of it.
    """

    def __call__(
        self, shmid: int, write: bytes = b"", offset: int = 0, name: str = ""
    ) -> subprocess.Popen[bytes]: ...


class Elsewhere(Protocol):
    """Starts a process in an IPC namespace of its own. It makes a segment there with the key
    0x5eed, writes at the start of each page, and holds it until it ends.
    """

    def __call__(self, size: int = 4096, data: bytes = b"elsewhere") -> subprocess.Popen[bytes]: ...


class Peer(Protocol):
    """Compiles tests/peers/NAME.c; returns the program."""

    def __call__(self, name: str) -> Path: ...


def pytest_collection_finish() -> None:
    """What was imported stays: to look through it for garbage again and again takes a sixth of the
    time of the screen's tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 5)


@pytest.fixture(autouse=True)
def _home_of_the_test(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings and logs of its own: not the person's, and not those of the test before."""
    home = tmp_path_factory.getbasetemp() / f"home{next(_HOMES)}"
    for name in ("CONFIG", "STATE", "DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))


@pytest.fixture(autouse=True)
def _sources_are_closed() -> Iterator[None]:
    yield
    close_all()


@pytest.fixture
def make_segment() -> Iterator[MakeSegment]:
    made: list[int] = []

    def make(size: int = 4096, key: int | None = None, mode: int = 0o600) -> int:
        flags = mode | kernel.IPC_CREAT | kernel.IPC_EXCL
        made.append(kernel.shmget(kernel.IPC_PRIVATE if key is None else key, size, flags))
        return made[-1]

    yield make
    for shmid in made:
        # The test may have removed it.
        with contextlib.suppress(OSError):
            kernel.rmid(shmid)


@pytest.fixture
def attached_child() -> Iterator[AttachedChild]:
    with children() as start:

        def attach(
            shmid: int, write: bytes = b"", offset: int = 0, name: str = ""
        ) -> subprocess.Popen[bytes]:
            words = [str(shmid), str(offset), write.hex(), *([name] if name else [])]
            child, said = start("-m", "tests.attached", *words)
            assert said == b"ready\n"
            return child

        yield attach


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    if os.geteuid() != 0:
        pytest.skip("entering another IPC namespace needs root")
    with children() as start_child:

        def start(size: int = 4096, data: bytes = b"elsewhere") -> subprocess.Popen[bytes]:
            child, said = start_child("-m", "tests.elsewhere", str(size), data.hex())
            assert said.strip().isdigit()
            return child

        yield start


@pytest.fixture(scope="session")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Peer:
    compiler = shutil.which("cc") or shutil.which("gcc")
    built: dict[str, Path] = {}
    place = tmp_path_factory.mktemp("peers")

    def build(name: str) -> Path:
        if compiler is None:
            pytest.skip("no C compiler (cc) on this machine")
        if name not in built:
            source = kernel.ROOT / "tests" / "peers" / f"{name}.c"
            built[name] = place / name
            subprocess.run([compiler, "-O1", "-Wall", "-o", built[name], source], check=True)
        return built[name]

    return build
