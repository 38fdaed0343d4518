"""Dumping pages that are swapped out: named as missing, or read in when that was asked for."""

import mmap
from pathlib import Path

import pytest

from shmtui.acts.dump import Dumped, dump
from shmtui.monitor.source import Source
from shmtui.sysv.content import can_peek
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.window import Consent
from tests.conftest import AttachedChild
from tests.sources import kept
from tests.sysv import test_content_swap
from tests.sysv.rows import segment

PAGE = mmap.PAGESIZE

swap = test_content_swap.swap
swapped = test_content_swap.swapped


@pytest.fixture
def held(swapped: int, attached_child: AttachedChild) -> int:
    """The segment of four pages, the second one swapped out, with a holder to read through."""
    if not can_peek():
        pytest.skip("opening /proc/PID/map_files needs root in the initial user namespace")
    attached_child(swapped)
    return swapped


def dumped(shmid: int, path: Path, *, swapped: bool) -> Dumped:
    source = kept(Source(segment(shmid), (), Consent.FORCED, Evidence()))
    *_, last = dump(source, path, swapped=swapped)
    assert isinstance(last, Dumped)
    return last


def test_a_swapped_page_stays_where_it_is_and_is_named(held: int, tmp_path: Path) -> None:
    done = dumped(held, tmp_path / "dump", swapped=False)
    assert (done.data, done.holes, done.unread) == (PAGE, 2 * PAGE, {"swapped out": PAGE})
    assert not done.complete
    assert segment(held).swap == PAGE


def test_it_is_read_in_where_that_was_asked_for(held: int, tmp_path: Path) -> None:
    done = dumped(held, tmp_path / "dump", swapped=True)
    assert (done.data, done.holes, done.complete) == (2 * PAGE, 2 * PAGE, True)
    wanted = bytes(PAGE) + b"\x11" * 2 * PAGE + bytes(PAGE)
    assert done.path.read_bytes() == wanted
