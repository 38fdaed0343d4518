"""What this run of the program may change: the one place that refuses under --read-only."""

from typing import NamedTuple

from shmtui.sysv.errors import Refused


class Policy(NamedTuple):
    """The permissions that the person gave to the program itself."""

    read_only: bool = False

    def refuse(self, action: str) -> None:
        """Raises Refused, in words, if `action` (`create a segment`) is not allowed to this run."""
        if self.read_only:
            raise Refused(f"it is --read-only: shmtui will not {action}")
