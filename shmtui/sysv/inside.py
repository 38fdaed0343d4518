"""Where work is done: in the IPC namespace of this program, or for an instant in another one."""

from collections.abc import Callable
from typing import Protocol, TypeVar

_T = TypeVar("_T")


class Inside(Protocol):
    """Does work in one IPC namespace, and gives what it gives. See namespaces.inside."""

    def __call__(self, work: Callable[[], _T]) -> _T: ...


def here(work: Callable[[], _T]) -> _T:
    """In that of the calling thread."""
    return work()
