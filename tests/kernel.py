"""Shared memory by raw system calls: what tests compare the program with."""

import ctypes
import functools
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

IPC_PRIVATE = 0
IPC_CREAT = 0o1000
IPC_EXCL = 0o2000
IPC_RMID = 0
SHM_RDONLY = 0o10000
SHM_NORESERVE = 0o10000
SHM_HUGETLB = 0o4000

ROOT = Path(__file__).resolve().parent.parent
TABLE = Path("/proc/sysvipc/shm")
NEXT_ID = Path("/proc/sys/kernel/shm_next_id")
"""Which shmid the next segment gets; only root may write it (proc(5))."""

_libc = ctypes.CDLL(None, use_errno=True)
_libc.shmget.argtypes = (ctypes.c_int, ctypes.c_size_t, ctypes.c_int)
_libc.shmat.argtypes = (ctypes.c_int, ctypes.c_void_p, ctypes.c_int)
_libc.shmat.restype = ctypes.c_void_p
_libc.shmdt.argtypes = (ctypes.c_void_p,)
_libc.mprotect.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
_libc.shmctl.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_void_p)

_FAILED_ADDRESS = ctypes.c_void_p(-1).value


def _fail(call: str) -> OSError:
    code = ctypes.get_errno()
    return OSError(code, f"{call}: {os.strerror(code)}")


def shmget(key: int, size: int, flags: int = 0o600) -> int:
    """The shmid. `key` is unsigned, 0 … 0xffffffff. Raises OSError."""
    shmid = int(_libc.shmget(ctypes.c_int(key).value, size, flags))
    if shmid < 0:
        raise _fail("shmget")
    return shmid


def shmat(shmid: int, flags: int = 0) -> int:
    """The address where the segment is mapped now. Raises OSError."""
    address = _libc.shmat(shmid, None, flags)
    if address is None or address == _FAILED_ADDRESS:
        raise _fail("shmat")
    return int(address)


def mprotect(address: int, length: int, protection: int) -> int:
    """0: done; mprotect(2)."""
    done: int = _libc.mprotect(address, length, protection)
    return done


def shmdt(address: int) -> None:
    if _libc.shmdt(address):
        raise _fail("shmdt")


def rmid(shmid: int) -> None:
    """IPC_RMID: gone at once, or with its last detach. Raises OSError."""
    if _libc.shmctl(shmid, IPC_RMID, None):
        raise _fail("shmctl(IPC_RMID)")


def row(shmid: int) -> str:
    """The segment's raw line in the table; "" where it has none."""
    for line in TABLE.read_text().splitlines()[1:]:
        if int(line.split(maxsplit=2)[1]) == shmid:
            return line
    return ""


def shmids() -> list[int]:
    """All ids of the table, in its order."""
    return [int(line.split(maxsplit=2)[1]) for line in TABLE.read_text().splitlines()[1:]]


def fill(shmid: int, data: bytes, offset: int = 0) -> None:
    """Writes into the segment by an attach of an instant: lpid, atime and dtime become ours."""
    address = shmat(shmid)
    ctypes.memmove(address + offset, data, len(data))
    shmdt(address)


def content(shmid: int, length: int, offset: int = 0) -> bytes:
    """Reads by an attach of an instant: lpid, atime and dtime become ours."""
    address = shmat(shmid, SHM_RDONLY)
    data = ctypes.string_at(address + offset, length)
    shmdt(address)
    return data


def as_user_argv(user: str, argv: Sequence[str | Path]) -> list[str]:
    """The command line that runs `argv` as another user, able to read what it names.

    Skips the test, saying why, where we are not root or that user cannot reach the interpreter.
    """
    import pytest  # only here: every child of the tests would wait for it

    if os.geteuid() != 0:
        pytest.skip(f"only root can become {user}")
    words = [sys.executable, str(ROOT / "tests" / "otheruser.py"), user]
    reason = _why_not(*words)
    if reason:
        pytest.skip(reason)
    return [*words, *map(str, argv)]


@functools.cache
def _why_not(*words: str) -> str:
    """What keeps the command line from becoming another user; "" where nothing does."""
    return subprocess.run([*words, "true"], capture_output=True, text=True).stderr.strip()


def as_user(
    user: str, argv: Sequence[str | Path], **options: Any
) -> subprocess.CompletedProcess[str]:
    """Runs `argv` to its end as `user`; options are those of subprocess.run.

    Output is captured as text, the time limited to a minute. Skips as as_user_argv does.
    """
    options = {"capture_output": True, "text": True, "timeout": 60, **options}
    return subprocess.run(as_user_argv(user, argv), **options)
