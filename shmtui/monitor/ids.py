"""Shmids in the order in which the kernel gives them out, and how many it gave out unseen.

An id is sequence * 32768 + index. The index cycles over max(64, 1.5 * segments in use), the
sequence goes up at each wrap and starts again after 65534 (ipc_idr_alloc in ipc/util.c).
"""

from collections.abc import Collection, Iterable
from functools import reduce

_INDICES = 32768
_SEQUENCES = 65535
_CIRCLE = _INDICES * _SEQUENCES
_SMALLEST_CYCLE = 64


def newest(ids: Iterable[int], so_far: int = -1) -> int:
    """The one of `ids` and `so_far` that was given out last; -1: none."""
    known = [*ids, so_far] if so_far >= 0 else [*ids]
    if known and max(known) - min(known) < _CIRCLE // 2:  # mostly: the sequence did not start again
        return max(known)
    return reduce(lambda a, b: b if comes_after(b, a) else a, known, so_far)


def comes_after(later: int, earlier: int) -> bool:
    """The sequence is a circle: after is what lies in the half ahead."""
    return 0 < (later - earlier) % _CIRCLE < _CIRCLE // 2


def given_out(after: int, until: int, in_use: int, living: Collection[int]) -> int:
    """About how many ids were given out after `after`, `until` included, which comes later.

    `in_use`: segments at a time; `living`: ids that were there all along, whose indices were
    skipped. Exact while the population is small and steady; wrong by a factor of 2 to 5 where it
    swings, as the cycle swings with it.
    """
    cycle = min(max(_SMALLEST_CYCLE, in_use * 3 // 2), _INDICES)
    wraps = (until // _INDICES - after // _INDICES) % _SEQUENCES
    first, last = after % _INDICES, until % _INDICES
    indices = [index for shmid in living if (index := shmid % _INDICES) < cycle]
    skipped = sum(wraps + (index < last) - (index <= first) for index in indices)
    return max(wraps * cycle + last - first - skipped, 1)
