"""What may be changed: the one place that refuses under --read-only, and in other namespaces."""

from typing import Literal, NamedTuple

from shmtui.sysv.errors import Refused

Action = Literal[
    "create a segment",
    "remove a segment",
    "set permissions",
    "start a writer",
    "write into a segment",
]
"""What can be refused, in words."""


class Policy(NamedTuple):
    """The permissions that the person gave to the program itself."""

    read_only: bool = False
    elsewhere: str = ""
    """The other IPC namespace that is looked into, and what goes there; empty: it is our own."""

    @property
    def barred(self) -> str:
        """Why nothing may be changed, in a few words; empty: it may."""
        if self.read_only:
            return "--read-only"
        return "in another namespace" if self.elsewhere else ""

    def refuse(self, action: Action) -> None:
        """Raises Refused, in words, if `action` is not allowed to this run."""
        if self.read_only:
            raise Refused(f"it is --read-only: shmtui will not {action}")
        if self.elsewhere:
            raise Refused(f"shmtui will not {action} in another namespace: {self.elsewhere}")
