"""The tmpfs mounts that we see, and the memory that their files take."""

import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from shmtui.sysv.errors import ShmError

_KINDS = ("tmpfs", "devtmpfs")
_ESCAPE = re.compile(r"\\([0-7]{3})")


class Tmpfs(NamedTuple):
    """One file system in memory, once however often it is mounted."""

    path: str
    """Where it is mounted first, raw: foreign text."""
    used: int | None
    """Bytes of its files, those that are swapped out too; None: mounted with size=0, which
    tells nothing (shmem_statfs() in mm/shmem.c)."""
    size: int | None
    """Bytes that it may grow to; None likewise."""


def tmpfs_mounts() -> tuple[Tmpfs, ...]:
    """Those of our mount namespace, the fullest first. Raises ShmError.

    One beneath another mount, or whose path we may not reach, is left out.
    """
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:
            mounts = list(_mounts(file))
    except OSError as error:
        raise ShmError(f"the mounts cannot be listed: {error.strerror}") from error
    found: dict[int, Tmpfs] = {}
    for device, path in mounts:
        if device not in found and (mount := _look(device, path)):
            found[device] = mount
    return tuple(sorted(found.values(), key=lambda mount: (-(mount.used or 0), mount.path)))


def _mounts(lines: Iterator[str]) -> Iterator[tuple[int, str]]:
    """(device, path) from lines like `27 25 0:23 / /dev/shm rw - tmpfs tmpfs rw` (proc(5))."""
    for line in lines:
        before, _, after = line.partition(" - ")
        if after.split(" ", 1)[0] in _KINDS:
            device, _, path = before.split(" ")[2:5]
            major, _, minor = device.partition(":")
            yield os.makedev(int(major), int(minor)), _unescaped(path)


def _unescaped(path: str) -> str:
    """The kernel writes a blank as `\\040`."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 8)), path)


def _look(device: int, path: str) -> Tmpfs | None:
    try:
        if os.stat(path).st_dev != device:
            return None
        stat = os.statvfs(path)
    except OSError:  # beneath a directory that we may not enter, or unmounted meanwhile
        return None
    if not stat.f_blocks:
        return Tmpfs(path, None, None)
    used = (stat.f_blocks - stat.f_bfree) * stat.f_frsize
    return Tmpfs(path, used, stat.f_blocks * stat.f_frsize)
