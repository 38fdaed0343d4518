"""A process that attaches, writes, says `ready`, and stays attached until its input ends.

`python -m tests.attached SHMID OFFSET HEX [NAME]`, the name being what the kernel calls it.
"""

import ctypes
import os
import sys

from tests.kernel import shmat

PR_SET_NAME = 15  # linux/prctl.h


def main(shmid: str, offset: str, data: str, name: str = "") -> None:
    if name:
        ctypes.CDLL(None).prctl(PR_SET_NAME, os.fsencode(name), 0, 0, 0)
    content = bytes.fromhex(data)
    ctypes.memmove(shmat(int(shmid)) + int(offset), content, len(content))
    print("ready", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
