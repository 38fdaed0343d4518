"""The activity screen, on a real log in the state directory of the test."""

import json
from collections.abc import Sequence

import pytest

from shmtui.acts.log import Activity, ActivityLog
from shmtui.store.paths import StoreError, activity_path
from shmtui.ui.screens.activity import EMPTY, ActivityScreen
from tests.ui.hosts import shown, until
from tests.ui.over import SIZES, OverHost, body, read, sees
from tests.ui.painted import style_at


def log() -> ActivityLog:
    return ActivityLog(lambda words: pytest.fail(words))


def host() -> OverHost:
    return OverHost(ActivityScreen(log().last))


async def test_without_an_act_it_says_what_would_stand_there() -> None:
    async with host().run_test(size=(80, 24)) as pilot:
        await sees(pilot, EMPTY)
        await pilot.press("j", "G", "enter")
        assert read(EMPTY) in read(shown(pilot.app))


async def test_the_newest_act_stands_first_with_its_result() -> None:
    log().record("create", "segment 1 (0x00000cea)", "1024 bytes")
    log().record("remove", "segment 1 (0x00000cea)", "refused: it is another one now")
    async with host().run_test(size=(120, 24)) as pilot:
        await sees(pilot, "2 acts", "newest first", "1024 bytes")
        heading, first, second = body(pilot)[:3]
        assert heading.split() == ["WHEN", "WHAT", "SEGMENT", "USER", "PID", "RESULT"]
        assert "refused: it is another one now" in first
        assert "1024 bytes" in second


async def test_an_act_that_comes_while_it_is_open_appears() -> None:
    log().record("create", "segment 1", "done")
    screen = ActivityScreen(log().last)
    async with OverHost(screen).run_test(size=(80, 24)) as pilot:
        await sees(pilot, "1 act")
        log().record("remove", "segment 2", "freed")
        screen.look_now()
        await sees(pilot, "2 acts", "freed")


@pytest.mark.parametrize("size", [*SIZES, (140, 40)])
async def test_what_has_no_room_in_its_row_is_told_whole_under_the_table(
    size: tuple[int, int],
) -> None:
    result = "done: freed at once, dumped to /var/tmp/" + "[b]long/" * 12 + "shm.dump"
    act = Activity("2026-01-02T03:04:05.000+00:00", "remove", "segment 1", "ann", 77, result)
    async with OverHost(ActivityScreen(lambda: [act])).run_test(size=size) as pilot:
        await until(pilot, lambda: "shm.dump" in shown(pilot.app))
        told = "".join(read(shown(pilot.app)).split())
        assert "".join(result.split()) in told
        for word in ("ann", "77", "2026-01-02"):
            assert word in told
        await pilot.resize_terminal(300, 24)
        await until(pilot, lambda: result in body(pilot)[1])
        assert shown(pilot.app).count("shm.dump") == 1


async def test_acts_that_are_alike_are_told_apart() -> None:
    act = Activity("2026-01-02T03:04:05.000+00:00", "remove", "segment 1", "root", 7, "done")
    found = [act]
    screen = ActivityScreen(lambda: tuple(found))
    async with OverHost(screen).run_test(size=(80, 24)) as pilot:
        await sees(pilot, "1 act")
        found.append(act)
        screen.look_now()
        await sees(pilot, "2 acts")
        assert len([line for line in body(pilot) if "remove" in line]) == 2


@pytest.mark.parametrize("size", SIZES)
async def test_foreign_words_are_shown_as_they_are(size: tuple[int, int]) -> None:
    act = Activity("[/b]\x1b[31m", "[red]", "segment", "[/]", 7, "[@click=quit]\x07")
    async with OverHost(ActivityScreen(lambda: [act])).run_test(size=size) as pilot:
        await sees(pilot, "[red]", r"[@click=quit]\x07")


async def test_lines_that_are_no_act_are_left_out() -> None:
    log().record("create", "segment 1", "done")
    with activity_path().open("a") as file:
        file.write("garbage\n" + json.dumps({"when": 7}) + "\n")
    async with host().run_test(size=(80, 24)) as pilot:
        await sees(pilot, "1 act")


async def test_a_log_that_cannot_be_read_says_which_file_and_why() -> None:
    path = activity_path()
    path.mkdir(parents=True)
    async with host().run_test(size=(160, 24)) as pilot:
        await sees(pilot, str(path))
        assert "acts" not in body(pilot)[0]


async def test_what_was_seen_stays_when_the_file_cannot_be_read_any_more() -> None:
    act = Activity("2026-01-02T03:04:05.000+00:00", "remove", "segment 1", "root", 7, "done")
    errors: list[str] = []

    def read_log() -> Sequence[Activity]:
        if errors:
            raise StoreError(errors[0])
        return [act]

    screen = ActivityScreen(read_log)
    async with OverHost(screen).run_test(size=(80, 24)) as pilot:
        await sees(pilot, "remove")
        bright = style_at(pilot.app, 2, 2)
        errors.append("activity.jsonl: Permission denied")
        screen.look_now()
        await sees(pilot, "Permission denied", "remove")
        assert style_at(pilot.app, 2, 2) != bright
        errors.clear()
        screen.look_now()
        await until(pilot, lambda: style_at(pilot.app, 2, 2) == bright)


async def test_what_does_not_fit_goes_and_the_result_stays() -> None:
    log().record("remove", "segment 1 (0x00000cea)", "freed at once")
    async with host().run_test(size=(40, 12)) as pilot:
        screen = await sees(pilot, "freed at", "remove", "1 (0x00000cea)")
        assert "USER" not in body(pilot)[0]
        assert "USER root" in read(screen)


async def test_a_result_that_is_cut_stands_whole_below_while_the_cursor_is_on_it() -> None:
    log().record("remove", "segment 1", "short")
    log().record("remove", "segment 1 (0x00000cea)", "refused: it is another one by now")
    screen = ActivityScreen(log().last)
    screen.every_s = 3600.0
    async with OverHost(screen).run_test(size=(80, 24)) as pilot:
        await sees(pilot, "2 acts", "refused: it is another one by now")
        screen.look_now()
        await pilot.pause(0.2)
        assert "refused: it is another one by now" in shown(pilot.app).split("\n")[-2]
        await pilot.press("j")
        await until(pilot, lambda: not shown(pilot.app).split("\n")[-2].strip())
        await pilot.press("k")
        await pilot.resize_terminal(160, 24)
        await until(pilot, lambda: not shown(pilot.app).split("\n")[-2].strip())


async def test_an_error_that_nobody_thought_of_is_told_and_the_screen_lives() -> None:
    errors = [KeyError("odd")]

    def read_log() -> Sequence[Activity]:
        if errors:
            raise errors[0]
        return ()

    screen = ActivityScreen(read_log)
    async with OverHost(screen).run_test(size=(80, 24)) as pilot:
        await sees(pilot, "KeyError: 'odd'")
        errors.clear()
        screen.look_now()
        await sees(pilot, EMPTY)
