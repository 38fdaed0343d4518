"""The segment that a writer writes into: made or taken, checked, and held attached to the end."""

import contextlib
import os
import re

import sysv_ipc

from shmtui.sysv import lifecycle
from shmtui.sysv.arguments import many
from shmtui.sysv.attachment import attach
from shmtui.sysv.content import choose
from shmtui.sysv.errors import (
    BadArgument,
    KeyTaken,
    NotAllowed,
    NotThere,
    Refused,
    ShmError,
)
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.limits import read_limits
from shmtui.sysv.listing import Table
from shmtui.sysv.segment import SHM_DEST, Segment
from shmtui.sysv.users import user_name
from shmtui.sysv.window import Consent
from shmtui.writer.preview import Attaches, plan
from shmtui.writer.spec import WriterSpec

_LOOKED_AT = 32
_EMPTY_OR_NUMBER = re.compile(rb"\0|-?[0-9]{1,20}\0| +(\0|\Z)", re.ASCII)
"""What may be written over without being told to: nothing yet, or a counter. A segment that
sysv_ipc made is all spaces."""


class Hold:
    """One attached segment. It stays attached, so its id cannot pass to another segment."""

    def __init__(self, memory: "sysv_ipc.SharedMemory", segment: Segment, created: bool) -> None:
        self._memory = memory
        self.segment = segment
        """Its row at the attach."""
        self.created = created

    def put(self, value: bytes) -> None:
        """Writes `value` at offset 0. Raises BadArgument, nothing written, where it is longer, and
        NotAllowed where the right to it was taken from us meanwhile."""
        size = self.segment.size
        if len(value) > size:
            raise BadArgument(
                f"{self.segment} has {many(size, 'byte')},"
                f" {len(value)} are needed for {_shown(value)}"
            )
        try:
            self._memory.write(value)  # asks for the size first, which needs the right to read
        except sysv_ipc.PermissionsError as error:
            raise NotAllowed(f"{self.segment}: its owner or mode was changed meanwhile") from error
        except sysv_ipc.ExistentialError as error:
            raise NotThere(f"{self.segment} is gone") from error

    def removed(self) -> bool:
        """Whether another hand removed it. One shmctl(IPC_STAT), however many segments there are;
        False also where the right to ask was taken from us."""
        try:
            return bool(self._memory.mode & SHM_DEST)
        except sysv_ipc.PermissionsError:
            return False
        except sysv_ipc.ExistentialError:
            return True

    def release(self, remove: bool) -> None:
        """Detaches; before that removes the segment if `remove`, and only if we made it."""
        try:
            if remove and self.created:
                _remove(self.segment)
        finally:
            self._memory.detach()


def take(spec: WriterSpec) -> Hold:
    """Makes or attaches the segment of `spec`. Raises ShmError, in words, nothing written."""
    try:
        return _take(spec)
    except KeyTaken:  # another hand made a segment with the key between our look and our call
        return _take(spec)


def _take(spec: WriterSpec) -> Hold:
    there = Table().read().segments.values()
    planned = plan(spec, there, read_limits(), os.geteuid(), user_name)
    if isinstance(planned, Attaches):
        if not spec.overwrite:
            _look_ahead(planned.segment)
        return _judged(attach(planned.segment, writable=True), planned.segment, spec)
    made = _row(lifecycle.make(spec.key, spec.size, spec.mode))
    try:
        return Hold(attach(made, writable=True), made, created=True)
    except ShmError:
        _remove(made)
        raise


def _look_ahead(segment: Segment) -> None:
    """Refuses already here what can be read without a trace: an attach, also one that ends in a
    refusal, overwrites the last pid and times. Where it cannot be read so, the attach shows it."""
    tap = choose(segment, (segment.lpid, segment.cpid), Consent.TRACELESS, Evidence()).tap
    if tap is None:
        return
    try:
        window = tap.read(0, min(_LOOKED_AT, segment.size))
    except NotThere:
        return
    if not any(gap.why != "never written" for gap in window.gaps):
        _check_head(window.data, segment)


def _judged(memory: "sysv_ipc.SharedMemory", expected: Segment, spec: WriterSpec) -> Hold:
    """An attached segment that was there before us, if it may be written into."""
    try:
        segment = _row(memory.id)
        if segment.fingerprint != expected.fingerprint:
            raise NotThere(f"{expected} was replaced or changed just now: try again")
        plan(spec, [segment], read_limits(), os.geteuid(), user_name)
        if not spec.overwrite:
            _check_head(bytes(memory.read(min(_LOOKED_AT, segment.size))), segment)
    except ShmError:
        memory.detach()
        raise
    return Hold(memory, segment, created=False)


def _check_head(head: bytes, segment: Segment) -> None:
    if not _EMPTY_OR_NUMBER.match(head):
        raise Refused(
            f"{segment} holds something else, it begins with {_shown(head)}:"
            " not written over without --overwrite"
        )


def _row(shmid: int) -> Segment:
    for segment in Table().read().segments.values():
        if segment.shmid == shmid:
            return segment
    raise NotThere(f"segment {shmid} was removed just now")


def _remove(segment: Segment) -> None:
    try:
        with contextlib.suppress(sysv_ipc.ExistentialError):
            sysv_ipc.remove_shared_memory(segment.shmid)
    except sysv_ipc.PermissionsError as error:
        raise NotAllowed(f"{segment} could not be removed: {error}") from error


def _shown(value: bytes) -> str:
    """The first bytes, as a literal that a terminal shows harmlessly."""
    return f"{value[:16]!r}{'…' if len(value) > 16 else ''}"
