"""What this run of the program may change: the one place that refuses under --read-only."""

from typing import Literal, NamedTuple

from shmtui.sysv.errors import Refused

Action = Literal[
    "create a segment",
    "remove a segment",
    "set permissions",
    "start a writer",
    "write into a segment",
]
"""What --read-only refuses, in words."""


class Policy(NamedTuple):
    """The permissions that the person gave to the program itself."""

    read_only: bool = False

    def refuse(self, action: Action) -> None:
        """Raises Refused, in words, if `action` is not allowed to this run."""
        if self.read_only:
            raise Refused(f"it is --read-only: shmtui will not {action}")
