"""Names of users and groups by number, cached.

A look-up can wait for a directory server: never do it on a UI thread.
"""

import grp
import os
import pwd
from functools import cache


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
