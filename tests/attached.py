"""A process that attaches, writes, says `ready`, and stays attached until its input ends.

`python -m tests.attached SHMID OFFSET HEX`
"""

import ctypes
import sys

from tests.kernel import shmat


def main(shmid: str, offset: str, data: str) -> None:
    content = bytes.fromhex(data)
    ctypes.memmove(shmat(int(shmid)) + int(offset), content, len(content))
    print("ready", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
