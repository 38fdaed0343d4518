"""Making a segment on a person's behalf: allowed, done, and put on record."""

from shmtui.acts.log import ActivityLog
from shmtui.acts.policy import Policy
from shmtui.sysv import lifecycle
from shmtui.sysv.arguments import key_words, size_words
from shmtui.sysv.errors import ShmError


def create(key: int | None, size: int, mode: int, policy: Policy, log: ActivityLog) -> int:
    """The shmid of a new segment of `size` bytes; key None: private. Raises ShmError in words."""
    policy.refuse("create a segment")
    name = key_words(key)
    try:
        shmid = lifecycle.create(key, size, mode)
    except ShmError as error:
        log.record("create", f"segment ({name})", f"failed: {error}")
        raise
    log.record("create", f"segment {shmid} ({name})", f"done: {size_words(size)}, mode {mode:04o}")
    return shmid
