"""Kernel settings that a test may change, and what some taps need."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shmtui.sysv.content import can_peek
from tests import kernel

Setting = Callable[[str, object], None]


@pytest.fixture
def kernel_setting() -> Iterator[Setting]:
    """Sets /proc/sys/NAME for the test, and back at its end; skips where that is not allowed."""
    with contextlib.ExitStack() as undo:

        def set_to(name: str, value: object) -> None:
            path = Path("/proc/sys") / name
            try:
                before = path.read_text()
                path.write_text(str(value))
            except OSError as error:
                pytest.skip(f"{path} cannot be set: {error.strerror}")
            undo.callback(path.write_text, before)

        yield set_to


@pytest.fixture
def privileged() -> None:
    """Skips where /proc/PID/map_files may not be opened."""
    if not can_peek():
        pytest.skip("opening /proc/PID/map_files needs root in the initial user namespace")


@pytest.fixture
def own() -> Iterator[list[int]]:
    """Addresses attached by the test itself; detached at its end."""
    addresses: list[int] = []
    yield addresses
    for address in addresses:
        kernel.shmdt(address)
