"""A process in an IPC namespace of its own: `python -m tests.elsewhere SIZE HEX`.

It makes a segment of SIZE bytes, writes HEX at the start of each page, says its shmid, and holds it
until its input ends. The namespace goes with it.
"""

import ctypes
import mmap
import sys

from tests import kernel
from tests.private import enter_private_ipc


def main(size: str, data: str) -> None:
    enter_private_ipc()
    shmid = kernel.shmget(0x5EED, int(size), kernel.IPC_CREAT | 0o600)
    address, content = kernel.shmat(shmid), bytes.fromhex(data)
    for offset in range(0, int(size), mmap.PAGESIZE):
        ctypes.memmove(address + offset, content, len(content))
    print(shmid, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
