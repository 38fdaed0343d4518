"""One process of the scene: it makes segments, writes into them, and stays until its input ends.

`python -m screenshots.role ROLE`, a role being the JSON of its fields.
"""

import ctypes
import itertools
import json
import math
import os
import pwd
import select
import struct
import sys
import time

from screenshots.scene import Role
from tests import kernel
from tests.private import enter_private_ipc

PR_SET_NAME = 15  # linux/prctl.h
PAGE_BYTES = os.sysconf("SC_PAGESIZE")


def play(role: Role) -> list[int]:
    """Makes the role's segments, leaves them as the role has it; the addresses still attached."""
    held = []
    for number in range(role.copies):
        key = role.key + number if role.key else kernel.IPC_PRIVATE
        flags = role.mode | kernel.IPC_CREAT | kernel.IPC_EXCL | kernel.SHM_NORESERVE
        shmid = kernel.shmget(key, role.size, flags)
        address = kernel.shmat(shmid)
        for page in range(role.pages):
            put(address + page * PAGE_BYTES, f"{role.name} {number}.{page}".encode())
        if role.end == "doomed":
            kernel.rmid(shmid)
        if role.end in ("holds", "beats", "doomed"):
            held.append(address)
        else:
            kernel.shmdt(address)
    return held


def put(address: int, data: bytes) -> None:
    ctypes.memmove(address, data, len(data))


def beat(addresses: list[int]) -> None:
    """Each second a count, a time and some measured values, until the input ends."""
    for count in itertools.count():
        for place, address in enumerate(addresses):
            values = [20 + place + math.sin(count / 5 + n) for n in range(1 + count % 4)]
            put(
                address + 16, struct.pack(f"<IId{len(values)}d", count, place, time.time(), *values)
            )
            put(address + 128, f"reading {count}".encode())
        if select.select([sys.stdin], [], [], 1.0)[0]:
            return


def become(role: Role) -> None:
    """The kernel's name for the process, and its user where we are root."""
    ctypes.CDLL(None).prctl(PR_SET_NAME, role.name.encode(), 0, 0, 0)
    if os.geteuid() == 0:
        entry = pwd.getpwnam(role.user)
        os.initgroups(role.user, entry.pw_gid)
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)


if __name__ == "__main__":
    role = Role(**json.loads(sys.argv[1]))
    if role.elsewhere:
        enter_private_ipc()
    become(role)
    held = play(role)
    print("ready", flush=True)
    if role.end == "beats":
        beat(held)
    elif role.end != "orphan":
        sys.stdin.read()
