"""What columns make of a row's raw numbers. Each takes what the column's source gives."""

import stat

from shmtui.sysv import pages
from shmtui.sysv.processes import Process
from shmtui.sysv.segment import SHM_DEST, SHM_LOCKED


def key(key_and_perms: tuple[int, int]) -> int | None:
    """0: private. None: doomed, which takes the key away."""
    number, perms = key_and_perms
    return None if perms & SHM_DEST else number


def key_hex(key_and_perms: tuple[int, int]) -> str | None:
    number = key(key_and_perms)
    return None if number is None else f"{number:#010x}"


def private(key_and_perms: tuple[int, int]) -> bool | None:
    number = key(key_and_perms)
    return None if number is None else number == 0


def mode(perms: int) -> str:
    """Four octal digits, without the flags."""
    return f"{perms & 0o777:04o}"


def letters(perms: int) -> str:
    """The nine letters, without the flags: `rw-r-----`."""
    return stat.filemode(perms & 0o777)[1:]


def doomed(perms: int) -> bool:
    return bool(perms & SHM_DEST)


def locked(perms: int) -> bool:
    return bool(perms & SHM_LOCKED)


def some(number: int) -> int | None:
    """Pid 0 is a process outside of our pid namespace, or none; time 0 is never."""
    return number or None


def command(process: Process | None) -> str | None:
    return None if process is None else process.command


def huge_pages(rss_and_size: tuple[int | None, int]) -> bool | None:
    """As far as the row tells: see sysv.pages."""
    return pages.huge_pages(*rss_and_size)


def resident(rss_and_size: tuple[int | None, int]) -> int | None:
    """Bytes; None where unknown, and where the kernel counts huge pages wrongly."""
    return None if huge_pages(rss_and_size) else rss_and_size[0]
