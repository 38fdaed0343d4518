"""The tree in the list's place: its keys, its sums, and what the pane follows in it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.strip import Strip

from shmtui.monitor.diagnosis import Word
from shmtui.monitor.facts import Facts
from shmtui.present.columns import fit
from shmtui.present.table import TableModel
from shmtui.present.totals import Totals
from shmtui.present.tree import By, Group
from shmtui.present.words import cell_width
from shmtui.ui.list_part import NO_SEGMENTS
from shmtui.ui.messages import PollFailed
from shmtui.ui.tree_view import TreeView, group_words
from tests.present import made
from tests.ui.hosts import shown, until
from tests.ui.painted import lines, style_at
from tests.ui.scene import FEW, Scene, facts


@asynccontextmanager
async def opened(
    *keys: str, known: Sequence[Facts] = FEW, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[tuple[Scene, Pilot[int]]]:
    scene = Scene()
    async with scene.run_test(size=size) as pilot:
        scene.poll(known)
        await until(pilot, lambda: f"of {len(known)}" in shown(scene))
        await pilot.press(*keys)
        await pilot.pause()
        yield scene, pilot


def cursor(scene: Scene) -> int | None:
    identity = scene.main.list_part.model.cursor
    return identity.shmid if identity else None


def line_of(scene: Scene, words: str) -> str:
    found = [line for line in lines(scene) if words in line]
    assert found, f"no line has {words!r}:\n{shown(scene)}"
    return found[0]


def rule(scene: Scene) -> str:
    return line_of(scene, "── ").strip("─ ")


async def test_t_goes_from_the_list_to_owners_to_holders_and_back() -> None:
    async with opened() as (scene, pilot):
        heading = lines(scene)[1]
        await pilot.press("t")
        assert lines(scene)[1].startswith("    KEY")
        assert "▾ postgres · 1 segment" in shown(scene)
        assert rule(scene) == "5 of 5 · by owner"
        await pilot.press("f5")
        assert "▾ 4001 postgres · 1 segment" in shown(scene)
        assert "▾ no process · 2 segments" in shown(scene)
        assert rule(scene) == "5 of 5 · by holder"
        await pilot.press("t")
        assert "▾" not in shown(scene)
        assert rule(scene) == "5 of 5"
        assert lines(scene)[1] == heading
        await pilot.press("j")
        assert cursor(scene) == scene.main.list_part.model.shown[1].shmid


async def test_the_sums_stand_in_the_columns_of_what_they_sum() -> None:
    async with opened("t") as (scene, _):
        heading, group = line_of(scene, "SIZE▼"), line_of(scene, "▾ root")
        assert group[: heading.index("SIZE▼") + 5].endswith(" 1.0G")
        assert group[: heading.index("RSS") + 3].endswith(" 8.0K")


async def test_a_narrow_tree_says_the_sums_in_words() -> None:
    async with opened("t", size=(40, 12)) as (scene, _):
        assert "  ▾ root · size 1.0G · rss 8.0K" in lines(scene)


async def test_moving_onto_a_segment_moves_what_the_pane_follows() -> None:
    async with opened("t", "g", "i") as (scene, pilot):
        assert cursor(scene) is None
        await until(pilot, lambda: "No segment under the cursor." in shown(scene))
        await pilot.press("down")
        assert cursor(scene) == 98306
        await until(pilot, lambda: "id 98306" in shown(scene))
        assert scene.main.pane.identity == scene.main.list_part.model.cursor


async def test_the_keys_stay_with_the_place_of_the_list_and_its_cursor_on_a_segment() -> None:
    async with opened("i", "t", "g") as (scene, pilot):
        for _ in range(4):
            part = scene.main.list_part
            assert scene.main.focused is part.pane
            assert part.pane.display
            await pilot.press("t")
        assert cursor(scene) is not None
    async with opened("t", "G", "left", "t") as (scene, _):
        assert cursor(scene) == 32769


async def test_enter_folds_a_group_and_reads_a_segment() -> None:
    async with opened("t", "g", "enter") as (scene, pilot):
        assert "▸ root · 2 segments" in shown(scene)
        assert "98306" not in shown(scene)
        await pilot.press("enter", "down", "enter")
        await until(pilot, lambda: scene.main.has_class("focus-pane"))
        assert scene.main.pane.identity == scene.main.list_part.model.cursor
        await pilot.press("escape", "up")
        assert cursor(scene) is None


async def test_left_folds_the_group_of_the_segment_and_right_unfolds_it() -> None:
    async with opened("t", "g", "down", "left") as (scene, pilot):
        assert "▸ root" in shown(scene)
        await pilot.press("left")
        assert "▾" not in shown(scene)
        await pilot.press("right")
        assert [line for line in lines(scene) if "▾" in line] == [line_of(scene, "root ·")]
        await pilot.press("right")
        assert "▸" not in shown(scene)


async def test_space_tags_a_segment_or_all_of_a_group() -> None:
    async with opened("t", "g", "space") as (scene, pilot):
        assert rule(scene) == "5 of 5 · by owner · 2 tagged"
        assert line_of(scene, "root ·").startswith("● ▾")
        assert line_of(scene, "98306").startswith("●")
        await pilot.press("g", "down", "space")
        assert rule(scene) == "5 of 5 · by owner · 1 tagged"
        assert line_of(scene, "root ·").startswith("○ ▾")
        await pilot.press("asterisk", "U")
        assert rule(scene) == "5 of 5 · by owner"


async def test_d_on_a_group_says_how_its_segments_are_removed() -> None:
    words = "A group: Space tags its 2 segments, d removes what is tagged."
    async with opened("t", "g", "M", "d") as (scene, pilot):
        await until(pilot, lambda: words in shown(scene))
        assert scene.screen is scene.main
        await pilot.press("space", "d")
        await until(pilot, lambda: "in use: type its id" in shown(scene))
        await pilot.press("escape", "U", "g", "left", "d")
        await until(pilot, lambda: words in shown(scene))
    pane = TreeView(TableModel())
    assert pane.no_segment("remove") == "There is no segment to remove."


async def test_what_changes_one_segment_asks_for_one_on_a_group() -> None:
    words = "A group of 2 segments: move onto the one to change."
    async with opened("t", "g", "M") as (scene, pilot):
        await until(pilot, lambda: words in shown(scene))


async def test_the_cursor_stays_on_its_segment_when_groups_above_it_come() -> None:
    async with opened("t", "G") as (scene, pilot):
        assert cursor(scene) == 32769
        more = [facts(400 + n, 77 + n, 2 << 30, Word.IDLE, owner=f"o{n}") for n in range(20)]
        scene.poll([*more, *FEW])
        await until(pilot, lambda: rule(scene).startswith("25 of 25"))
        assert cursor(scene) == 32769
        assert "32769" in shown(scene)


async def test_the_keys_of_the_list_act_in_the_tree() -> None:
    async with opened("t", "slash", *"size>1k", "enter") as (scene, pilot):
        assert rule(scene) == "3 of 5 · by owner · size>1k"
        assert "▾ postgres" not in shown(scene)
        await pilot.press("escape", "greater_than_sign")
        assert "RSS▼" in shown(scene)
        assert next(line.split()[1] for line in lines(scene) if "▾" in line) == "www-data"
        await pilot.press("slash", *"size>9t", "enter")
        assert '0 of 5 match "size>9t". Esc clears the filter.' in shown(scene)
        await pilot.press("left", "right", "space", "enter", "y", "down")
        await pilot.press("escape")
        assert "▾ root" in shown(scene)


async def test_an_empty_tree_says_why() -> None:
    async with opened("t", known=()) as (scene, _):
        assert f"{NO_SEGMENTS} w starts a writer." in shown(scene)


async def test_going_to_a_segment_opens_the_group_that_hides_it() -> None:
    async with opened("t", "g", "left", "left") as (scene, pilot):
        await pilot.press("colon", *"32769", "enter")
        assert cursor(scene) == 32769
        assert "0x0052e2c1" in shown(scene)


async def test_the_mouse_folds_by_the_sign_and_selects_by_the_rest() -> None:
    async with opened("t") as (scene, pilot):
        y = lines(scene).index(line_of(scene, "root ·")) - 2
        await pilot.click(TreeView, offset=(8, y + 1))
        assert cursor(scene) == 98306
        await pilot.click(TreeView, offset=(8, y))
        assert cursor(scene) is None
        await pilot.click(TreeView, offset=(2, y))
        assert "▸ root" in shown(scene)


async def test_a_group_is_copied_as_words() -> None:
    async with opened("t", "g", "y") as (scene, _):
        assert scene.clipboard == "root  2 segments  size 1.0G  rss 8.0K"


async def test_the_tree_is_dimmed_and_marks_the_pane_s_segment_as_the_list_does() -> None:
    async with opened("g", "i") as (scene, pilot):
        await pilot.press("t")
        assert line_of(scene, "98306").startswith("▸")
        bright = style_at(scene, 20, 5)
        scene.main.post_message(PollFailed("the table cannot be read"))
        await until(pilot, lambda: "the table cannot be read" in shown(scene))
        assert style_at(scene, 20, 5) != bright
        await pilot.press("t", "t")
        assert line_of(scene, "98306").startswith("▸")
        dimmed = style_at(scene, 20, 4)
        scene.poll()
        await until(pilot, lambda: style_at(scene, 20, 4) != dimmed)


async def test_nothing_is_grouped_while_the_list_is_on_show() -> None:
    async with opened("t", "t", "t") as (scene, pilot):
        tree = scene.main.list_part.query_one(TreeView)
        scene.poll(FEW[1:])
        await until(pilot, lambda: "4 of 4" in shown(scene))
        assert tree.grouping.groups == {}
        assert not tree.display


async def test_names_are_data() -> None:
    async with opened("t") as (scene, _):
        assert "▾ [/red]\\x1b[31m · 1 segment" in shown(scene)


async def test_without_colours_the_cursor_and_the_groups_are_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with opened("t", "g") as (scene, pilot):
        assert style_at(scene, 4, 2).reverse
        await pilot.press("down")
        assert not style_at(scene, 4, 2).reverse
        assert style_at(scene, 4, 2).bold
        assert not style_at(scene, 6, 4).bold


# What a group says


def words(width: int, name: str = "1234 postgres", count: int = 12) -> str:
    totals = Totals(segments=count, size_bytes=5 << 20, rss_bytes=None)
    return group_words(Group(1234, name, (), totals), False, fit(width - 2), width)


@pytest.mark.parametrize("width", [200, 118, 78, 62, 38, 30, 20, 12, 5])
@pytest.mark.parametrize("name", ["a", "1234 postgres", "1234 " + "ä" * 40, "日本" * 20])
def test_a_group_takes_the_width_that_it_has(width: int, name: str) -> None:
    assert cell_width(words(width, name)) == width


def test_the_name_of_a_group_gives_way_and_the_count_goes_before_the_sums() -> None:
    assert words(38) == "▾ 1234 postgres · size 5.0M · rss ?".ljust(38)
    assert words(33) == "▾ 1234 postgres · 5.0M · rss ?".ljust(33)
    assert words(29) == "▾ 1234 postgres · 5.0M".ljust(29)
    assert words(19) == "▾ 1234 post… · 5.0M"
    assert words(78, "1234 " + "x" * 60)[:42] == "▾ 1234 xxxxxxxxxxxxxxxxxxxx… · 12 segments"


def test_without_room_before_the_sums_they_stand_behind_the_name() -> None:
    totals = Totals(segments=1, size_bytes=4096, rss_bytes=0)
    columns = fit(60, ("id", "size", "rss", "command"))
    said = group_words(Group("ann", "ann", (), totals), True, columns, 62)
    assert said.rstrip() == "▸ ann · 1 segment · size 4.0K · rss 0"


# What is painted


class Counting(TreeView):
    """Notes the lines that it draws."""

    painted: set[int]

    def render_line(self, y: int) -> Strip:
        self.painted.add(y)
        return super().render_line(y)


class Grove(App[None]):
    def __init__(self, by: By) -> None:
        super().__init__()
        self.model = TableModel()
        self.polls = made.Polls(self.model)
        self.polls(*(made.facts(n, size=10_000 - n, owner=f"o{n % 3}") for n in range(12)))
        self.view = Counting(self.model)
        self.view.painted = set()
        self.view.group_by(by)

    def compose(self) -> ComposeResult:
        yield self.view


async def test_only_lines_that_differ_are_painted_again() -> None:
    grove = Grove("owner")
    async with grove.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        things = [made.facts(n, size=10_000 - n, owner=f"o{n % 3}") for n in range(12)]
        grove.view.painted.clear()
        grove.view.apply(grove.polls(*things), None)
        await pilot.pause()
        assert grove.view.painted == set()
        more = things[4]._replace(segment=things[4].segment._replace(rss=1 << 20))
        grove.view.apply(grove.polls(*things[:4], more, *things[5:]), None)
        await pilot.pause()
        # Its own line, and the sums of its group.
        assert grove.view.painted == {5, 7}
        grove.view.painted.clear()
        grove.view.action_move_down()
        await pilot.pause()
        assert len(grove.view.painted) == 2
