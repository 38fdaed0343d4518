"""Where work is done: in the IPC namespace of this program, or for an instant in another one."""

import os
import sys
from collections.abc import Callable
from typing import Protocol, TypeVar

from shmtui.sysv.door import Door
from shmtui.sysv.listing import namespace, own_namespace

_CLONE_NEWIPC = 0x08000000

DOOR = Door()
"""To all other namespaces. Whoever stops this program shuts it before: a thread that is stopped in
there would keep that one."""

_T = TypeVar("_T")


class Inside(Protocol):
    """Does work in one IPC namespace, and gives what it gives. See namespaces.inside."""

    def __call__(self, work: Callable[[], _T]) -> _T: ...


def here(work: Callable[[], _T]) -> _T:
    """In that of the calling thread."""
    return work()


def enter(descriptor: int) -> None:
    """setns(2), of the calling thread alone. Raises OSError."""
    if sys.version_info >= (3, 12):
        os.setns(descriptor, _CLONE_NEWIPC)
        return
    import ctypes  # `shmtui list` enters none, and starts faster without it

    if ctypes.CDLL(None, use_errno=True).setns(descriptor, _CLONE_NEWIPC):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def go_home() -> None:
    """Back into that of the program: a thread begins where the one is that starts it, and would
    keep that one's namespace. Raises OSError, ShmError."""
    if namespace() == own_namespace():
        return
    descriptor = os.open("/proc/self/ns/ipc", os.O_RDONLY | os.O_CLOEXEC)
    try:
        enter(descriptor)
    finally:
        os.close(descriptor)
