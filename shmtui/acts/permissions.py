"""Setting mode, owner and group of a segment: planned in words, then done and logged."""

from collections.abc import Iterator
from typing import NamedTuple

from shmtui.acts.log import ActivityLog
from shmtui.acts.policy import Policy
from shmtui.sysv.errors import BadArgument, NotAllowed, ShmError
from shmtui.sysv.permissions import Permissions, denied, may_change, set_permissions
from shmtui.sysv.segment import Segment
from shmtui.sysv.status import refuse_doomed
from shmtui.sysv.users import group_name, user_name

_WHO = (("the owner", 6), ("the group", 3), ("others", 0))
_READ, _WRITE = 4, 2


class Change(NamedTuple):
    """What is to be different; None: stays as it is."""

    mode: int | None = None
    uid: int | None = None
    gid: int | None = None


class PermissionPlan(NamedTuple):
    """What would happen."""

    segment: Segment
    wanted: Permissions
    lines: tuple[str, ...]
    """The consequences, a sentence each; names of users in it are foreign text."""
    becomes: str
    """`mode 0640, owner ops, group ops`; foreign text as well."""


def plan(segment: Segment, change: Change, policy: Policy) -> PermissionPlan:
    """What it would do, nothing done. Looks up names: not on a UI thread.

    Raises Refused, NotAllowed, BadArgument where nothing would be different.
    """
    policy.refuse("set permissions")
    refuse_doomed(segment)
    if not may_change(segment):
        raise NotAllowed(denied(segment))
    now = Permissions.of(segment)
    given = {name: value for name, value in change._asdict().items() if value is not None}
    wanted = now._replace(**given)
    if wanted == now:
        raise BadArgument(f"{segment} has these permissions already: {_words(now)}")
    lines = tuple(_consequences(segment, now, wanted))
    return PermissionPlan(segment, wanted, lines, _words(wanted))


def execute(plan: PermissionPlan, policy: Policy, log: ActivityLog) -> Segment:
    """Does it; gives the row as it is then. Raises ShmError in words. Not for a UI thread."""
    policy.refuse("set permissions")
    change = f"{_words(Permissions.of(plan.segment))} → {plan.becomes}"
    result = "interrupted"
    try:
        now = set_permissions(plan.segment, plan.wanted)
        result = f"done: {change}"
    except ShmError as error:
        result = f"failed: {error}"
        raise
    finally:
        log.record("set", str(plan.segment), result)
    return now


def _words(permissions: Permissions) -> str:
    """`mode 0600, owner ops, group ops`."""
    owner, group = user_name(permissions.uid), group_name(permissions.gid)
    return f"mode {permissions.mode:04o}, owner {owner}, group {group}"


def _consequences(segment: Segment, now: Permissions, wanted: Permissions) -> Iterator[str]:
    yield f"{segment}: {_words(now)} become {_words(wanted)}"
    for who, shift in _WHO:
        yield from _rights(who, now.mode >> shift & 7, wanted.mode >> shift & 7)
    if wanted.uid != now.uid:
        yield from _given_away(segment, now, wanted)
    if segment.nattch:
        yield "who has it attached keeps it as it is: the kernel asks only when it is attached"
    yield "its change time becomes now; the activity log keeps this"


def _rights(who: str, before: int, after: int) -> Iterator[str]:
    """What changes for them (ipcperms in ipc/util.c): execution means nothing here."""
    for bit, verb in ((_READ, "read"), (_WRITE, "write")):
        if after & ~before & bit:
            warning = ": whoever is in this IPC namespace" if who == "others" else ""
            yield f"{who} may {verb} it from now on{warning}"
        if before & ~after & bit:
            yield f"{who} may not {verb} it any more"


def _given_away(segment: Segment, now: Permissions, wanted: Permissions) -> Iterator[str]:
    yield f"{user_name(wanted.uid)} may then remove it and set its permissions"
    if now.uid != segment.cuid:
        yield f"{user_name(now.uid)} may not any more"
    creator = user_name(segment.cuid)
    yield f"{creator} made it, and keeps these rights"
    if not may_change(segment._replace(uid=wanted.uid)):
        yield "you cannot take that back"
