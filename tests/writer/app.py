"""A program that starts two writers, leaves the second running, says their pids, and waits.

What the app does, without its screen: to be ended in every way that a program can be ended.
"""

import asyncio
import signal
import sys

from shmtui.writer.fleet import Fleet
from shmtui.writer.spec import WriterSpec


async def main() -> None:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    fleet = Fleet()
    spec = WriterSpec(key=None, remove=True, interval_s=0.05)
    one = await fleet.start(spec)
    other = fleet.leave_running(await fleet.start(spec))
    print(one.pid, one.shmid, other.pid, other.shmid, flush=True)
    await ended.wait()
    await fleet.close()
    print("closed", flush=True)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
