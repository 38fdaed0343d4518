"""A new file: what it is called, and that it goes where it is not finished."""

import os
import re
import signal
from pathlib import Path

import pytest

from shmtui.acts.new_file import file_name, new_file
from tests.conftest import MakeSegment
from tests.sysv.rows import segment


@pytest.mark.parametrize(("key", "words"), [(0xCEA, "0x00000cea"), (None, "private")])
def test_a_file_is_called_after_its_segment_and_the_time(
    make_segment: MakeSegment, key: int | None, words: str
) -> None:
    shmid = make_segment(key=key)
    pattern = rf"shm-{shmid}-{words}-\d{{8}}T\d{{6}}\.dump"
    assert re.fullmatch(pattern, file_name(segment(shmid), "dump"))


def test_ctrl_c_at_the_very_moment_when_the_file_is_made_leaves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_open = os.open

    def opened(path: Path, flags: int, mode: int) -> int:
        descriptor = really_open(path, flags, mode)
        signal.raise_signal(signal.SIGINT)
        return descriptor

    monkeypatch.setattr(os, "open", opened)
    with pytest.raises(KeyboardInterrupt), new_file(tmp_path / "file"):
        pytest.fail("it is made, and was to be cancelled")
    assert list(tmp_path.iterdir()) == []
