"""The map of a segment in one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shmtui.monitor.survey import SegmentMap
from shmtui.present.strip import LEGEND, offset_at, strip
from shmtui.present.words import cell_width
from shmtui.sysv.pages import PAGE_SIZE
from shmtui.sysv.window import PageCount

HOLE, IN, OUT = PageCount(0, 0, 10, 0), PageCount(10, 0, 0, 0), PageCount(0, 10, 0, 0)
UNKNOWN = PageCount(0, 0, 0, 10)
NOWHERE = (0, 0)


def pages(*slots: PageCount | None) -> SegmentMap:
    """Slots of one page each, whatever their counts say."""
    return SegmentMap(PAGE_SIZE * len(slots), slots)


def drawn(
    known: SegmentMap,
    width: int,
    window: tuple[int, int] = NOWHERE,
    lately: tuple[tuple[int, int], ...] = (),
) -> str:
    return "".join(cell.glyph for cell in strip(known, width, window, lately, known.size))


@pytest.mark.parametrize(
    ("count", "glyph"),
    [
        (HOLE, "·"),
        (PageCount(1, 0, 9, 0), "░"),
        (PageCount(5, 0, 5, 0), "▄"),
        (IN, "█"),
        (OUT, "s"),
        (PageCount(2, 3, 0, 0), "s"),
        (PageCount(3, 2, 0, 0), "▄"),
        (UNKNOWN, "?"),
        (PageCount(0, 0, 9, 1), "?"),
        (PageCount(1, 0, 0, 9), "░"),
        (None, "?"),
    ],
)
def test_each_state_of_memory_has_a_glyph_of_its_own(count: PageCount | None, glyph: str) -> None:
    assert drawn(pages(count), 3) == glyph * 3


def test_glyphs_are_told_apart_without_colour_and_take_one_cell() -> None:
    glyphs = [cell.glyph for cell, _ in LEGEND]
    assert len(set(glyphs)) == len(glyphs)
    assert all(cell_width(glyph) == 1 for glyph in glyphs)


def test_the_whole_segment_is_as_wide_as_the_pane() -> None:
    known = pages(IN, HOLE, OUT, HOLE)
    assert drawn(known, 8) == "██··ss··"
    assert drawn(known, 4) == "█·s·"
    assert drawn(known, 2) == "▄s"


def test_one_written_page_among_many_holes_is_seen() -> None:
    known = pages(*[HOLE] * 300, PageCount(1, 0, 9, 0), *[HOLE] * 211)
    # A slot may lie across two cells.
    assert drawn(known, 80).count("░") in (1, 2)


def test_what_was_seen_of_a_cell_counts_though_the_rest_was_not_looked_at() -> None:
    assert drawn(pages(IN, None), 1) == "█"
    assert drawn(pages(HOLE, None), 1) == "·"


def test_nothing_known_yet_is_no_hole() -> None:
    assert [cell.glyph for cell in strip(None, 4, NOWHERE, (), 4096)] == ["?"] * 4


def test_no_segment_is_no_map() -> None:
    assert strip(None, 80, NOWHERE, (), 0) == []
    assert strip(None, 0, NOWHERE, (), 4096) == []


def test_window_and_what_changed_lately_stand_where_they_are() -> None:
    known = pages(*[HOLE] * 10)
    size = PAGE_SIZE
    assert drawn(known, 10, (2 * size, size)) == "··▓·······"
    assert drawn(known, 10, NOWHERE, ((7 * size + 5, 7 * size + 6),)) == "·······!··"
    assert drawn(known, 10, (2 * size, 2 * size), ((3 * size, 6 * size),)) == "··▓▓!!····"


def test_window_of_a_few_bytes_in_64_gib_is_seen() -> None:
    size = 2**36
    known = SegmentMap(size, (HOLE,) * 512)
    assert drawn(known, 80, (size - 160, 160)) == "·" * 79 + "▓"
    assert drawn(known, 80, (0, 160)) == "▓" + "·" * 79


def test_a_segment_of_fewer_bytes_than_cells_is_filled_by_its_window() -> None:
    cells = strip(pages(IN)._replace(size=56), 80, (0, 56), (), 56)
    assert {cell.glyph for cell in cells} == {"▓"}


def test_stretches_beyond_the_end_do_not_wrap_round() -> None:
    known = pages(*[HOLE] * 10)
    assert drawn(known, 10, (9 * PAGE_SIZE, 4 * PAGE_SIZE)) == "·········▓"
    assert drawn(known, 10, (99 * PAGE_SIZE, 8), ((-5, 0),)) == "·" * 10


@given(st.integers(1, 2**40), st.integers(1, 300))
def test_a_cell_leads_to_a_byte_that_it_stands_for(size: int, width: int) -> None:
    for cell in range(width):
        offset = offset_at(cell, width, size)
        assert 0 <= offset < size
        marked = strip(None, width, (offset, 1), (), size)
        if size >= width:
            assert marked[cell].glyph == "▓"
    assert offset_at(0, width, size) in (0, size - 1)
    assert offset_at(width - 1, width, size) == size - 1


def test_pointing_beyond_the_ends_is_the_end() -> None:
    assert offset_at(-3, 80, 4096) == 0
    assert offset_at(200, 80, 4096) == 4095


@given(
    st.lists(st.none() | st.builds(PageCount, *[st.integers(0, 9)] * 4), min_size=1, max_size=512),
    st.integers(0, 300),
    st.tuples(st.integers(0, 2**22), st.integers(0, 2**22)),
)
def test_any_map_is_exactly_as_wide(
    slots: list[PageCount | None], width: int, window: tuple[int, int]
) -> None:
    assert len(drawn(pages(*slots), width, window)) == width
