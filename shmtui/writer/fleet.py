"""The writers that this program started: each a real process, none of which outlives it unasked."""

import asyncio
import itertools
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from shmtui.sysv import lifecycle
from shmtui.sysv.errors import NotThere, Refused, ShmError
from shmtui.sysv.segment import Fingerprint, Identity
from shmtui.writer.child import Child, end_words, spawn
from shmtui.writer.patterns import PATTERNS
from shmtui.writer.spec import WriterSpec

ENDING_S = 1.0
"""How long an end is waited for, before the next stronger way is taken."""


@dataclass(frozen=True, slots=True)
class Writer:
    """What is known of one writer. A change gives a new value with the same number."""

    number: int
    """1, 2, 3 … in this program: pids and ids are reused, this is not."""
    pid: int
    spec: WriterSpec
    fingerprint: Fingerprint
    """Of its segment, when it was attached."""
    created: bool
    """It made the segment, it did not find it."""
    started: float
    """Unix seconds."""
    state: Literal["running", "stopped", "failed"] = "running"
    """Stopped: it ended as it was told to. Failed: `last_error` says why."""
    stays: bool = False
    """It was told to run on when this program ends."""
    last_error: str = ""
    exit_code: int | None = None
    """Negative: the signal that ended it. None: it runs."""

    @property
    def identity(self) -> Identity:
        return self.fingerprint.identity

    @property
    def shmid(self) -> int:
        return self.identity.shmid

    @property
    def key(self) -> int | None:
        """None: private."""
        return self.fingerprint.key or None


class Fleet:
    """Starts and ends writers. For one asyncio loop; `changed` is called with each new value."""

    def __init__(self, changed: Callable[[Writer], None] = lambda writer: None) -> None:
        self._changed = changed
        self._numbers = itertools.count(1)
        self._members: dict[int, _Member] = {}

    @property
    def writers(self) -> list[Writer]:
        """All, those that have ended too, in the order of their start."""
        return [member.writer for member in self._members.values()]

    @property
    def running(self) -> list[Writer]:
        return [writer for writer in self.writers if writer.state == "running"]

    async def start(self, spec: WriterSpec) -> Writer:
        """A new writer, once it has its segment. Raises ShmError in the writer's own words."""
        spec.validate()
        if PATTERNS[spec.pattern].values is None:
            raise Refused("pattern stdin needs an input: run `shmtui write` where it has one")
        child = await _spawned(spec)
        greeting = None
        try:
            greeting = await child.greeting()
        finally:
            if greeting is None:
                child.let_go()
        writer = Writer(next(self._numbers), child.pid, spec, *greeting, started=time.time())
        member = _Member(writer, child, self._changed)
        self._members[writer.number] = member
        self._changed(writer)
        return writer

    async def stop(self, writer: Writer) -> Writer:
        """Ends it: by its lifeline, after a second by SIGTERM, after another by SIGKILL."""
        member = self._members[writer.number]
        await member.stop()
        return member.writer

    async def stop_all(self) -> None:
        """Ends every one that runs, those too that were told to stay."""
        await asyncio.gather(*(self.stop(writer) for writer in self.running))

    def leave_running(self, writer: Writer) -> Writer:
        """Lets it run on when this program ends. Raises ShmError where it has ended already."""
        member = self._members[writer.number]
        member.leave_running()
        return member.writer

    async def close(self) -> None:
        """Ends all that were not told to stay, and lets go of those that were."""
        await asyncio.gather(*(self.stop(one) for one in self.running if not one.stays))
        for writer in self.running:
            await self._members[writer.number].let_go()


class _Member:
    """A writer's value as it is now, its process, and the task that waits for its end."""

    def __init__(self, writer: Writer, child: Child, changed: Callable[[Writer], None]) -> None:
        self.writer = writer
        self._child = child
        self._changed = changed
        self._stopping = False
        self._end = asyncio.create_task(self._wait(), name=f"writer {writer.pid}")

    async def stop(self) -> None:
        self._stopping = True
        if not self.writer.stays:
            self._child.hang_up()
            if await self._ends():
                return
        self._child.send(signal.SIGTERM)
        if await self._ends():
            return
        self._child.send(signal.SIGKILL)
        await asyncio.wait({self._end})

    def leave_running(self) -> None:
        self._child.stay()
        self._become(replace(self.writer, stays=True))

    async def let_go(self) -> None:
        self._end.cancel()
        await asyncio.wait({self._end})
        self._child.let_go()

    async def _ends(self) -> bool:
        done, _ = await asyncio.wait({self._end}, timeout=ENDING_S)
        return bool(done)

    async def _wait(self) -> None:
        code = await self._child.ended()
        left_behind = await self._remove_left_behind(code)
        words = "; ".join(filter(None, (self._why(code), left_behind)))
        state: Literal["stopped", "failed"] = "failed" if code and not self._stopping else "stopped"
        self._child.let_go()
        self._become(replace(self.writer, state=state, last_error=words, exit_code=code))

    def _why(self, code: int) -> str:
        if code == 0:
            return ""
        return self._child.last_words() or end_words(code)

    async def _remove_left_behind(self, code: int) -> str:
        """What a writer that was killed could not remove itself. Returns why it failed, or ""."""
        if code >= 0 or not (self.writer.spec.remove and self.writer.created):
            return ""
        try:
            await asyncio.to_thread(lifecycle.remove, self.writer.fingerprint, False)
        except NotThere:  # kernel.shm_rmid_forced did it, or another hand
            return ""
        except ShmError as error:
            return str(error)
        return ""

    def _become(self, writer: Writer) -> None:
        self.writer = writer
        self._changed(writer)


async def _spawned(spec: WriterSpec) -> Child:
    job = asyncio.ensure_future(asyncio.to_thread(spawn, spec))
    try:
        return await asyncio.shield(job)
    except asyncio.CancelledError:
        job.add_done_callback(_abandon)
        raise


def _abandon(job: "asyncio.Future[Child]") -> None:
    """The start was given up while the process was made: without a lifeline it ends by itself."""
    if not job.cancelled() and job.exception() is None:
        job.result().let_go()
