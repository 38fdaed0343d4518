"""What tests of acts share: the activity log of the test, what it says, and what is on record."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from shmtui.acts.log import ActivityLog
from tests.monitor.conftest import creator

__all__ = ["creator"]

Records = Callable[[], list[dict[str, object]]]
"""Reads what the log holds now, the oldest first."""


@pytest.fixture
def said() -> list[str]:
    """Complaints of the log."""
    return []


@pytest.fixture
def log_path(tmp_path: Path) -> Path:
    return tmp_path / "activity.jsonl"


@pytest.fixture
def log(said: list[str], log_path: Path) -> ActivityLog:
    return ActivityLog(said.append, log_path)


@pytest.fixture
def records(log_path: Path) -> Records:
    return lambda: [json.loads(line) for line in log_path.read_text().splitlines()]
