"""Putting a dump, or a part of one, back into a segment: planned in words, then done and logged."""

import contextlib
import os
import stat
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NamedTuple

from shmtui.acts.log import ActivityLog
from shmtui.acts.policy import Policy
from shmtui.acts.strokes import Stroke, strokes, written
from shmtui.monitor.pace import Pace, Progress
from shmtui.sysv import rewrite
from shmtui.sysv.arguments import many, size_words
from shmtui.sysv.errors import BadArgument, ShmError
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.holders import scan
from shmtui.sysv.rewrite import Rewrite, rewriting
from shmtui.sysv.segment import Segment
from shmtui.sysv.status import look

_SPELL_S = 0.05
_NAMED = 4
"""Holders that are named."""


class LoadError(ShmError):
    """The file cannot be read as it was. `str(error)` names it and the cause."""


class LoadPlan(NamedTuple):
    """What a load would do."""

    segment: Segment
    path: Path
    offset: int
    """Bytes from the start of the segment."""
    length: int
    """Bytes: all of the file."""
    data: int
    """Bytes of the file that are written."""
    holes: int
    """Bytes of the file that are holes: they become zeros, whole pages of them are freed."""
    lines: tuple[str, ...]
    """The consequences, a sentence each; names of files and processes in it are foreign text."""


class Loaded(NamedTuple):
    """It is in the segment."""

    segment: Segment
    path: Path
    offset: int
    length: int


def plan(path: Path, segment: Segment, offset: int, policy: Policy) -> LoadPlan:
    """What would happen, nothing done. Looks through all processes: not for a UI thread.

    Raises Refused, BadArgument where it does not fit, LoadError, Gone, NotAllowed, ShmError.
    """
    policy.refuse("write into a segment")
    segment = look(segment)
    rewrite.check(segment)
    with _opened(path) as descriptor:
        length = os.fstat(descriptor).st_size
        _check_room(path, segment, offset, length)
        data = sum(part.end - part.start for part in written(descriptor, length))
    made = LoadPlan(segment, path, offset, length, data, length - data, ())
    return made._replace(lines=tuple(_consequences(made)))


def load(
    plan: LoadPlan, policy: Policy, log: ActivityLog, evidence: Evidence | None = None
) -> Generator[Progress | Loaded, None, None]:
    """Does it, attached read-write from spell to spell; ends with a Loaded.

    What becomes of it is logged, also a failure and a cancel (closing the generator): the segment
    is then half written. `evidence` keeps what our attaches overwrote. Raises as `plan` does, and
    NoRoom where the segment's pages cannot be had. Not for a UI thread.
    """
    policy.refuse("write into a segment")
    copy = _Copy(plan, evidence or Evidence())
    result = ""
    try:
        yield from copy.run()
        result = f"done: {many(plan.length, 'byte')} of {plan.path} at {plan.offset:#x}"
    except ShmError as error:
        result = f"failed: {error}. {copy}"
        if not copy.done:
            raise
        raise type(error)(f"{error}. {copy}") from error
    finally:
        log.record("load", str(plan.segment), result or f"cancelled. {copy}")
    yield Loaded(plan.segment, plan.path, plan.offset, plan.length)


class _Copy:
    """A load under way."""

    def __init__(self, plan: LoadPlan, evidence: Evidence) -> None:
        self._plan = plan
        self._evidence = evidence
        self.done = 0
        """Bytes from the file's start that are in the segment."""

    def __str__(self) -> str:
        of = f"of {many(self._plan.length, 'byte')} of {self._plan.path}"
        return f"Half written: {self.done} {of}" if self.done else f"Nothing {of} was written"

    def run(self) -> Iterator[Progress]:
        """Never attached while it yields: whoever takes the steps may take its time."""
        with _opened(self._plan.path) as descriptor:
            if os.fstat(descriptor).st_size != self._plan.length:
                raise self._changed()
            todo = strokes(descriptor, self._plan.length)
            pace = Pace(self._plan.length)
            while self.done < self._plan.length:
                self._spell(descriptor, todo)
                yield pace.at(self.done)

    def _spell(self, descriptor: int, todo: Iterator[Stroke]) -> None:
        """Attached for a moment: whoever reads the table waits meanwhile."""
        until = time.monotonic() + _SPELL_S
        with rewriting(self._plan.segment, self._evidence) as memory:
            for stroke in todo:
                if stroke.is_data:
                    self._fill(memory, descriptor, stroke)
                else:
                    memory.clear(self._plan.offset + stroke.start, stroke.end - stroke.start)
                self.done = stroke.end
                if time.monotonic() >= until:
                    return

    def _fill(self, memory: Rewrite, descriptor: int, stroke: Stroke) -> None:
        at = stroke.start
        while at < stroke.end:
            count = memory.fill(self._plan.offset + at, stroke.end - at, descriptor, at)
            if not count:
                raise self._changed()
            at += count

    def _changed(self) -> LoadError:
        return LoadError(f"{self._plan.path} was changed meanwhile")


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    """A descriptor of a plain file. An OSError inside becomes a LoadError that names it."""
    try:
        # O_NONBLOCK: a FIFO must not hang the program.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise LoadError(f"{path} is not a plain file")
            yield descriptor
        finally:
            os.close(descriptor)
    except OSError as error:
        raise LoadError(f"{path}: {error.strerror}") from error


def _check_room(path: Path, segment: Segment, offset: int, length: int) -> None:
    if not length:
        raise BadArgument(f"{path} is empty: there is nothing to load")
    if not 0 <= offset < segment.size:
        raise BadArgument(f"{segment} has {many(segment.size, 'byte')}: none at {offset}")
    room = segment.size - offset
    if length > room:
        raise BadArgument(
            f"{path} has {many(length, 'byte')}, {segment} has room for {room} from {offset:#x} on"
        )


def _consequences(plan: LoadPlan) -> Iterator[str]:
    segment, end = plan.segment, plan.offset + plan.length
    yield (
        f"{segment}: {size_words(plan.length)} of {size_words(segment.size)},"
        f" {plan.offset:#x} to {end:#x}, become those of {plan.path}: what is there now is lost"
    )
    if plan.holes:
        yield f"{size_words(plan.holes)} of the file are holes: zeros there, their memory is freed"
    yield _attached(segment)
    yield "its last pid, attach and detach time become ours; the activity log keeps this"


def _attached(segment: Segment) -> str:
    """Who may see it change under their hands."""
    if not segment.nattch:
        return "nobody has it attached"
    found = scan({segment.identity: segment}).holders.get(segment.identity, ())
    names = ", ".join(f"{holder.pid} {holder.command}" for holder in found[:_NAMED])
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    who = f": {names}{more}" if found else ", by processes that we cannot see"
    return f"attached {many(segment.nattch, 'time')}{who}; they see it change at once"
