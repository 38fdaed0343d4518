"""What Details says of a segment."""

import time
from collections.abc import Iterator

import pytest

from shmtui.monitor.recognition import Owner
from shmtui.present.details import details
from shmtui.present.row import Row
from shmtui.sysv.segment import SHM_DEST, SHM_LOCKED
from tests.present import made
from tests.present.made import NOW


@pytest.fixture(autouse=True)
def utc() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


def say(row: Row, owner: Owner | None = None) -> dict[str, str]:
    """By label; what goes on with a label is joined to it."""
    told: dict[str, str] = {}
    label = ""
    for name, words in details(row, owner):
        label = name or label
        told[label] = f"{told[label]}; {words}" if label in told else words
    return told


def test_names_and_permissions_are_told_in_both_forms() -> None:
    told = say(made.row(5))
    assert told["Key"] == "0x00000cea (3306)"
    assert told["Id"] == "5"
    assert told["Permissions"] == "rw------- (0600)"
    assert told["Owner"] == "ops (0), group adm (0)"


def test_private_and_doomed_segments_have_no_key() -> None:
    assert say(made.row(key=0))["Key"] == "private"
    doomed = say(made.row(key=0, perms=0o600 | SHM_DEST | SHM_LOCKED))
    assert doomed["Key"].startswith("none")
    assert doomed["Flags"] == "marked for destruction, locked in memory"


def test_verdict_stands_with_its_reasons() -> None:
    row = Row(made.orphan(1), (), float(NOW))
    assert say(row)["State"] == "orphan; creator 100 is gone"


@pytest.mark.parametrize(
    ("rss", "words"),
    [
        (0, "nothing"),
        (4096, "4.0K (less than 1 % of its pages)"),
        (4096 * 999, "3.9M (99 % of its pages)"),
        (4096 * 1000, "3.9M (100 % of its pages)"),
        (None, "unknown"),
        (4096 * 512000, "unknown: the kernel counts huge pages wrongly"),
    ],
)
def test_share_in_memory_is_never_rounded_to_all_or_nothing(rss: int | None, words: str) -> None:
    assert say(made.row(size=4096 * 1000, rss=rss))["In memory"] == words


def test_what_the_kernel_counts_wrongly_is_told_where_it_was_counted() -> None:
    row = made.row(size=4096 * 1000, rss=4096 * 512000)
    assert dict(details(row, None, 4096 * 500))["In memory"] == "2.0M (50 % of its pages)"
    right = made.row(size=4096 * 1000, rss=4096)
    assert dict(details(right, None, 4096 * 500))["In memory"].startswith("4.0K")


def test_times_are_told_with_their_age() -> None:
    told = say(made.row(atime=NOW - 125, lpid=77))
    assert told["Attached"] == "2023-11-14 22:11:15, 2 min ago"
    assert told["Detached"] == "never"
    assert told["Last touched"] == told["Attached"]
    assert say(made.row())["Last touched"].endswith("1 h ago")


def test_who_lives_is_told_by_command() -> None:
    told = say(made.row(creator=made.process(100, "php-fpm"), lpid=77, atime=NOW))
    assert "process 100, php-fpm, alive since 2023-11-14" in told["Creator"]
    assert told["Last used by"] == "process 77, gone"
    unsure = say(made.row(lpid=77, atime=NOW, last_alive=None))
    assert unsure["Last used by"] == "process 77, not seen alive"
    assert say(made.row())["Last used by"] == "nobody yet"
    assert "outside our pid namespace" in say(made.row(cpid=0))["Creator"]


def test_a_creator_that_went_is_named_where_it_was_seen() -> None:
    row = Row(made.orphan(1), (), float(NOW), "php-fpm")
    assert say(row)["Creator"].endswith("process 100, gone; it was php-fpm")


def test_the_program_is_told_with_its_evidence() -> None:
    owner = Owner("PHP", "PHP variables\x1b", "magic PHP_SM by peek")
    told = say(made.row(), owner)
    assert told["Program"] == "PHP variables\\x1b; evidence: magic PHP_SM by peek"
    assert "Warning" not in told
    assert "Program" not in say(made.row())


def test_a_segment_that_guards_a_database_is_warned_of() -> None:
    owner = Owner("PostgreSQL", "PostgreSQL …", "header by peek", (12, 34), True)
    warning = say(made.row(), owner)["Warning"]
    assert warning == "PostgreSQL is guarded by it: before it is removed, stop 12 34"


def test_many_holders_are_counted() -> None:
    commands = [f"worker{number}" for number in range(7)]
    told = say(made.row(commands=commands, nattch=9))
    assert told["Attaches"].startswith("9, by worker0 (200), worker1 (201)")
    assert told["Attaches"].endswith("worker4 (204) and 2 more")


def test_what_our_own_attach_overwrote_is_told_beside_what_it_left() -> None:
    theirs = made.segment(1, lpid=77, atime=NOW - 3600)
    ours = theirs._replace(lpid=4242, atime=NOW - 5, dtime=NOW - 5)
    told = say(made.row(1, segment=ours, evidence=theirs))
    assert told["Last used by"].startswith("process 77")
    assert told["Attached"].endswith("1 h ago")
    assert "last process 4242" in told["Row now"]
    assert "5 s ago" in told["Row now"]
    assert "Row now" not in say(made.row(1))


def test_foreign_names_cannot_reach_the_terminal_as_commands() -> None:
    told = say(made.row(creator=made.process(100, "\x1b[2J[/red]"), commands=["a\nb"], nattch=1))
    assert "\\x1b[2J[/red]" in told["Creator"]
    assert "a\\x0ab" in told["Attaches"]


def test_what_others_may_do_to_it_is_a_warning() -> None:
    assert "Warning" not in say(made.row())
    assert say(made.row(perms=0o622))["Warning"] == "everybody may write into it"
    assert say(made.row(uid=5))["Warning"] == "ops owns it, ann made it: both may remove it"
