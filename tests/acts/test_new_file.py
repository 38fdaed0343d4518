"""What a new file is called."""

import re

import pytest

from shmtui.acts.new_file import file_name
from tests.conftest import MakeSegment
from tests.sysv.rows import segment


@pytest.mark.parametrize(("key", "words"), [(0xCEA, "0x00000cea"), (None, "private")])
def test_a_file_is_called_after_its_segment_and_the_time(
    make_segment: MakeSegment, key: int | None, words: str
) -> None:
    shmid = make_segment(key=key)
    pattern = rf"shm-{shmid}-{words}-\d{{8}}T\d{{6}}\.dump"
    assert re.fullmatch(pattern, file_name(segment(shmid), "dump"))
