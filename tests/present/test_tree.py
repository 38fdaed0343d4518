"""The tree over the list: whose segments, who holds them, what that sums up to."""

from typing import Any

import pytest

from shmtui.monitor.facts import Facts
from shmtui.present.filter import compile_filter
from shmtui.present.table import TableModel
from shmtui.present.tree import NOBODY, UNSEEN, By, Line, TreeModel
from shmtui.sysv.holders import Holder
from shmtui.sysv.segment import Identity
from tests.present.made import Polls, facts, orphan

BIG, HELD, SHARED, LOST, HIDDEN = THINGS = (
    facts(1, owner="ann", size=8000, rss=4000),
    facts(2, owner="ann", size=100, rss=100, nattch=1),
    facts(3, owner="bob", size=3000, rss=3000, nattch=2),
    orphan(4, owner="bob", size=50, rss=0),
    facts(5, owner="eve", size=10, rss=10, nattch=3),
)


def held_by(pids: dict[Facts, tuple[int, ...]]) -> dict[Identity, tuple[Holder, ...]]:
    return {
        one.segment.identity: tuple(Holder(pid, f"run{pid}", 0, ()) for pid in who)
        for one, who in pids.items()
    }


HOLDERS = held_by({HELD: (70,), SHARED: (70, 80)})


class Trees:
    """A tree over a list that is fed snapshots, as the screen does."""

    def __init__(self, by: By, sort: str = "size", reverse: bool = True) -> None:
        self.table = TableModel(sort, reverse)
        self._polls = Polls(self.table)
        self._polls(*THINGS, held=HOLDERS)
        self.tree = TreeModel(self.table, by)

    def poll(self, *things: Facts, **options: Any) -> bool:
        """True: any line may differ."""
        return self.tree.apply(self._polls(*things, **({"held": HOLDERS} | options))).all

    @property
    def shape(self) -> list[tuple[str, list[int]]]:
        """The groups, with the ids of their lines on view."""
        found: dict[Any, list[int]] = {}
        for line in self.tree.lines:
            found.setdefault(line.who, [])
            if line.member is not None:
                found[line.who].append(line.member.shmid)
        return [(self.tree.groups[who].name, ids) for who, ids in found.items()]

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.shape]

    def stand_on(self, who: str | int, one: Facts | None = None) -> None:
        self.tree.move_to(self.tree.lines.index(Line(who, one.segment.identity if one else None)))

    def cursor(self) -> tuple[str | int, int | None]:
        assert self.tree.cursor is not None
        who, member = self.tree.cursor
        assert self.table.cursor == member
        return who, member.shmid if member else None

    def sums(self, who: str | int) -> tuple[int, int, int | None]:
        totals = self.tree.groups[who].totals
        return totals.segments, totals.size_bytes, totals.rss_bytes


def test_segments_stand_under_their_owners() -> None:
    trees = Trees("owner")
    assert trees.shape == [("ann", [1, 2]), ("bob", [3, 4]), ("eve", [5])]
    assert trees.sums("ann") == (2, 8100, 4100)


def test_a_segment_stands_under_each_of_its_holders_and_else_under_no_process() -> None:
    trees = Trees("holder")
    assert dict(trees.shape) == {
        "no process": [1, 4],
        "70 run70": [3, 2],
        "80 run80": [3],
        "not visible": [5],
    }
    assert trees.sums(70) == (2, 3100, 3100)
    assert trees.sums(NOBODY) == (2, 8050, 4000)
    assert trees.sums(UNSEEN) == (1, 10, 10)


def test_the_largest_sum_comes_first_where_the_list_is_sorted_by_size() -> None:
    first = [*THINGS[1:], facts(6, owner="eve", size=8050), facts(7, owner="eve", size=60)]
    trees = Trees("owner")
    trees.poll(*first, BIG._replace(owner="ann"))
    assert trees.names == ["eve", "ann", "bob"]
    trees.table.set_sort("size", False)
    trees.tree.regroup()
    assert trees.names == ["bob", "ann", "eve"]


def test_by_other_columns_groups_stand_where_their_first_segment_would() -> None:
    assert Trees("owner", "id", False).names == ["ann", "bob", "eve"]
    assert Trees("owner", "id", True).shape == [("eve", [5]), ("bob", [4, 3]), ("ann", [2, 1])]


@pytest.mark.parametrize("reverse", [True, False])
def test_unknown_sums_come_last(reverse: bool) -> None:
    trees = Trees("owner", "rss", reverse)
    unknown = BIG._replace(segment=BIG.segment._replace(rss=None))
    trees.poll(unknown, *THINGS[1:])
    assert trees.sums("ann") == (2, 8100, None)
    assert trees.names == (["bob", "eve", "ann"] if reverse else ["eve", "bob", "ann"])


def test_the_tree_follows_the_filter() -> None:
    trees = Trees("owner")
    trees.table.set_filter(compile_filter("size < 5000"))
    trees.tree.regroup()
    assert trees.shape == [("bob", [3, 4]), ("ann", [2]), ("eve", [5])]


def test_foreign_names_are_made_visible() -> None:
    trees = Trees("owner")
    trees.poll(*THINGS, facts(6, owner="\x1b[31m", size=9000))
    assert "\\x1b[31m" in trees.names


def test_the_cursor_of_the_list_goes_with_that_of_the_tree() -> None:
    trees = Trees("owner")
    trees.stand_on("bob", SHARED)
    assert trees.table.cursor == SHARED.segment.identity


def test_on_a_group_no_segment_is_under_the_cursor_so_that_no_key_acts_on_one_unseen() -> None:
    trees = Trees("owner")
    trees.stand_on("bob")
    trees.poll(*THINGS)
    assert trees.table.cursor is None
    trees.tree.leave()
    assert trees.table.cursor == SHARED.segment.identity


def test_the_tree_starts_on_the_segment_that_has_the_cursor() -> None:
    trees = Trees("owner")
    trees.table.cursor = LOST.segment.identity
    tree = TreeModel(trees.table, "holder")
    assert tree.cursor == Line(NOBODY, LOST.segment.identity)


def test_the_cursor_stays_on_its_thing_when_lines_above_it_come_and_go() -> None:
    trees = Trees("owner")
    trees.stand_on("bob", LOST)
    assert trees.poll(*THINGS, facts(6, owner="zoe", size=1 << 30))
    assert trees.cursor() == ("bob", 4)
    trees.poll(*THINGS[1:])
    trees.poll(*THINGS[1:])
    assert trees.cursor() == ("bob", 4)
    trees.stand_on("eve")
    trees.poll(*THINGS)
    assert trees.cursor() == ("eve", None)


def test_the_cursor_goes_with_a_segment_to_another_holder() -> None:
    trees = Trees("holder")
    trees.stand_on(80, SHARED)
    trees.poll(*THINGS, held=held_by({HELD: (70,), SHARED: (90,)}))
    assert trees.cursor() == (90, 3)


def test_the_cursor_goes_to_the_next_segment_when_its_own_goes() -> None:
    trees = Trees("owner")
    trees.stand_on("ann", BIG)
    trees.poll(*THINGS[1:])
    assert trees.cursor() == ("ann", 1)  # gone, and on view for one interval more
    assert trees.sums("ann") == (1, 100, 100)
    trees.poll(*THINGS[1:])
    assert trees.cursor() == ("ann", 2)
    trees.stand_on("eve", HIDDEN)
    for _ in range(2):
        trees.poll(*THINGS[1:4])
    assert trees.cursor() == ("ann", 2)


def test_nothing_is_under_the_cursor_where_nothing_is_shown() -> None:
    trees = Trees("owner")
    trees.table.set_filter(compile_filter("size > 1G"))
    trees.tree.regroup()
    assert trees.tree.cursor is None
    assert trees.table.cursor is None
    for act in (trees.tree.fold, trees.tree.unfold, trees.tree.tag, trees.tree.leave):
        act()
    assert not trees.tree.turn()


def test_a_folded_group_stays_folded_at_each_poll() -> None:
    trees = Trees("owner")
    trees.stand_on("bob", LOST)
    trees.tree.fold()
    assert trees.cursor() == ("bob", None)
    trees.poll(*THINGS, facts(6, owner="bob", size=1))
    assert dict(trees.shape) == {"ann": [1, 2], "bob": [], "eve": [5]}
    trees.tree.unfold()
    assert dict(trees.shape)["bob"] == [3, 4, 6]


def test_folding_a_folded_group_folds_all_and_unfolding_an_unfolded_one_unfolds_all() -> None:
    trees = Trees("owner")
    trees.stand_on("bob")
    trees.tree.fold()
    trees.tree.fold()
    assert [ids for _, ids in trees.shape] == [[], [], []]
    trees.tree.unfold()
    assert [ids for _, ids in trees.shape] == [[], [3, 4], []]
    trees.tree.unfold()
    assert [ids for _, ids in trees.shape] == [[1, 2], [3, 4], [5]]
    assert trees.cursor() == ("bob", None)


def test_enter_folds_a_group_and_leaves_a_segment_to_be_read() -> None:
    trees = Trees("owner")
    trees.stand_on("ann")
    assert trees.tree.turn()
    assert dict(trees.shape)["ann"] == []
    assert trees.tree.turn()
    trees.stand_on("ann", BIG)
    assert not trees.tree.turn()


def test_a_segment_that_goes_into_a_folded_group_takes_the_cursor_to_it() -> None:
    trees = Trees("holder")
    trees.stand_on(NOBODY)
    trees.tree.fold()
    trees.stand_on(70, HELD)
    let_go = HELD._replace(segment=HELD.segment._replace(nattch=0))
    trees.poll(BIG, let_go, *THINGS[2:], held=held_by({SHARED: (80,)}))
    assert trees.cursor() == (NOBODY, None)


def test_going_to_a_segment_unfolds_its_group() -> None:
    trees = Trees("owner")
    trees.tree.fold()
    assert dict(trees.shape)["ann"] == []
    line = trees.tree.reveal(HELD.segment.identity)
    assert line is not None
    assert trees.tree.lines[line] == Line("ann", HELD.segment.identity)
    assert trees.tree.reveal(facts(99).segment.identity) is None


def test_space_on_a_group_tags_all_of_it_and_goes_on_to_the_next() -> None:
    trees = Trees("owner")
    trees.stand_on("ann")
    trees.tree.tag()
    assert {one.shmid for one in trees.table.tags} == {1, 2}
    assert trees.cursor() == ("bob", None)
    trees.stand_on("ann", BIG)
    trees.tree.tag()
    assert {one.shmid for one in trees.table.tags} == {2}
    trees.stand_on("ann")
    trees.tree.tag()
    assert {one.shmid for one in trees.table.tags} == {1, 2}
    trees.stand_on("ann")
    trees.tree.tag()
    assert trees.table.tags == set()


def test_the_last_group_keeps_the_cursor_when_it_is_tagged() -> None:
    trees = Trees("owner")
    trees.stand_on("eve")
    trees.tree.tag()
    assert trees.cursor() == ("eve", None)


def test_nothing_is_grouped_again_where_a_poll_changed_nothing() -> None:
    trees = Trees("owner")
    trees.poll(*THINGS)
    groups = trees.tree.groups
    assert not trees.poll(*THINGS)
    used = HELD._replace(segment=HELD.segment._replace(atime=5))
    assert not trees.poll(BIG, used, *THINGS[2:])
    assert trees.tree.groups is groups


def test_the_sums_follow_what_is_resident() -> None:
    trees = Trees("owner", "id")
    more = BIG._replace(segment=BIG.segment._replace(rss=8000))
    assert not trees.poll(more, *THINGS[1:])
    assert trees.sums("ann") == (2, 8100, 8100)
