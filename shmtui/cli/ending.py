"""Ends that a command cleans up for: a closed terminal and a plain kill, as well as Ctrl+C."""

import contextlib
import signal
from collections.abc import Iterator

_ENDS = (signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def ends_as_ctrl_c() -> Iterator[None]:
    """Inside, these signals raise KeyboardInterrupt; ignored ones (nohup(1)) stay ignored."""
    before = {number: signal.getsignal(number) for number in _ENDS}
    for number, handler in before.items():
        if handler is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
