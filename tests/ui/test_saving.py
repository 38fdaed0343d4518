"""Dumps and exports from the pane, in the whole application over real segments."""

import json
import os
import stat
from pathlib import Path

import pytest

from shmtui.sysv.peek import can_peek
from tests import kernel
from tests.ui.living import LIVED_BYTES, answer, reading, sees

pytestmark = [
    pytest.mark.skipif(not can_peek(), reason="only root reads without an attach"),
    pytest.mark.usefixtures("no_other_segments"),
]


async def test_pictures_are_exported_as_json_lines(lived: int, tmp_path: Path) -> None:
    place = tmp_path / "pictures.jsonl"
    async with reading(lived) as (_, pilot):
        kernel.fill(lived, b"!", 0x31)
        await sees(pilot, "1 byte")
        await answer(pilot, "e", str(place))
        await sees(pilot, "Exported", "pictures to")
        await answer(pilot, "e", str(place))
        await sees(pilot, "is there already")
    *_, one, two = map(json.loads, place.read_text().splitlines())
    assert one["hex"] != two["hex"]
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


async def test_a_dump_has_all_bytes_and_holes_and_is_for_its_owner_alone(
    lived: int, tmp_path: Path
) -> None:
    place = tmp_path / "dump.bin"
    async with reading(lived) as (_, pilot):
        await answer(pilot, "s", str(place))
        await sees(pilot, "Dumped 8.0K to", "of holes")
    data = place.read_bytes()
    assert len(data) == LIVED_BYTES
    assert data[0x100:0x106] == data[0x8000:0x8006] == b"needle"
    assert place.stat().st_blocks * 512 < LIVED_BYTES // 2
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


@pytest.mark.parametrize("agreed", [True, False])
async def test_a_file_that_is_there_is_overwritten_only_by_consent(
    lived: int, tmp_path: Path, agreed: bool
) -> None:
    place = tmp_path / "dump.bin"
    place.write_bytes(b"precious")
    async with reading(lived) as (_, pilot):
        await answer(pilot, "s", str(place))
        await sees(pilot, "It stays as it is", "Overwrite")
        await pilot.press(*(["tab", "enter"] if agreed else ["enter"]))
        await sees(pilot, "Dumped" if agreed else "Nothing was dumped")
    assert (place.read_bytes() == b"precious") is not agreed
    assert [one.name for one in tmp_path.iterdir()] == ["dump.bin"]


@pytest.mark.parametrize("key", ["s", "e"])
@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("~nobody-of-that-name/x", "nobody-of-that-name"),
        ("/no/such/folder/x", "No such file or directory"),
        ("/proc/x", "/proc/x"),
        ("x" * 300, "xxx: File name too long"),
    ],
    ids=["home", "folder", "proc", "long"],
)
async def test_a_file_that_cannot_be_written_says_why(
    lived: int, key: str, path: str, sentence: str
) -> None:
    async with reading(lived) as (app, pilot):
        await answer(pilot, key, path)
        await sees(pilot, sentence)
        assert app.is_running


async def test_a_device_is_never_replaced(lived: int) -> None:
    async with reading(lived) as (_, pilot):
        await answer(pilot, "s", "/dev/full")
        await sees(pilot, "is not a plain file")
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)
