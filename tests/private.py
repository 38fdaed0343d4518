"""Puts the calling process into an IPC namespace of its own, so that no test meets real segments.

Call it before the process has a second thread. Children inherit the namespace; it goes, with
everything in it, when the last of them ends (ipc_namespaces(7)).
"""

import ctypes
import os

CLONE_NEWUSER = 0x10000000
CLONE_NEWIPC = 0x08000000
CAPABILITY_VERSION_3 = 0x20080522  # linux/capability.h

_libc = ctypes.CDLL(None, use_errno=True)


class NamespaceError(Exception):
    """This machine gives us no IPC namespace of our own. `str(error)` says why."""


def enter_private_ipc() -> None:
    """Leaves the machine's IPC namespace; a plain user gets a user namespace around the new one.

    Raises NamespaceError where neither is allowed; the process then stays where it was.
    """
    if _unshare(CLONE_NEWIPC) == 0:
        return
    uid, gid = os.geteuid(), os.getegid()
    code = _unshare(CLONE_NEWUSER | CLONE_NEWIPC)
    if code:
        raise NamespaceError(
            f"no IPC namespace of our own: {os.strerror(code)}. Run as root, or where plain"
            " users may make user namespaces (user.max_user_namespaces > 0)"
        )
    _stay_who_we_are(uid, gid)
    _drop_capabilities()


def _unshare(flags: int) -> int:
    """0, or the errno of unshare(2)."""
    return ctypes.get_errno() if _libc.unshare(flags) else 0


def _stay_who_we_are(uid: int, gid: int) -> None:
    """Maps our own ids to themselves: tests that run as a plain user remain that user."""
    for name, line in (
        ("setgroups", "deny"),  # Asked for before gid_map by user_namespaces(7).
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(line)


def _drop_capabilities() -> None:
    """The new user namespace made us all-powerful in it, unlike every child that we exec."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    if _libc.capset(header, nothing):
        raise NamespaceError(f"capset: {os.strerror(ctypes.get_errno())}")
