"""Many processes that do nothing: `python -I -S crowd.py COUNT SHMIDS EVERY MAPPINGS`.

Each EVERY-th of them attaches the segments, which commas part. They are forks of this process,
which maps its program again until it has so many mappings (about fifty come by themselves). Prints
`ready MAPPINGS`, and ends them when its input ends.
"""

import ctypes
import mmap
import os
import signal
import sys


def main(count: int, shmids: list[int], every: int, mappings: int) -> None:
    kept = _more(mappings - _mappings())
    libc = ctypes.CDLL(None)
    libc.shmat.restype = ctypes.c_void_p
    ready, tell = os.pipe()
    pids = []
    for number in range(count):
        pid = os.fork()
        if not pid:
            for shmid in shmids if number % every == 0 else ():
                libc.shmat(shmid, None, 0)
            os.write(tell, b".")
            while True:
                signal.pause()
        pids.append(pid)
    for _ in pids:
        os.read(ready, 1)
    print("ready", _mappings(), flush=True)
    sys.stdin.read()
    del kept
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _more(count: int) -> list[mmap.mmap]:
    """Private mappings of a file, of which no two are merged: all begin at its start."""
    with open(sys.executable, "rb") as file:
        return [
            mmap.mmap(file.fileno(), mmap.PAGESIZE, mmap.MAP_PRIVATE, mmap.PROT_READ)
            for _ in range(count)
        ]


def _mappings() -> int:
    with open("/proc/self/maps") as maps:
        return len(maps.readlines())


if __name__ == "__main__":
    count, shmids, every, mappings = sys.argv[1:]
    main(int(count), [int(it) for it in shmids.split(",")], int(every), int(mappings))
