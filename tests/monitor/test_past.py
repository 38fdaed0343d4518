"""The past of a window: what is remembered, for how long, and how one walks through it."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from shmtui.monitor.past import Past, cost
from shmtui.sysv.window import Gap
from tests.monitor.films import Reel


def test_equal_pictures_are_one_that_lasted_longer() -> None:
    reel, past = Reel(), Past()
    for content in (b"a", b"a", b"a", b"b"):
        past.add(reel.read(content))
    assert [(shot.time, shot.until, shot.window.data) for shot in past.shots] == [
        (1001.0, 1003.0, b"a"),
        (1004.0, 1004.0, b"b"),
    ]
    assert [shot.changes for shot in past.shots] == [0, 1]


def test_a_refusal_and_an_end_add_nothing_and_lengthen_nothing() -> None:
    reel, past = Reel(), Past()
    past.add(reel.read(b"a"))
    assert past.add(reel.refused()) is None
    assert past.add(reel.gone()) is None
    assert [shot.until for shot in past.shots] == [1001.0]


@given(st.lists(st.binary(max_size=64), max_size=40), st.integers(1, 8000))
def test_it_never_holds_more_than_its_limit_but_always_the_newest(
    contents: list[bytes], limit: int
) -> None:
    reel, past = Reel(), Past(limit)
    for content in contents:
        past.add(reel.read(content))
        assert past.bytes_held == sum(map(cost, past.shots))
        assert past.bytes_held <= limit or len(past.shots) == 1
        assert past.newest is not None
        assert past.newest.window.data == content


def test_walking_back_and_forth_passes_every_picture_once() -> None:
    reel, past = Reel(), Past()
    contents = [b"a", b"b", b"b", b"a", b"c"]
    for content in contents:
        past.add(reel.read(content))
    at = past.newest
    walked = []
    while at is not None:
        walked.append(at)
        at = past.before(at)
    assert [shot.window.data for shot in walked] == [b"c", b"a", b"b", b"a"]
    for newer, older in pairwise(walked):
        assert past.after(older) == newer


def test_a_picture_that_was_forgotten_still_knows_its_neighbours() -> None:
    reel, past = Reel(), Past()
    first = past.add(reel.read(b"first"))
    assert first is not None
    small = Past(1)
    for content in (b"1", b"2", b"3"):
        small.add(reel.read(content))
    assert small.index(first) == 0
    assert small.before(first) is None
    later = small.after(first)
    assert later is not None
    assert later.window.data == b"3"


def test_scrolling_alone_is_no_step_through_time() -> None:
    reel, past = Reel(), Past()
    memory = bytes(range(64))
    for offset in (0, 4, 8, 40):
        past.add(reel.read(memory[offset : offset + 16], offset))
    newest = past.newest
    assert newest is not None
    assert past.before(newest) is None
    past.add(reel.read(b"X" + memory[9:24], 8))
    changed = past.newest
    assert changed is not None
    before = past.before(changed)
    assert before is not None
    assert before.window.offset == 8


def test_what_became_readable_is_a_step_though_the_bytes_are_the_same() -> None:
    reel, past = Reel(), Past()
    past.add(reel.read(bytes(8), gaps=(Gap(0, 8, "never written"),)))
    newest = past.add(reel.read(bytes(8)))
    assert newest is not None
    before = past.before(newest)
    assert before is not None
    assert before.window.gaps
