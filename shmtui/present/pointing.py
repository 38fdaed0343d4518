"""Where a number points to, if it is an address in a process that holds the segment."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from shmtui.present.words import visible
from shmtui.sysv.holders import Holder
from shmtui.sysv.segment import Identity, Segment

_NAMED = 2
"""Places that are named; more are counted."""

Place = tuple[Identity, int]
"""A segment, and the bytes from its start."""


def pointer_words(
    value: int,
    holders: Mapping[Identity, Sequence[Holder]],
    of: Identity,
    segments: Mapping[Identity, Segment],
) -> str:
    """`→ 0x40 of segment 5 (0x00000cea) in pid 1234 postgres`, safe to print; empty: nowhere.

    A value found in the segment `of` is looked up in what each of its holders maps of any segment.
    The same address may be another place in another process: all places are told, the one that
    most processes agree on first.
    """
    places = _places(value, holders, {holder.pid for holder in holders.get(of, ())})
    ranked = sorted(places.items(), key=lambda item: (-len(item[1]), item[0][0] != of))
    words = [_words(place, who, of, segments) for place, who in ranked[:_NAMED]]
    more = len(ranked) - len(words)
    return "; ".join(words) + (f"; and {more} more" if more else "")


def _places(
    value: int, holders: Mapping[Identity, Sequence[Holder]], pids: set[int]
) -> dict[Place, list[Holder]]:
    """Every place that the address is in these processes, and who has it there."""
    found: dict[Place, list[Holder]] = {}
    for identity, all_holders in holders.items():
        for holder in all_holders:
            if holder.pid in pids:
                for offset in _offsets(value, holder, identity.size):
                    found.setdefault((identity, offset), []).append(holder)
    return found


def _offsets(value: int, holder: Holder, size: int) -> Iterator[int]:
    """A mapping ends with a page; what lies behind the segment's end there is not of it."""
    for mapping in holder.mappings:
        offset = mapping.offset + value - mapping.start
        if mapping.start <= value < mapping.end and offset < size:
            yield offset


def _words(
    place: Place, who: Sequence[Holder], of: Identity, segments: Mapping[Identity, Segment]
) -> str:
    identity, offset = place
    named = segments.get(identity)
    name = "this segment" if identity == of else str(named or f"segment {identity.shmid}")
    return f"→ {offset:#x} of {name} in {_people(who)}"


def _people(who: Iterable[Holder]) -> str:
    first, *others = sorted(who, key=lambda holder: holder.pid)
    more = f" and {len(others)} more" if others else ""
    return f"pid {first.pid} {visible(first.command)}{more}"
