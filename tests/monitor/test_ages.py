"""Which bytes changed, and how long ago: against a slow comparison byte by byte."""

from hypothesis import given
from hypothesis import strategies as st

from shmtui.monitor.ages import UNSEEN, Picture, first, following
from shmtui.sysv.content import Gap, Window
from shmtui.sysv.window import WHYS


def plainly(window: Window, before: Picture) -> Picture:
    """The same as `following`, one byte after the other."""
    ages, changed = [], 0
    for index, byte in enumerate(window.data):
        at = window.offset + index
        place = at - before.window.offset
        if not 0 <= place < len(before.window.data):
            ages.append(UNSEEN)
            continue
        if byte != before.window.data[place] and known(window, at) and known(before.window, at):
            ages.append(0)
            changed += 1
        else:
            ages.append(min(UNSEEN, before.ages[place] + 1))
    return Picture(window, bytes(ages), changed)


def known(window: Window, at: int) -> bool:
    return not any(
        gap.offset <= at < gap.offset + gap.length and gap.why != "never written"
        for gap in window.gaps
    )


@st.composite
def windows(draw: st.DrawFn) -> Window:
    """Small, of few different bytes, with gaps that stand as zeros."""
    offset = draw(st.integers(0, 12))
    data = bytearray(draw(st.binary(max_size=16)).translate(bytes([0, 1, 2, 3] * 64)))
    gaps = []
    for start, end in draw(st.lists(st.tuples(st.integers(0, 8), st.integers(9, 16)), max_size=1)):
        if start < min(end, len(data)):
            end = min(end, len(data))
            data[start:end] = bytes(end - start)
            gaps.append(Gap(offset + start, end - start, draw(st.sampled_from(WHYS))))
    return Window(offset, bytes(data), tuple(gaps))


@given(st.lists(windows(), min_size=2, max_size=5))
def test_every_byte_has_the_age_that_a_plain_comparison_gives(film: list[Window]) -> None:
    picture = first(film[0])
    for window in film[1:]:
        expected = plainly(window, picture)
        picture = following(window, picture)
        assert picture == expected


def test_a_changed_byte_is_new_and_grows_old_by_one_at_each_refresh() -> None:
    picture = following(Window(0, b"ab", ()), first(Window(0, b"aa", ())))
    assert (picture.ages, picture.changed) == (bytes([UNSEEN, 0]), 1)
    picture = following(Window(0, b"ab", ()), picture)
    assert (picture.ages, picture.changed) == (bytes([UNSEEN, 1]), 0)
    for _ in range(300):
        picture = following(Window(0, b"ab", ()), picture)
    assert picture.ages == bytes([UNSEEN, UNSEEN])


def test_scrolling_keeps_the_ages_of_what_stays_in_view() -> None:
    picture = following(Window(10, b"aXaa", ()), first(Window(10, b"aaaa", ())))
    picture = following(Window(11, b"Xaab", ()), picture)
    assert picture.ages == bytes([1, UNSEEN, UNSEEN, UNSEEN])
    assert picture.changed == 0


def test_a_page_that_was_not_read_before_did_not_change_but_one_never_written_did() -> None:
    zeros = bytes(4)
    after = Window(0, b"data", ())
    swapped = first(Window(0, zeros, (Gap(0, 4, "swapped out"),)))
    hole = first(Window(0, zeros, (Gap(0, 4, "never written"),)))
    assert following(after, swapped).changed == 0
    assert following(after, hole).changed == 4
