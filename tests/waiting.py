"""Wait for a condition with a deadline, instead of sleeping and hoping."""

import time
from collections.abc import Callable

GRAIN_S = 0.01


def wait_until(predicate: Callable[[], object], timeout_s: float = 10.0, what: str = "") -> None:
    """Returns as soon as `predicate()` is true; fails, naming `what`, after `timeout_s` seconds."""
    deadline = time.monotonic() + timeout_s
    while not predicate():
        if time.monotonic() > deadline:
            name = what or getattr(predicate, "__name__", "the condition")
            raise AssertionError(f"waited {timeout_s:g} s in vain for {name}")
        time.sleep(GRAIN_S)
