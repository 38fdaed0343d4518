"""The list keeps its order, its cursor and its marks while segments come and go."""

from hypothesis import given
from hypothesis import strategies as st

from shmtui.monitor.facts import Facts
from shmtui.present.columns import fit
from shmtui.present.filter import compile_filter
from shmtui.present.row import Row, row_of
from shmtui.present.table import EVERYTHING, TableModel
from tests.present import made
from tests.present.made import Polls, facts, orphan

KIB = 1024


def polled(*all_facts: Facts, sort: str = "id", reverse: bool = False) -> Polls:
    polls = Polls(TableModel(sort, reverse))
    polls(*all_facts)
    return polls


def on_cursor(polls: Polls) -> int | None:
    return polls.model.cursor.shmid if polls.model.cursor else None


def put_cursor(polls: Polls, shmid: int) -> None:
    polls.model.cursor = polls.model.shown[polls.ids.index(shmid)]


def test_sizes_sort_as_numbers_the_largest_first() -> None:
    polls = polled(
        facts(1, size=9), facts(2, size=1000), facts(3, size=80), sort="size", reverse=True
    )
    assert polls.ids == [2, 3, 1]


def test_ties_stand_by_id_and_unknown_values_last_in_both_directions() -> None:
    rows = [facts(3, rss=5), facts(1, rss=None), facts(2, rss=5), facts(4, rss=9)]
    polls = polled(*rows, sort="rss")
    assert polls.ids == [2, 3, 4, 1]
    polls.model.set_sort("rss", True)
    assert polls.ids == [4, 2, 3, 1]


def test_names_sort_without_regard_to_case() -> None:
    polls = polled(facts(1, owner="b"), facts(2, owner="C"), facts(3, owner="a"), sort="owner")
    assert polls.ids == [3, 1, 2]


def test_the_oldest_stands_first_by_age_and_stays_there_as_time_passes() -> None:
    old, young = facts(1, ctime=made.NOW - 500), facts(2, ctime=made.NOW - 5)
    polls = polled(young, old, sort="age", reverse=True)
    polls(young, old, facts(3, ctime=made.NOW - 50), at=made.NOW + 1000)
    assert polls.ids == [1, 3, 2]


def test_cursor_starts_on_the_first_line_and_stays_on_its_segment_when_rows_above_it_go() -> None:
    polls = polled(facts(1), facts(2), facts(3))
    assert on_cursor(polls) == 1
    put_cursor(polls, 3)
    polls(facts(2), facts(3))
    polls(facts(2), facts(3))
    assert (polls.ids, on_cursor(polls)) == ([2, 3], 3)
    assert polls.model.index(polls.model.shown[1]) == 1


def test_cursor_goes_to_the_neighbour_an_interval_after_its_own_row_has_gone() -> None:
    polls = polled(facts(1), facts(2), facts(3))
    put_cursor(polls, 2)
    polls(facts(1), facts(3))
    assert (polls.ids, on_cursor(polls)) == ([1, 2, 3], 2)
    polls(facts(1), facts(3))
    assert (polls.ids, on_cursor(polls)) == ([1, 3], 3)
    polls(facts(1))
    polls(facts(1))
    assert on_cursor(polls) == 1
    polls()
    polls()
    assert (polls.ids, on_cursor(polls)) == ([], None)
    polls(facts(7))
    assert on_cursor(polls) == 7


def test_a_gone_row_stays_for_one_interval_and_says_so() -> None:
    polls = polled(facts(1), facts(2, owner="ops"))
    (gone,) = (it for it in polls.model.shown if it.shmid == 2)
    polls(facts(1))
    assert polls.model.marks == {gone: "gone"}
    columns = fit(78)
    titles = [column.title for column, _ in columns]
    said = dict(zip(titles, polls.model.cells(gone, columns), strict=True))
    assert said["STATE"].split() == ["gone"]
    assert said["OWNER"].split() == ["ops"]
    assert said["COMMAND"].split() == []
    assert polls(facts(1)) == EVERYTHING
    assert gone not in polls.model
    assert polls.model.marks == {}


def test_new_and_changed_rows_are_marked_for_one_interval_but_nothing_is_new_at_the_start() -> None:
    polls = polled(facts(1), facts(2))
    assert polls.model.marks == {}
    polls(facts(1, nattch=1), facts(2), facts(3))
    assert {it.shmid: mark for it, mark in polls.model.marks.items()} == {1: "changed", 3: "new"}


def test_only_lines_that_changed_are_repainted_and_those_whose_mark_fades() -> None:
    first, second, third = facts(1), facts(2), facts(3)
    polls = polled(first, second, third)
    changed = facts(2, rss=8192)
    assert polls(first, changed, third).rows == {changed.segment.identity}
    assert polls(first, changed, third) == (frozenset({changed.segment.identity}), False)
    assert polls(first, changed, third) == (frozenset(), False)


def test_a_row_that_moves_repaints_everything() -> None:
    first, second = facts(1, rss=1), facts(2, rss=2)
    polls = polled(first, second, sort="rss")
    assert polls(facts(1, rss=3), second).all
    assert polls.ids == [2, 1]


def test_a_finished_scan_repaints_the_rows_whose_holders_changed() -> None:
    first, second = facts(1), facts(2, nattch=1)
    polls = polled(first, second)
    held = {second.segment.identity: made.holders("postgres")}
    assert polls(first, second, held=held).rows == {second.segment.identity}
    assert polls.model.row(second.segment.identity).command == "postgres"
    assert polls(first, second, held=dict(held)).rows == frozenset()
    assert polls.model.marks == {}


def test_what_nobody_has_attached_any_more_has_no_holders_whatever_the_last_scan_saw() -> None:
    before, after = facts(1, nattch=1), orphan(1)
    identity = before.segment.identity
    polls, held = polled(before), {identity: made.holders("php")}
    polls(before, held=held)
    polls(after, held=held)
    assert polls.model.row(identity).holders == ()
    assert row_of(made.snapshot(after, held=held), identity).holders == ()


def test_sorting_by_command_follows_the_holders() -> None:
    first, second = facts(1, cpid=5, nattch=1), facts(2, cpid=6)
    polls = polled(first, second, sort="command")
    polls(first, second, held={first.segment.identity: made.holders("z")})
    assert polls.ids == [2, 1]


def test_the_name_of_a_creator_is_remembered_after_it_has_ended() -> None:
    polls = polled(facts(1, creator=made.process(100, "php-fpm")))
    polls(orphan(1))
    assert polls.model.row(polls.model.shown[0]).command == "?php-fpm"


def test_ages_in_cells_grow_with_the_time_alone() -> None:
    one = facts(1, ctime=made.NOW)
    polls = polled(one)
    columns = fit(60, ["age"])
    assert polls.model.cells(one.segment.identity, columns) == ["   0s"]
    assert polls(one, at=made.NOW + 61).rows == frozenset()
    assert polls.model.cells(one.segment.identity, columns) == ["   1m"]


def test_a_filter_hides_rows_and_the_cursor_goes_to_the_nearest_that_matches() -> None:
    polls = polled(facts(1), facts(2, owner="b"), facts(3, owner="b"), facts(4))
    put_cursor(polls, 4)
    polls.model.set_filter(compile_filter("owner=b"))
    assert (polls.ids, on_cursor(polls)) == ([2, 3], 3)
    polls.model.set_filter(compile_filter("owner=b"), inverted=True)
    assert polls.ids == [1, 4]
    polls.model.set_filter(None)
    assert polls.ids == [1, 2, 3, 4]


def test_rows_enter_and_leave_a_filter_as_they_change() -> None:
    polls = polled(facts(1, nattch=0), facts(2, nattch=1))
    polls.model.set_filter(compile_filter("nattch=0"))
    polls(facts(1, nattch=1), facts(2, nattch=0), facts(3))
    assert polls.ids == [2, 3]
    assert polls.model.totals.segments == 3


def test_rows_enter_a_filter_by_age_as_time_passes() -> None:
    one, two = facts(1, ctime=made.NOW), facts(2, ctime=made.NOW - 4000)
    polls = polled(one, two)
    polls.model.set_filter(compile_filter("age>1h"))
    assert polls.ids == [2]
    assert polls(one, two, at=made.NOW + 3601).all
    assert polls.ids == [1, 2]


steps = st.lists(
    st.tuples(
        st.dictionaries(st.integers(0, 8), st.integers(0, 6), max_size=6),
        st.sampled_from([0.0, 0.25, 1.0, 1.75, 3.0]),
    ),
    max_size=8,
)


@given(
    steps, st.sampled_from(["age>2s", "age>=2s", "age<2s", "age=2s", "!age<=1s", "age>1s age<3s"])
)
def test_a_filter_by_age_is_right_at_every_moment(
    history: list[tuple[dict[int, int], float]], expr: str
) -> None:
    polls = Polls(TableModel("id", False))
    wanted = compile_filter(expr)
    polls.model.set_filter(wanted)
    at = float(made.NOW)
    for population, passed in history:
        at += passed
        now = [facts(shmid, ctime=made.NOW + since - 3) for shmid, since in population.items()]
        polls(*now, at=at)
        living = [it for it in polls.model.shown if polls.model.marks.get(it) != "gone"]
        expected = [one.segment.shmid for one in now if wanted.matches(Row(one, (), at))]
        assert [it.shmid for it in living] == sorted(expected)


def test_tags_stay_on_hidden_rows_and_leave_with_a_gone_segment() -> None:
    polls = polled(facts(1), facts(2))
    polls.model.tags |= set(polls.model.shown)
    polls.model.set_filter(compile_filter("id=1"))
    assert len(polls.model.tags) == 2
    polls(facts(1))
    polls(facts(1))
    assert {it.shmid for it in polls.model.tags} == {1}


def test_an_id_that_comes_back_as_another_segment_is_another_row() -> None:
    polls = polled(facts(1, cpid=5))
    polls(facts(1, cpid=6))
    assert sorted(polls.model.marks.values()) == ["gone", "new"]
    assert polls.ids == [1, 1]
    polls(facts(1, cpid=6))
    assert [it.cpid for it in polls.model.shown] == [6]


def test_a_segment_that_comes_back_at_once_is_there_again() -> None:
    polls = polled(facts(1))
    polls()
    polls(facts(1))
    assert polls.ids == [1]
    assert list(polls.model.marks.values()) == ["new"]


def test_totals_count_all_segments_and_follow_every_change() -> None:
    polls = polled(facts(1, size=KIB), orphan(2, size=2 * KIB, rss=4096, swap=1), orphan(3, size=5))
    totals = polls.model.totals
    assert (totals.segments, totals.size_bytes) == (3, 3 * KIB + 5)
    assert (totals.orphans, totals.orphan_bytes) == (2, 2 * KIB + 5)
    assert (totals.rss_bytes, totals.swap_bytes) == (3 * 4096, 1)
    polls(facts(1, size=KIB), facts(2, size=2 * KIB, rss=0))
    totals = polls.model.totals
    assert (totals.segments, totals.size_bytes, totals.orphans) == (2, 3 * KIB, 0)
    assert (totals.rss_bytes, totals.swap_bytes) == (4096, 0)


def test_totals_are_unknown_where_the_source_cannot_tell() -> None:
    polls = polled(facts(1, rss=None, swap=None))
    assert polls.model.totals.rss_bytes is None
    polls(facts(1))
    assert polls.model.totals.rss_bytes == 4096


small = st.integers(0, 5)
populations = st.lists(
    st.dictionaries(st.integers(0, 30), st.tuples(small, st.none() | small), max_size=25),
    min_size=1,
    max_size=6,
)


@given(populations, st.booleans(), st.sampled_from(["", "nattch>2", "!nattch>2"]))
def test_the_lines_are_always_those_of_a_list_sorted_afresh(
    history: list[dict[int, tuple[int, int | None]]], reverse: bool, expr: str
) -> None:
    polls = Polls(TableModel("rss", reverse))
    polls.model.set_filter(compile_filter(expr))
    for population in [*history, history[-1]]:
        polls(*(facts(at, nattch=nattch, rss=rss) for at, (nattch, rss) in population.items()))
    wanted = {
        at: rss
        for at, (nattch, rss) in history[-1].items()
        if not expr or (nattch > 2) is not expr.startswith("!")
    }
    sign = -1 if reverse else 1
    expected = sorted(wanted, key=lambda at: (wanted[at] is None, sign * (wanted[at] or 0), at))
    assert polls.ids == expected
    assert [polls.model.index(it) for it in polls.model.shown] == list(range(len(expected)))
    assert polls.model.cursor in polls.model.shown if expected else polls.model.cursor is None
