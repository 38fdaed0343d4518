"""Pictures of the past as a file: whole, or not there."""

import json
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from shmtui.acts.export import export
from shmtui.acts.new_file import Exists, FileError


def test_each_record_is_a_line_that_its_owner_alone_may_read(tmp_path: Path) -> None:
    path = tmp_path / "past"
    export([{"offset": 0}, {"offset": 64}], path)
    assert [json.loads(line) for line in path.read_text().splitlines()] == [
        {"offset": 0},
        {"offset": 64},
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "past"
    path.write_text("mine")
    with pytest.raises(Exists, match="is there already"):
        export([{}], path)
    assert path.read_text() == "mine"


def test_where_there_is_no_room_for_all_nothing_is_left(tmp_path: Path) -> None:
    path = tmp_path / "past"

    def until_the_disk_is_full() -> Iterator[Mapping[str, object]]:
        yield {"offset": 0}
        raise OSError(28, "No space left on device")

    with pytest.raises(FileError, match=r"No space left on device\. The part .* is removed"):
        export(until_the_disk_is_full(), path)
    assert not path.exists()


def test_what_cannot_be_told_in_json_leaves_no_half_file(tmp_path: Path) -> None:
    path = tmp_path / "past"
    with pytest.raises(TypeError):
        export([{"offset": 0}, {"hex": b"raw"}], path)
    assert not path.exists()
