"""Which segments this process keeps a descriptor of."""

import contextlib
import os


def open_segments() -> list[str]:
    """Their names, `/SYSV0badcafe (deleted)`."""
    names = []
    for descriptor in os.listdir("/proc/self/fd"):
        with contextlib.suppress(FileNotFoundError):  # that of the listing itself
            names.append(os.readlink(f"/proc/self/fd/{descriptor}"))
    return [name for name in names if name.startswith("/SYSV")]
