"""Another /proc for a command: mounted with other options, in a mount namespace of its own."""

import os
from collections.abc import Sequence

import pytest

_MOUNT_AND_RUN = 'mount -t proc -o "$0" proc /proc && exec "$@"'


def with_proc(options: str, argv: Sequence[str]) -> list[str]:
    """The command line that runs `argv` with proc(5) mounted with `options`. Root's only."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount another /proc")
    return ["unshare", "--mount", "sh", "-c", _MOUNT_AND_RUN, options, *argv]
