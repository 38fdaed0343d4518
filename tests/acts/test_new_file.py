"""A new file: what it is called, and that it goes where it is not finished."""

import os
import re
import signal
from collections.abc import Collection
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


def test_ctrl_c_just_before_the_file_is_made_leaves_no_signal_blocked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_mask, unblocked = signal.pthread_sigmask, signal.pthread_sigmask(signal.SIG_BLOCK, ())

    def interrupted(how: int, signals: Collection[int]) -> set[int]:
        before = set_mask(how, signals)
        if signal.SIGINT in signals:
            raise KeyboardInterrupt  # as pthread_sigmask does for a handler that is due
        return set(before)

    monkeypatch.setattr(signal, "pthread_sigmask", interrupted)
    with pytest.raises(KeyboardInterrupt), new_file(tmp_path / "file"):
        pytest.fail("it was to be cancelled")
    assert set_mask(signal.SIG_BLOCK, ()) == unblocked
    assert list(tmp_path.iterdir()) == []
