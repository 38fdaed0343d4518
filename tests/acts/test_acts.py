"""What a person does through the program is allowed, done, and put on record."""

import os
import pwd
from datetime import datetime
from pathlib import Path

import pytest

from shmtui.acts.creation import create
from shmtui.acts.log import ActivityLog
from shmtui.acts.policy import Policy
from shmtui.sysv.errors import Refused, ShmError
from tests import kernel
from tests.acts.conftest import Records

FREE = Policy()


def test_a_created_segment_is_there_and_on_record(log: ActivityLog, records: Records) -> None:
    shmid = create(0xBEEF, 4096, 0o640, FREE, log)
    row = kernel.row(shmid).split()
    kernel.rmid(shmid)
    assert row[:1] + row[2:4] == [str(0xBEEF), "640", "4096"]
    (record,) = records()
    assert record["what"] == "create"
    assert record["segment"] == f"segment {shmid} (0x0000beef)"
    assert record["result"] == "done: 4.0K, mode 0640"


def test_a_record_says_who_and_when(log: ActivityLog, records: Records) -> None:
    log.record("write", "segment 5 (private)", "ended")
    (record,) = records()
    assert record["user"] == pwd.getpwuid(os.getuid()).pw_name
    assert record["pid"] == os.getpid()
    when = datetime.fromisoformat(str(record["when"]))
    assert abs((datetime.now().astimezone() - when).total_seconds()) < 60


def test_a_failure_is_on_record_too(log: ActivityLog, records: Records) -> None:
    shmid = create(0xBEEF, 4096, 0o600, FREE, log)
    with pytest.raises(ShmError):
        create(0xBEEF, 4096, 0o600, FREE, log)
    kernel.rmid(shmid)
    assert str(records()[1]["result"]).startswith("failed: ")


def test_read_only_creates_nothing(log: ActivityLog, log_path: Path) -> None:
    with pytest.raises(Refused, match="--read-only: shmtui will not create a segment"):
        create(None, 4096, 0o600, Policy(read_only=True), log)
    assert kernel.shmids() == []
    assert not log_path.exists()


def test_a_log_that_cannot_be_kept_is_said_once_and_stops_nothing(
    said: list[str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    log = ActivityLog(said.append, tmp_path / "file" / "activity.jsonl")
    for _ in range(3):
        kernel.rmid(create(None, 1, 0o600, FREE, log))
    assert len(said) == 1
    assert said[0].startswith("the activity log is not kept: ")


def test_the_last_acts_are_read_back(log: ActivityLog, log_path: Path) -> None:
    assert log.last() == []
    for number in range(3):
        assert log.record("write", f"segment {number} (private)", "ended")
    with log_path.open("a") as file:
        file.write('{"when": 5}\n{"anything": "else"}\n')
    one, two = log.last(4)[-2:]
    assert (one.segment, two.segment) == ("segment 1 (private)", "segment 2 (private)")
    assert (two.what, two.result, two.pid) == ("write", "ended", os.getpid())


def test_whether_acts_can_be_recorded_is_told_before(
    said: list[str], log: ActivityLog, log_path: Path, tmp_path: Path
) -> None:
    assert log.check(2000) == ""
    assert log_path.read_text() == ""
    (tmp_path / "file").write_text("")
    broken = ActivityLog(said.append, tmp_path / "file" / "activity.jsonl")
    assert broken.check().startswith("the activity log cannot be kept: ")
    assert not broken.record("write", "segment 1 (private)", "ended")
