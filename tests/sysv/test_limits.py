"""The limits of the namespace, and the nearest."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shmtui.sysv import segments
from shmtui.sysv.limits import (
    UNLIMITED,
    Bound,
    Limits,
    Used,
    bounds,
    nearest_bound,
    read_limits,
    used_by,
)
from shmtui.sysv.pages import PAGE_SIZE
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.otherproc import with_proc

LIMITS = Limits(shmmni=4, shmmax=2**40, shmall=100, rmid_forced=False, next_id=-1)


def kernel_setting(name: str) -> int:
    return int(Path("/proc/sys/kernel", name).read_text())


def test_the_limits_are_those_that_the_kernel_has_now() -> None:
    limits = read_limits()
    assert limits.shmmni == kernel_setting("shmmni")
    assert limits.shmmax == kernel_setting("shmmax")
    assert limits.shmall == kernel_setting("shmall")
    assert limits.rmid_forced == bool(kernel_setting("shm_rmid_forced"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may change the namespace's settings")
def test_settings_are_those_of_this_moment(make_segment: MakeSegment) -> None:
    forced = Path("/proc/sys/kernel/shm_rmid_forced")
    try:
        forced.write_text("1")
        assert read_limits().rmid_forced
    finally:
        forced.write_text("0")
    assert not read_limits().rmid_forced
    Path("/proc/sys/kernel/shm_next_id").write_text("77")
    assert read_limits().next_id == 77
    make_segment()  # takes that id
    assert read_limits().next_id == -1


def test_where_proc_has_only_processes_the_kernel_is_asked_and_doubt_is_kept() -> None:
    script = "from shmtui.sysv.limits import read_limits; print(tuple(read_limits()))"
    said = subprocess.run(
        with_proc("subset=pid", [sys.executable, "-c", script]),
        cwd=kernel.ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == str(tuple(read_limits()._replace(rmid_forced=True, next_id=None)))


def nearest(limits: Limits, segments: int, pages: int) -> Bound | None:
    return nearest_bound(bounds(limits, Used(segments, pages, largest=0)))


def test_the_nearest_limit_is_the_one_of_which_most_is_used() -> None:
    assert nearest(LIMITS, 3, 3) == Bound("shmmni", "segments", 3, 4)
    assert nearest(LIMITS, 2, 91) == Bound("shmall", "all segments together", 91, 100, "pages")


def test_without_segments_nothing_is_near() -> None:
    assert nearest(LIMITS, 0, 0) == Bound("shmmni", "segments", 0, 4)


def test_one_segment_as_large_as_can_be_brings_no_limit_near() -> None:
    used = Used(1, 1, largest=LIMITS.shmmax)
    assert nearest_bound(bounds(LIMITS, used)) == Bound("shmmni", "segments", 1, 4)


def test_the_kernels_defaults_count_as_unlimited() -> None:
    limits = LIMITS._replace(shmall=18446744073692774399)
    assert limits.shmall > UNLIMITED
    assert nearest(limits, 1, 90) == Bound("shmmni", "segments", 1, 4)


def test_a_namespace_that_allows_nothing_is_full() -> None:
    full = nearest(LIMITS._replace(shmmni=0), 0, 0)
    assert full is not None
    assert full.share == 1.0


def test_without_limits_none_is_near() -> None:
    assert nearest(LIMITS._replace(shmmni=2**62, shmall=2**62), 0, 0) is None


def test_what_is_used_counts_segments_pages_and_the_largest(make_segment: MakeSegment) -> None:
    before = used_by(segments())
    make_segment(1)
    make_segment(1 << 30)
    after = used_by(segments())
    assert after == (before.segments + 2, before.pages + 1 + (1 << 30) // PAGE_SIZE, 1 << 30)


def test_a_segment_that_waits_for_its_destruction_is_still_counted(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    attached_child(shmid)
    kernel.rmid(shmid)
    assert used_by(segments()).segments == 1


def test_limits_of_the_kernels_defaults_are_unlimited() -> None:
    limits = LIMITS._replace(shmmax=18446744073692774399, shmall=18446744073692774399)
    shmmni, shmall, shmmax = bounds(limits, Used(1, 2, 4097))
    assert (shmmni.share, shmall.share, shmmax.share) == (0.25, None, None)
    assert (shmall.limit, shmall.unit) == (None, "pages")
    assert bounds(LIMITS._replace(shmmni=0), Used(0, 0, 0))[0].share == 1.0
