"""Documents for programs are exact whatever the fast way to write them does."""

import json
from datetime import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shmtui.monitor.diagnosis import Verdict, Word
from shmtui.present import document
from shmtui.present.columns import COLUMNS
from shmtui.present.row import Row
from shmtui.sysv.segment import SHM_DEST, SHM_LOCKED
from tests.present import made

ALL = list(COLUMNS.values())

text = st.text(max_size=8)
flags = st.none() | st.booleans()
rows = st.builds(
    made.row,
    st.integers(0, 2**31 - 1),
    st.lists(text, max_size=3),
    key=st.sampled_from([0, 1, 0xCEA, 0xFFFFFFFF]),
    perms=st.sampled_from([0o600, 0o777, 0o644 | SHM_DEST, 0o600 | SHM_LOCKED]),
    size=st.integers(1, 2**40),
    rss=st.none() | st.integers(0, 2**41),
    swap=st.none() | st.integers(0, 2),
    cpid=st.integers(0, 2),
    lpid=st.integers(0, 2),
    atime=st.sampled_from([0, 1, made.NOW]),
    ctime=st.integers(1, made.NOW),
    owner=text,
    creator=st.none() | st.builds(made.process, st.just(5), text),
    creator_alive=flags,
    verdict=st.builds(Verdict, st.sampled_from(Word), st.tuples(text, text)),
)


def written(some: list[Row]) -> Any:
    return json.loads("".join(document.json_list(float(made.NOW), ALL, some)))


@given(st.lists(rows, max_size=5))
def test_a_list_has_the_value_of_every_column_of_every_row(some: list[Row]) -> None:
    expected = [{column.name: document.json_value(column, row) for column in ALL} for row in some]
    # Through JSON, where text that is no Unicode becomes what it can be.
    assert written(some)["segments"] == json.loads(json.dumps(expected))


def test_a_list_of_thousands_misses_none_and_doubles_none() -> None:
    some = [made.row(shmid, size=shmid + 1) for shmid in range(1000)]
    ids = [(segment["id"], segment["size"]) for segment in written(some)["segments"]]
    assert ids == [(shmid, shmid + 1) for shmid in range(1000)]


def test_each_segment_has_a_line_of_its_own() -> None:
    some = [made.row(shmid) for shmid in range(300)]
    lines = "".join(document.json_list(float(made.NOW), ALL, some)).splitlines()
    assert [json.loads(line.rstrip(","))["id"] for line in lines[1:-1]] == list(range(300))


def test_the_head_tells_when_to_the_millisecond() -> None:
    assert datetime.fromisoformat(document.head(1700000000.25)["time"]).timestamp() == 1700000000.25


def test_a_table_is_as_wide_as_its_widest_words() -> None:
    lines = [["PID", "NAME"], ["7", "漢字"], ["12345", "x"]]
    assert list(document.table(lines, ["right"])) == ["  PID NAME", "    7 漢字", "12345 x"]
    assert list(document.table([], [])) == []
