"""Limits of the tests' own IPC namespace, set for a while. Root's only."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root may change the namespace's settings"
)


@contextmanager
def setting(name: str, value: object) -> Iterator[None]:
    """`/proc/sys/kernel/NAME` is `value` inside."""
    path = Path("/proc/sys/kernel", name)
    before = path.read_text()
    try:
        path.write_text(str(value))
        yield
    finally:
        path.write_text(before)
