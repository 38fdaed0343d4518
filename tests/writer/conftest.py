"""What the writer's tests share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

_FORCED = Path("/proc/sys/kernel/shm_rmid_forced")


@pytest.fixture
def shm_rmid_forced() -> Iterator[None]:
    """kernel.shm_rmid_forced=1 in the tests' namespace."""
    if not os.access(_FORCED, os.W_OK):
        pytest.skip(f"{_FORCED} cannot be written here (needs root)")
    _FORCED.write_text("1")
    yield
    _FORCED.write_text("0")
