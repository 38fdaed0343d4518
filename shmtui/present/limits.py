"""The limits in words and for programs: what is used of each, how near it is, what it means."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from shmtui.monitor.resources import Resources
from shmtui.present import document
from shmtui.present.meanings import meanings
from shmtui.present.shared_memory import huge_page_lines, memory_document, memory_lines
from shmtui.present.words import visible
from shmtui.sysv.arguments import bytes_words, many, size_words
from shmtui.sysv.failures import failure, would_fail
from shmtui.sysv.limits import NEAR_SHARE, Bound, Limits, Used, nearest_bound
from shmtui.sysv.memory_use import Memory
from shmtui.sysv.pages import PAGE_SIZE
from shmtui.sysv.users import group_name


class Section(NamedTuple):
    """A part of the report: lines of words, safe to print, beneath a title."""

    title: str
    lines: tuple[str, ...]


def sections(resources: Resources, size: int | None = None) -> tuple[Section, ...]:
    """The whole report, in the order of reading; `size`: bytes of a shmget to foretell."""
    foretold = () if size is None else (Section("", (verdict(resources, size),)),)
    parts = (
        Section("Limits of this IPC namespace", (*_table(resources.bounds), nearest(resources))),
        Section("Settings", _lined(settings(resources))),
        Section("Where did the memory go", memory_lines(resources)),
        Section("Huge pages", huge_page_lines(resources.huge_pages)),
        Section("What the errors of shmget mean here", _lined(_meanings(resources))),
    )
    return foretold + parts


def verdict(resources: Resources, size: int) -> str:
    """Whether a shmget of `size` bytes would fail now, why, and what would help."""
    found = failure(size, *_state(resources))
    if found is None:
        return f"nothing speaks against a shmget of {bytes_words(size)} now"
    return f"{would_fail(size, *_state(resources))}. {found.remedy}"


def nearest(resources: Resources) -> str:
    """The limit of which most is used, in words."""
    first = nearest_bound(resources.bounds)
    if first is None:
        return "nearest: none is bounded"
    return f"nearest: {first.name}, {amount(first, first.used)} of {amount(first, first.limit)}"


def settings(resources: Resources) -> list[tuple[str, str, str]]:
    """(name, value, what it means here)."""
    forced, group = resources.limits.rmid_forced, resources.hugetlb_group
    kept = "a segment stays when nobody has it attached"
    gone = "a segment is destroyed with its last detach"
    may = "may take huge pages without CAP_IPC_LOCK"
    return [
        ("shm_rmid_forced", str(int(forced)), gone if forced else kept),
        (
            "hugetlb_shm_group",
            "?" if group is None else str(group),
            "cannot be told" if group is None else f"group {visible(group_name(group))} {may}",
        ),
    ]


def amount(bound: Bound, number: int | None) -> str:
    """A number of what the limit counts, pages as the bytes that they are; None: `unlimited`."""
    if number is None:
        return "unlimited"
    if bound.unit == "":
        return str(number)
    return size_words(number * PAGE_SIZE if bound.unit == "pages" else number)


def share_words(share: float | None, fills: bool = True) -> str:
    """`37%`, `81% NEAR`, `100% FULL`; empty where unlimited. Rounded down: 100% is reached. Of what
    does not fill without a mark."""
    if share is None:
        return ""
    if 0 < share < 0.01:
        return "<1%"
    mark = " FULL" if share >= 1 else " NEAR" if share >= NEAR_SHARE else ""
    return f"{int(share * 100)}%{mark * fills}"


def limits_document(resources: Resources, size: int | None = None) -> dict[str, Any]:
    """The report for programs, without its words where there are numbers. Sizes are bytes."""
    found = None if size is None else failure(size, *_state(resources))
    return {
        **document.head(resources.time),
        "limits": [{**one._asdict(), "share": one.share} for one in resources.bounds],
        "shm_rmid_forced": resources.limits.rmid_forced,
        "hugetlb_shm_group": resources.hugetlb_group,
        **memory_document(resources),
        "huge_pages": [pool._asdict() for pool in resources.huge_pages],
        "size": size,
        "would_fail": found and found._asdict(),
        "errors": [one._asdict() for one in meanings(resources)],
        "caveats": list(resources.caveats),
    }


def _state(resources: Resources) -> tuple[Limits, Used, Memory | None]:
    return resources.limits, resources.used, resources.memory


def _table(bounds: Iterable[Bound]) -> Iterable[str]:
    rows = [("LIMIT", "USED", "OF", "SHARE", "WHAT")]
    for one in bounds:
        count = f" ({many(one.used, 'page')})" if one.unit == "pages" else ""
        limit = amount(one, one.limit)
        words = f"{one.what}{count}"
        share = share_words(one.share, one.fills)
        rows.append((one.name, amount(one, one.used), limit, share, words))
    return document.table(rows, ("left", "right", "right", "left"))


def _meanings(resources: Resources) -> Iterable[tuple[str, ...]]:
    """A line for each of the words, the error's name before the first."""
    for error, words in meanings(resources):
        yield from zip((error, *[""] * len(words)), words, strict=False)


def _lined(rows: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(document.table(list(rows), ("left",)))
