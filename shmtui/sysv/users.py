"""Names of users and groups by number, cached.

A look-up can wait for a directory server: never do it on a UI thread.
"""

import grp
import os
import pwd
from collections.abc import Callable
from functools import cache

from shmtui.sysv.errors import BadArgument

_MAX_ID = 2**32 - 2
"""One higher means "no change" to the kernel."""


@cache
def user_name(uid: int) -> str:
    """The login name of `uid`, or the number in words where nobody has it (getpwuid(3))."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def whoami() -> str:
    """`you are ops`: the effective user."""
    return f"you are {user_name(os.geteuid())}"


@cache
def group_name(gid: int) -> str:
    """The name of group `gid`, or the number in words where none has it (getgrgid(3))."""
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


def user_id(text: str) -> int:
    """The uid of a login name or a number. Raises BadArgument."""
    return _id("user", text, lambda name: pwd.getpwnam(name).pw_uid)


def group_id(text: str) -> int:
    """The gid of a group's name or a number. Raises BadArgument."""
    return _id("group", text, lambda name: grp.getgrnam(name).gr_gid)


def _id(what: str, text: str, look_up: Callable[[str], int]) -> int:
    """Names go first, as chown(1) has it: a name may consist of digits."""
    try:
        return look_up(text)
    except (KeyError, ValueError):  # ValueError: a NUL in it
        if not (text.isascii() and text.isdecimal() and len(text) < 11 and int(text) <= _MAX_ID):
            raise BadArgument(f"there is no {what} {text!r}") from None
        return int(text)
