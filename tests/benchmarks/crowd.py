"""Many processes that do nothing: `python -I -S crowd.py COUNT SHMID EVERY`, until the input ends.

Each EVERY-th of them attaches the segment. They are forks of this process, which imports little, so
that each has some fifty mappings, as most programs have. Prints `ready MAPPINGS`.
"""

import ctypes
import os
import signal
import sys


def main(count: int, shmid: int, every: int) -> None:
    libc = ctypes.CDLL(None)
    libc.shmat.restype = ctypes.c_void_p
    ready, tell = os.pipe()
    pids = []
    for number in range(count):
        pid = os.fork()
        if not pid:
            if number % every == 0:
                libc.shmat(shmid, None, 0)
            os.write(tell, b".")
            while True:
                signal.pause()
        pids.append(pid)
    for _ in pids:
        os.read(ready, 1)
    with open("/proc/self/maps") as maps:
        print("ready", len(maps.readlines()), flush=True)
    sys.stdin.read()
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
