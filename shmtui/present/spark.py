"""Sparklines: how values moved, in one line."""

import math
from collections.abc import Iterable

_EIGHTHS = "▁▂▃▄▅▆▇█"


def spark(values: Iterable[int | float | None], width: int) -> str:
    """The last `width` values as `▁▂▃▄▅▆▇█`, scaled from their least to their most.

    A blank where there was no value, or one that is not finite. Values that never move are `▁`.
    """
    shown = list(values)[-width:] if width > 0 else []
    finite = [value for value in shown if value is not None and math.isfinite(value)]
    if not finite:
        return " " * len(shown)
    least, most = min(finite), max(finite)
    return "".join(
        " " if value is None or not math.isfinite(value) else _EIGHTHS[_eighth(value, least, most)]
        for value in shown
    )


def _eighth(value: int | float, least: int | float, most: int | float) -> int:
    if least == most:
        return 0
    # Halved: the range of two floats may be more than a float can hold.
    share = (value / 2 - least / 2) / (most / 2 - least / 2)
    return min(len(_EIGHTHS) - 1, int(share * len(_EIGHTHS)))
