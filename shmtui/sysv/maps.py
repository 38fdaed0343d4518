"""The segments that one process maps, from its `/proc/PID/maps`."""

import mmap
import os
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from shmtui.sysv.pages import PAGE_SIZE
from shmtui.sysv.segment import Identity

_NAME = re.compile(rb"/SYSV[0-9a-f]{8}(?: \(deleted\))?")
_MAP_HUGETLB = 0x40000
_MAP_NORESERVE = 0x4000
_MAP_HUGE_SHIFT = 26
_HUGE_SIZES = "/sys/kernel/mm/hugepages"


class Mapping(NamedTuple):
    """One mapping of a segment in a process."""

    start: int
    end: int
    """Addresses in the process; `end` is the first byte after it."""
    offset: int
    """Bytes from the start of the segment to the first byte mapped."""
    access: str
    """`r`, `rw`, `rx`, `rwx`; empty where mprotect took everything."""


class Found(NamedTuple):
    """A mapping of some segment."""

    shmid: int
    """The file's inode, which is the shmid (ipc/shm.c, newseg)."""
    page_size: int
    """Bytes; more than PAGE_SIZE for a segment of huge pages."""
    mapping: Mapping


def find(pid: int | str) -> list[Found]:
    """Every mapping of a segment in a process (or `self`), of whatever IPC namespace it is.

    Shared anonymous memory lies on the segments' device too, with inodes that may equal a shmid,
    so the name is asked for. Raises OSError: EACCES where we may not ptrace it, ENOENT or ESRCH
    where it is gone.
    """
    with open(f"/proc/{pid}/maps", "rb", buffering=0) as file:
        return parse(file.read())


def parse(text: bytes) -> list[Found]:
    """The same, from the text of a maps file (proc_pid_maps(5))."""
    if b"/SYSV" not in text:
        return []
    lines = (line for line in text.split(b"\n") if b"/SYSV" in line)
    return [found for line in lines if (found := _parse(line))]


def of(pid: int, identity: Identity) -> tuple[Mapping, ...]:
    """The mappings of this segment in a process; none where it is in another IPC namespace.

    Raises PermissionError where we may not look.
    """
    try:
        found = find(pid)
        return select(found, identity) if found and namespace_of(pid) == identity.namespace else ()
    except (FileNotFoundError, ProcessLookupError):
        return ()


def select(found: list[Found], identity: Identity) -> tuple[Mapping, ...]:
    """Those with the segment's id that end within its size."""
    return tuple(it.mapping for it in found if it.shmid == identity.shmid and fits(it, identity))


def fits(found: Found, identity: Identity) -> bool:
    """The mapping ends within the segment, rounded up to its pages."""
    size = -(-identity.size // found.page_size) * found.page_size
    return found.mapping.offset + found.mapping.end - found.mapping.start <= size


def namespace_of(pid: int | str) -> int:
    """Inode of its IPC namespace. Raises OSError as `find` does."""
    return os.stat(f"/proc/{pid}/ns/ipc").st_ino


@cache
def devices() -> dict[bytes, int]:
    """Device `major:minor` of the kernel's files for segments -> bytes of a page there.

    Learned from shared anonymous mappings of our own: they lie on the same internal file systems
    (mm/shmem.c; fs/hugetlbfs/inode.c has one for each page size). The huge ones reserve no page.
    """
    found = {_anonymous(PAGE_SIZE, 0): PAGE_SIZE}
    for size in _huge_page_sizes():
        device = _anonymous(size, _MAP_HUGETLB | _MAP_NORESERVE | _order(size))
        found.setdefault(device, size)
    found.pop(b"", None)
    return found


def huge_page_size(device: int) -> int | None:
    """Bytes of a page of the file system `device` (st_dev), or None where pages are ordinary."""
    name = b"%02x:%02x" % (os.major(device), os.minor(device))
    size = devices().get(name, PAGE_SIZE)
    return size if size > PAGE_SIZE else None


def is_segment_device(device: int) -> bool:
    """Files of segments lie on the file system `device` (st_dev)."""
    return b"%02x:%02x" % (os.major(device), os.minor(device)) in devices()


def _parse(line: bytes) -> Found | None:
    """`7f00-7f01 rw-s 00000000 00:01 5   /SYSV0badcafe (deleted)`; None: not a segment."""
    addresses, perms, offset, device, inode, name = line.split(None, 5)
    page_size = devices().get(device)
    if page_size is None or perms[3:4] != b"s" or not _NAME.fullmatch(name):
        return None
    start, _, end = addresses.partition(b"-")
    access = perms[:3].replace(b"-", b"").decode()
    mapping = Mapping(int(start, 16), int(end, 16), int(offset, 16), access)
    return Found(int(inode), page_size, mapping)


def _huge_page_sizes() -> Iterator[int]:
    """Bytes, from names like `hugepages-2048kB`; none where the kernel has no huge pages."""
    try:
        names = os.listdir(_HUGE_SIZES)
    except FileNotFoundError:
        return
    for name in names:
        yield int(name.removeprefix("hugepages-").removesuffix("kB")) * 1024


def _order(size: int) -> int:
    return (size.bit_length() - 1) << _MAP_HUGE_SHIFT


def _anonymous(size: int, flags: int) -> bytes:
    """The device of a new shared anonymous mapping; empty where the kernel refuses it."""
    import ctypes  # only here: whoever wants no holders need not wait for it

    try:
        memory = mmap.mmap(-1, size, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS | flags)
    except OSError:
        return b""
    with memory:
        start = b"%x-" % ctypes.addressof(ctypes.c_char.from_buffer(memory))
        with open("/proc/self/maps", "rb", buffering=0) as file:
            lines = file.read().split(b"\n")
    return next((line.split(None, 4)[3] for line in lines if line.startswith(start)), b"")
