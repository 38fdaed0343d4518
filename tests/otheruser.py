"""Runs a command as another user: `otheruser.py USER COMMAND…`, as root.

The interpreter, this checkout and the files named in the command often lie under a home that only
its owner may enter. In a mount namespace of our own each closed directory on the way to them is
covered by an open, empty one that holds only them, at the same path. Nobody else sees it.
Exits 126 with a line that begins with `otheruser:` where that cannot be done.
"""

import ctypes
import os
import pwd
import stat
import sys
from pathlib import Path
from typing import NoReturn

CLONE_NEWNS = 0x00020000
MS_BIND = 0x1000
MS_REC = 0x4000
MS_PRIVATE = 1 << 18

HOME = Path("/dev/shm/home")

_libc = ctypes.CDLL(None, use_errno=True)


def main(user: str, *argv: str) -> NoReturn:
    """Becomes `user`, with a new empty home, and then the command."""
    entry = pwd.getpwnam(user)
    try:
        _open_the_way(_needed(argv))
        _make_home(entry)
    except OSError as error:
        _refuse(str(error))
    os.environ.update(HOME=str(HOME), USER=user, LOGNAME=user)
    for name in [name for name in os.environ if name.startswith("XDG_")]:
        del os.environ[name]
    os.initgroups(user, entry.pw_gid)
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    if not os.access(sys.executable, os.X_OK):
        _refuse(f"{user} cannot reach {sys.executable}")
    os.execvp(argv[0], argv)


def _make_home(entry: pwd.struct_passwd) -> None:
    """A new home that goes with the command: in a file system of its own, over /dev/shm."""
    _mount("tmpfs", str(HOME.parent), "tmpfs")
    HOME.mkdir(mode=0o700)
    os.chown(HOME, entry.pw_uid, entry.pw_gid)


def _needed(argv: tuple[str, ...]) -> list[Path]:
    """Every file or directory that the command names or Python itself needs."""
    checkout = Path(__file__).resolve().parent.parent
    named = [Path(word) for word in argv if word.startswith("/") and Path(word).exists()]
    return [Path(sys.prefix), Path(sys.base_prefix), checkout, Path.cwd(), *named]


def _open_the_way(paths: list[Path]) -> None:
    if _libc.unshare(CLONE_NEWNS):
        raise OSError(ctypes.get_errno(), "a mount namespace of our own is not allowed here")
    _mount("none", "/", None, MS_REC | MS_PRIVATE)
    here = Path.cwd()
    held = [(path, os.open(path, os.O_PATH)) for path in dict.fromkeys(paths)]
    for path, descriptor in held:
        closed = _first_closed(path)
        if closed is not None:
            _mount("tmpfs", str(closed), "tmpfs")
        if not path.exists():
            _make_place(path, descriptor)
            _mount(f"/proc/self/fd/{descriptor}", str(path), None, MS_BIND | MS_REC)
    for _, descriptor in held:
        os.close(descriptor)
    os.chdir(here)  # The way there may now be another one.


def _first_closed(path: Path) -> Path | None:
    """The highest directory above `path` that others may not enter."""
    for parent in reversed(path.parents):
        if parent.exists() and not parent.stat().st_mode & stat.S_IXOTH:
            return parent
    return None


def _make_place(path: Path, descriptor: int) -> None:
    """An empty place of the same kind, to mount the real thing on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if stat.S_ISDIR(os.fstat(descriptor).st_mode):
        path.mkdir()
    else:
        path.touch()


def _mount(source: str, target: str, kind: str | None, flags: int = 0) -> None:
    """mount(2). A new tmpfs is entered by everybody (mode 1777)."""
    words = [None if word is None else word.encode() for word in (source, target, kind)]
    if _libc.mount(*words, ctypes.c_ulong(flags), None):
        code = ctypes.get_errno()
        raise OSError(code, f"mount {target}: {os.strerror(code)}")


def _refuse(reason: str) -> NoReturn:
    print(f"otheruser: {reason}", file=sys.stderr)
    sys.exit(126)


if __name__ == "__main__":
    os.umask(0o022)
    main(*sys.argv[1:])
