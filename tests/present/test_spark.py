"""Sparklines."""

import math
import struct

from hypothesis import given
from hypothesis import strategies as st

from shmtui.present.spark import spark


@given(st.lists(st.none() | st.floats() | st.integers(-(2**63), 2**64 - 1)), st.integers(0, 40))
def test_sparkline_of_anything_has_a_cell_for_each_value(
    values: list[int | float | None], width: int
) -> None:
    cells = spark(values, width)
    assert len(cells) == min(width, len(values))
    shown = values[len(values) - len(cells) :]
    for cell, value in zip(cells, shown, strict=True):
        assert (cell == " ") == (value is None or not math.isfinite(value))


def test_sparkline_goes_from_the_least_to_the_most() -> None:
    assert spark(range(8), 8) == "▁▂▃▄▅▆▇█"
    assert spark([5, 5, 5], 8) == "▁▁▁"
    assert spark([0, None, 1], 8) == "▁ █"
    assert spark([math.nan, 0, math.inf, 1], 8) == " ▁ █"
    assert spark([99, 0, 1], 2) == "▁█"
    largest = struct.unpack("<d", b"\xff" * 6 + b"\xef\x7f")[0]
    assert spark([-largest, largest], 8) == "▁█"
