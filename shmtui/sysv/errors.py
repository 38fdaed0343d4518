"""The errors of this floor: each says what failed, on which segment, why, and what would help."""


class ShmError(Exception):
    """Any failure of the kernel's answer. `str(error)` is a sentence for the person."""


class NotThere(ShmError):
    """No such segment: it was removed, or never was."""


class NotAllowed(ShmError):
    """The mode, the owner or a missing privilege forbids it."""


class Refused(ShmError):
    """We will not do it, although the kernel would: the words say what it would destroy."""


class NoRoom(ShmError):
    """A limit of the namespace or of the machine is reached (ENOSPC, ENOMEM)."""


class BadArgument(ShmError):
    """A key, size, mode or offset that no segment can have (EINVAL)."""


class KeyTaken(ShmError):
    """Another segment has the key already (EEXIST)."""
