"""Where the shared memory of the machine went: System V, and everything else that counts as it."""

import os
from collections.abc import Sequence
from typing import Any, NamedTuple

from shmtui.monitor.resources import Resources
from shmtui.present import document
from shmtui.present.words import visible
from shmtui.sysv.arguments import many, size_words
from shmtui.sysv.huge_pages import HugePages
from shmtui.sysv.memory_use import Memory
from shmtui.sysv.shared_files import SharedFile

_NAMED = 3
"""Mounts and files of one kind that are named; the others are summed up."""


class Part(NamedTuple):
    """One kind of memory that the kernel counts as Shmem."""

    name: str
    size: int
    """Bytes."""
    largest: tuple[str, ...]
    """The largest of it, in words, safe to print."""
    words: str
    """What it is."""


def parts(resources: Resources) -> tuple[Part, ...]:
    """What could be counted, System V first. Swapped pages of files count too, so the sum may
    exceed Shmem."""
    return (
        Part("System V", resources.resident or 0, (), "the segments of this IPC namespace"),
        _tmpfs(resources),
        _files(resources, "memfd", "files without a name in any directory"),
        _files(resources, "anonymous", "MAP_SHARED without a file, such as shared buffers"),
    )


def memory_lines(resources: Resources) -> tuple[str, ...]:
    """A verdict, then a line for each part. Safe to print."""
    if resources.memory is None or resources.resident is None:
        return ("cannot be told", *map(visible, resources.caveats))
    memory, counted = resources.memory, parts(resources)
    rows = [("KIND", "SIZE", "WHAT")]
    for part in counted:
        words = ", ".join(part.largest) if part.largest else part.words
        rows.append((part.name, size_words(part.size), words))
    rows.append(("not found", size_words(_missing(memory, counted)), _why_missing(resources)))
    table = document.table(rows, ("left", "right"))
    return (*_conclusion(memory, counted), *table, *map(visible, resources.caveats))


def memory_document(resources: Resources) -> dict[str, Any]:
    """The same for JSON; bytes."""
    files = resources.shared_files
    return {
        "memory": resources.memory and resources.memory._asdict(),
        "system_v_resident": resources.resident,
        "tmpfs": [mount._asdict() for mount in resources.tmpfs],
        "shared_files": [file._asdict() for file in files.files],
        "processes_unreadable": files.unreadable,
        "processes_stuck": list(files.stuck),
        "shared_files_complete": files.complete,
    }


def huge_page_lines(pools: Sequence[HugePages]) -> tuple[str, ...]:
    """Total, free and reserved of each page size. Safe to print."""
    if not pools:
        return ("none: the kernel has no huge pages, or /sys is not mounted",)
    headings = ("PAGE", "TOTAL", "FREE", "RESERVED", "SURPLUS")
    rows = [(size_words(pool.page_size), *map(str, pool[1:])) for pool in pools]
    return tuple(document.table([headings, *rows], ("right",) * 5))


def _conclusion(memory: Memory, counted: Sequence[Part]) -> tuple[str, ...]:
    """`12G of 14G is not System V: look at /dev/shm (8.0G), memfd x of 1234 chrome (2.9G)`."""
    shmem = size_words(memory.shmem)
    other = memory.shmem - counted[0].size
    if other <= 0:
        return (f"{shmem} of memory is shared, all of it System V",)
    found = sorted(counted[1:], key=lambda part: -part.size)
    places = [part.largest[0] for part in found if part.largest]
    look = f": look at {', '.join(places)}" if places else ""
    return (f"{size_words(other)} of {shmem} is not System V{look}",)


def _tmpfs(resources: Resources) -> Part:
    used = [(mount.used, visible(mount.path)) for mount in resources.tmpfs if mount.used]
    largest = [f"{path} {size_words(size)}" for size, path in used]
    return Part("tmpfs", sum(size for size, _ in used), _first(largest), "files of tmpfs mounts")


def _files(resources: Resources, kind: str, words: str) -> Part:
    files = [file for file in resources.shared_files.files if file.kind == kind]
    largest = [_file(file) for file in files]
    return Part(kind, sum(file.size or 0 for file in files), _first(largest), words)


def _file(file: SharedFile) -> str:
    """`memfd:x of 1234 chrome+2 2.9G`."""
    more = f"+{len(file.pids) - 1}" if len(file.pids) > 1 else ""
    what = f"memfd:{visible(file.name)}" if file.kind == "memfd" else "memory"
    size = "?" if file.size is None else size_words(file.size)
    return f"{what} of {file.pids[0]} {visible(file.command) or 'gone'}{more} {size}"


def _first(largest: Sequence[str]) -> tuple[str, ...]:
    more = len(largest) - _NAMED
    return (*largest[:_NAMED], *([f"{more} more"] if more > 0 else []))


def _missing(memory: Memory, counted: Sequence[Part]) -> int:
    return max(0, memory.shmem - sum(part.size for part in counted))


def _why_missing(resources: Resources) -> str:
    files = resources.shared_files
    reasons = ["other IPC and mount namespaces, graphics"]
    if files.unreadable:
        hidden = many(files.unreadable, "process", "processes")
        helps = ": run as root" if os.geteuid() else ""  # a sandbox refuses root too
        reasons.append(f"{hidden} that we may not look into{helps}")
    if files.stuck:
        hung = many(len(files.stuck), "process", "processes")
        reasons.append(f"{hung} that cannot answer: {' '.join(map(str, files.stuck))}")
    if not files.complete:
        reasons.append("not all processes were looked at in time")
    return "; ".join(reasons)
