"""The table of columns, and which of them a width has room for."""

import pytest

from shmtui.present.columns import COLUMNS, Fitted, find, fit

GUTTER = 2


def titles(columns: list[Fitted]) -> str:
    return " ".join(column.title for column, _ in columns)


def total(columns: list[Fitted]) -> int:
    return GUTTER + sum(width for _, width in columns) + len(columns) - 1


@pytest.mark.parametrize(
    ("terminal", "expected"),
    [
        (20, "ID STATE"),
        (33, "ID STATE"),
        (34, "ID SIZE NATT STATE"),
        (43, "KEY ID SIZE NATT STATE"),
        (52, "KEY ID OWNER SIZE NATT STATE"),
        (59, "KEY ID OWNER SIZE RSS NATT STATE"),
        (69, "KEY ID OWNER PERMS SIZE RSS NATT STATE"),
        (77, "KEY ID OWNER PERMS SIZE RSS NATT STATE COMMAND"),
        (80, "KEY ID OWNER PERMS SIZE RSS NATT STATE COMMAND"),
        (92, "KEY ID OWNER PERMS SIZE RSS NATT STATE AGE COMMAND"),
        (108, "KEY ID OWNER PERMS SIZE RSS NATT STATE AGE CPID LPID COMMAND"),
        (
            200,
            "KEY ID OWNER PERMS SIZE RSS NATT STATE AGE CPID LPID SWAP CREATOR GROUP COMMAND",
        ),
    ],
)
def test_a_width_has_its_columns(terminal: int, expected: str) -> None:
    assert titles(fit(terminal - GUTTER)) == expected


@pytest.mark.parametrize("terminal", range(20, 300))
def test_no_line_is_wider_than_the_screen(terminal: int) -> None:
    assert total(fit(terminal - GUTTER)) <= terminal
    assert total(fit(terminal - GUTTER, COLUMNS)) <= terminal


def test_the_command_takes_the_rest_of_the_line() -> None:
    columns = fit(80 - GUTTER)
    assert total(columns) == 80
    assert columns[-1].width == 10


def test_the_command_has_sixteen_cells_before_more_columns_come() -> None:
    assert [column.title for column, _ in fit(91 - GUTTER)][-2:] == ["STATE", "COMMAND"]
    assert fit(92 - GUTTER)[-1].width == 16


def test_chosen_columns_stand_in_the_chosen_order_and_the_narrow_screen_drops_some() -> None:
    chosen = ("id", "attach_time", "command", "size")
    assert titles(fit(78, chosen)) == "ID ATTACHED COMMAND SIZE"
    assert titles(fit(30, chosen)) == "ID COMMAND SIZE"
    assert titles(fit(18, chosen)) == "ID SIZE"
    assert titles(fit(8, ("attach_time",))) == "ATTACHED"


def test_the_command_keeps_its_heading_where_it_does_not_stand_last() -> None:
    columns = dict(fit(100, ("command", "id")))
    assert columns[COLUMNS["command"]] == 100 - 1 - 10


def test_columns_are_found_by_name_and_heading_in_any_case() -> None:
    assert find("LPID") is find("last_pid") is COLUMNS["last_pid"]
    assert find("perms") is COLUMNS["permissions"]
    assert find("nonsense") is None


def test_no_two_columns_answer_to_one_word() -> None:
    words: dict[str, str] = {}
    for column in COLUMNS.values():
        for word in {column.name, column.title.lower()}:
            assert words.setdefault(word, column.name) == column.name


def test_the_json_names_are_those_that_are_promised() -> None:
    assert " ".join(column.name for column in COLUMNS.values() if column.in_json) == (
        "id key key_hex private size rss swap nattch mode permissions uid owner gid group cuid"
        " creator cgid creator_group creator_pid creator_command creator_alive last_pid"
        " last_command attach_time detach_time change_time marked_for_destruction locked"
        " huge_pages verdict reasons"
    )
