"""What a writer would do with the segments and limits that are there: decided without doing it."""

import stat
from collections.abc import Callable, Iterable
from typing import NamedTuple

from shmtui.sysv.arguments import size_words
from shmtui.sysv.errors import BadArgument, KeyTaken, NoRoom, NotAllowed, Refused
from shmtui.sysv.failures import failure
from shmtui.sysv.limits import Limits, used_by
from shmtui.sysv.segment import Segment
from shmtui.writer.spec import WriterSpec

_OWNER_READS_AND_WRITES = stat.S_IRUSR | stat.S_IWUSR

Names = Callable[[int], str]
"""From a uid to a name. Injected: looking one up can wait for a directory server."""


class Creates(NamedTuple):
    """No segment has the key: a new one is made."""

    spec: WriterSpec
    short_lived: bool
    """kernel.shm_rmid_forced is 1: the segment goes with its last detach."""

    def __str__(self) -> str:
        key = "a private segment" if self.spec.key is None else f"{self.spec.key:#010x}"
        end = "; goes with its last detach (shm_rmid_forced)" if self.short_lived else ""
        return f"creates {key}, {size_words(self.spec.size)}, {_letters(self.spec.mode)}{end}"


class Attaches(NamedTuple):
    """The segment that has the key is written into."""

    segment: Segment

    def __str__(self) -> str:
        words = f"{size_words(self.segment.size)}, {_letters(self.segment.mode)}"
        return f"attaches to id {self.segment.shmid}, {words}"


Plan = Creates | Attaches


def plan(
    spec: WriterSpec, segments: Iterable[Segment], limits: Limits, me: int, name: Names = str
) -> Plan:
    """What a writer of uid `me` does. Raises ShmError, in words, where it would do nothing.

    What the segment holds is not looked at here: only an attach shows it.
    """
    spec.validate()
    table = list(segments)
    there = _with_key(spec.key, table)
    if there is not None:
        _check_existing(spec, there, limits, me, name)
        return Attaches(there)
    _check_new(spec, table, limits)
    return Creates(spec, limits.rmid_forced)


def _with_key(key: int | None, segments: Iterable[Segment]) -> Segment | None:
    """A doomed segment has lost its key. While segments come and go the table may show a key
    twice; the later row is the newer look."""
    found = [one for one in segments if key is not None and one.key == key and not one.doomed]
    return found[-1] if found else None


def _check_existing(
    spec: WriterSpec, segment: Segment, limits: Limits, me: int, name: Names
) -> None:
    if spec.new:
        raise KeyTaken(f"{segment} has that key already")
    if spec.size > segment.size:
        raise BadArgument(
            f"{segment} has {size_words(segment.size)}, less than the {size_words(spec.size)}"
            " asked for (shmget: EINVAL)"
        )
    ours = me in (segment.uid, segment.cuid)
    if not ours and not spec.overwrite:
        raise Refused(
            f"{segment}: owner {name(segment.uid)}, made by {name(segment.cuid)}; you are"
            f" {name(me)}. It is not yours to write into without --overwrite"
        )
    may_write = segment.mode & _OWNER_READS_AND_WRITES == _OWNER_READS_AND_WRITES
    # The creator counts as the owner (ipcperms() in ipc/util.c); root is not asked.
    if ours and me != 0 and not may_write:
        raise NotAllowed(
            f"{segment}: mode {segment.mode:04o} does not let its owner {name(me)} write"
        )
    if limits.rmid_forced and segment.nattch == 0 and not spec.overwrite:
        raise Refused(
            f"{segment}: nobody has it attached and kernel.shm_rmid_forced is 1, so the end of a"
            " writer would destroy it. --overwrite does it all the same"
        )


def _check_new(spec: WriterSpec, table: list[Segment], limits: Limits) -> None:
    """Whether a new segment can be made, and attached."""
    if spec.mode & _OWNER_READS_AND_WRITES != _OWNER_READS_AND_WRITES:
        raise BadArgument(f"mode {spec.mode:04o}: the writer itself needs at least 0600")
    found = failure(spec.size, limits, used_by(table))
    if found is not None:
        raise (BadArgument if found.error == "EINVAL" else NoRoom)(found.why)


def _letters(mode: int) -> str:
    return stat.filemode(mode)[1:]
