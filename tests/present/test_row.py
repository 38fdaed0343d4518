"""What the columns say of a segment."""

import os
import subprocess
import sys

import pytest

from shmtui.monitor.snapshot import Poller
from shmtui.present.columns import COLUMNS
from shmtui.present.row import Row, row_of, rows
from shmtui.sysv.segment import SHM_DEST, SHM_LOCKED
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.present import made

GIB = 2**30


def said(row: Row, *names: str) -> list[str]:
    return [COLUMNS[name].text(row) for name in names]


def test_the_command_is_the_first_holder_and_how_many_others() -> None:
    assert made.row(commands=["postgres"] * 7).command == "postgres+6"
    assert made.row(commands=["shmtui"]).command == "shmtui"


def test_without_holders_the_command_is_the_living_creator() -> None:
    assert made.row(creator=made.process(100, "php-fpm")).command == "php-fpm"


def test_a_gone_creator_has_a_question_mark_and_its_name_where_it_was_seen() -> None:
    assert made.row(cpid=1234)._replace(creator_was="php-fpm").command == "?php-fpm"
    assert made.row(cpid=1234).command == "?1234"
    assert made.row(cpid=0).command == "?"


def test_the_age_counts_from_the_latest_of_change_attach_and_detach_by_others() -> None:
    mine = made.segment(1, atime=made.NOW - 1, ctime=made.NOW - 3600)
    row = made.row(1, evidence=mine._replace(atime=made.NOW - 90))
    assert said(row, "age") == ["1m"]
    assert said(made.row(ctime=made.NOW + 10), "age") == ["0s"]
    assert said(made.row(atime=made.NOW - 90, dtime=made.NOW - 60), "age") == ["1m"]
    assert said(made.row(dtime=made.NOW - 5), "age") == ["5s"]


def test_a_doomed_segment_has_no_key() -> None:
    row = made.row(perms=SHM_DEST | 0o600, key=0)
    assert said(row, "key", "key_hex", "private") == ["-", "-", "?"]
    assert COLUMNS["key"].get(row) is None
    assert said(row, "permissions", "mode") == ["rw-------", "0600"]
    assert said(row, "marked_for_destruction", "locked") == ["yes", "no"]


def test_a_private_segment_says_so_and_has_the_key_zero() -> None:
    row = made.row(key=0, perms=SHM_LOCKED | 0o644)
    assert said(row, "key", "private", "locked") == ["private", "yes", "yes"]
    assert COLUMNS["key"].get(row) == 0


def test_what_the_source_cannot_know_is_a_question_mark() -> None:
    row = made.row(rss=None, swap=None, cpid=0)
    assert said(row, "rss", "swap", "huge_pages", "creator_pid") == ["?", "?", "?", "?"]
    assert said(row, "last_pid", "attach_time", "detach_time") == ["-", "never", "never"]


@pytest.mark.parametrize(
    ("size", "rss", "expected"),
    [
        (4096, 4096, False),
        (1000, 4096, False),
        (4 << 20, 80 << 10, False),
        (4 << 20, 0, None),
        (4 << 20, None, None),
        (4 << 20, 2 << 20, None),
        (4 << 20, GIB, True),
    ],
)
def test_huge_pages_are_told_only_where_the_table_can(
    size: int, rss: int | None, expected: bool | None
) -> None:
    row = made.row(size=size, rss=rss)
    assert row.huge_pages is expected
    assert row.rss == (None if expected else rss)


def test_names_from_the_kernel_cannot_harm_a_terminal() -> None:
    row = made.row(commands=["\x1b[2J[/red]"], owner="a\nb")
    assert said(row, "command", "owner") == [r"\x1b[2J[/red]", r"a\x0ab"]


def test_a_real_segment_is_said_in_words(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(1024, key=3306, mode=0o640)
    child = attached_child(shmid, b"42")
    poller = Poller()
    poller.poll()
    poller.scan_holders()
    snapshot = poller.poll()
    (row,) = (row for row in rows(snapshot) if row.facts.segment.shmid == shmid)
    assert row == row_of(snapshot, row.facts.segment.identity)
    assert said(row, "key", "size", "rss", "nattch", "permissions", "verdict") == [
        "0x00000cea",
        "1.0K",
        "4.0K",
        "1",
        "rw-r-----",
        "in use",
    ]
    assert said(row, "creator_pid", "last_pid") == [str(os.getpid()), str(child.pid)]
    assert said(row, "creator_alive") == ["yes"]
    assert said(row, "command", "last_command") == [row.holders[0].command] * 2


def test_a_creator_that_has_ended_is_not_alive() -> None:
    script = "from tests import kernel; print(kernel.shmget(0, 4096))"
    maker = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, cwd=kernel.ROOT
    )
    shmid = int(maker.stdout)
    (row,) = (row for row in rows(Poller().poll()) if row.facts.segment.shmid == shmid)
    kernel.rmid(shmid)
    assert said(row, "creator_alive", "verdict") == ["no", "orphan"]
    assert row.command.startswith("?")
