"""What happened from one snapshot to the next."""

from typing import NamedTuple

from shmtui.monitor import ids
from shmtui.monitor.attachments import marks
from shmtui.monitor.facts import Facts
from shmtui.monitor.snapshot import Snapshot
from shmtui.sysv.segment import Identity

_MOST_INDICES = 32768
"""Above this many segments (boot option ipcmni_extend) ids are put together in another way."""


class Changes(NamedTuple):
    """Those that came and those that went are sorted by shmid. An id that comes back with another
    creator, user or size is gone and appeared."""

    appeared: tuple[Identity, ...]
    gone: tuple[Identity, ...]
    changed: tuple[Identity, ...]
    """Anything in the facts differs. In the table's order."""
    attached_or_detached: bool
    """By others than ourselves: time to look at the holders."""
    came_and_went: int | None
    """About how many segments were made and removed unseen; None: it cannot be told."""


def compare(old: Snapshot | None, new: Snapshot) -> Changes:
    """The changes that lead from `old` to `new`; all appeared where there is no old one."""
    before = {} if old is None else old.facts
    after = new.facts
    appeared, gone, changed = _differences(before, after)
    moved = (
        any(after[it].evidence.nattch for it in appeared)
        or any(before[it].evidence.nattch for it in gone)
        or any(marks(before[it].evidence) != marks(after[it].evidence) for it in changed)
    )
    unseen = None if old is None else _came_and_went(old, new, appeared)
    return Changes(appeared, gone, changed, moved, unseen)


_Identities = tuple[Identity, ...]


def _differences(
    before: dict[Identity, Facts], after: dict[Identity, Facts]
) -> tuple[_Identities, _Identities, _Identities]:
    """Appeared, gone, changed. Unchanged facts are the same objects."""
    if before is after:
        return (), (), ()
    if len(before) == len(after):  # mostly nothing came or went: compare without a look-up each
        pairs = zip(before.values(), after.values(), strict=True)
        unlike = [(one, other) for one, other in pairs if one is not other]
        if all(one.segment.identity == other.segment.identity for one, other in unlike):
            return (), (), tuple(other.segment.identity for _, other in unlike)
    appeared = tuple(sorted(set(after).difference(before)))
    gone = tuple(sorted(set(before).difference(after)))
    changed = tuple(it for it, facts in after.items() if before.get(it, facts) is not facts)
    return appeared, gone, changed


def _came_and_went(old: Snapshot, new: Snapshot, appeared: _Identities) -> int | None:
    """From the ids: only where a new one survived, and the kernel alone chose it."""
    tellable = (
        appeared
        and new.namespace == old.namespace
        and new.limits.next_id == old.limits.next_id == -1
        and new.limits.shmmni <= _MOST_INDICES
        and old.newest >= 0
        and ids.comes_after(new.newest, old.newest)
    )
    if not tellable:
        return None
    living = [it.shmid for it in new.facts if it in old.facts]
    in_use = max(len(old.facts), len(new.facts))
    given_out = ids.given_out(old.newest, new.newest, in_use, living)
    return max(given_out - len(appeared), 0)
