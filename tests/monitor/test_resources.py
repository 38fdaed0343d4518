"""Limits, memory and queues read together: a part that fails leaves the others."""

import subprocess
import sys

from shmtui.monitor.resources import read_resources
from shmtui.sysv import segments
from shmtui.sysv.limits import Limits, read_limits
from tests import kernel
from tests.conftest import MakeSegment
from tests.otherproc import with_proc
from tests.present.made import segment

LIMITS = Limits(4096, 2**63, 2**63, False, -1)


def test_everything_is_there_at_once(make_segment: MakeSegment) -> None:
    kernel.fill(make_segment(8192), b"x" * 8192)
    found = read_resources(segments(), read_limits(), deadline_s=30.0)
    names = [one.name for one in found.bounds]
    assert names == ["shmmni", "shmall", "shmmax", "semmni", "semmns", "msgmni"]
    assert (found.used.segments, found.resident) == (1, 8192)
    assert found.memory is not None
    assert found.memory.shmem >= 8192
    assert found.tmpfs
    assert found.shared_files.complete
    assert found.caveats == ()


def test_huge_pages_are_no_part_of_what_shmem_counts() -> None:
    huge = segment(1, size=2 << 20, rss=512 * (2 << 20))
    assert read_resources([huge, segment(2)], LIMITS).resident == 4096


def test_where_a_row_does_not_tell_what_is_resident_neither_does_the_sum() -> None:
    assert read_resources([segment(1), segment(2, rss=None)], LIMITS).resident is None


SCRIPT = """
from shmtui.monitor.resources import read_resources
from shmtui.sysv.limits import read_limits
found = read_resources([], read_limits())
print(len(found.bounds), found.memory, found.hugetlb_group, bool(found.tmpfs), *found.caveats)
"""


def test_where_proc_has_only_processes_the_rest_is_told_and_the_reason() -> None:
    done = subprocess.run(
        with_proc("subset=pid", [sys.executable, "-c", SCRIPT]),
        cwd=kernel.ROOT,
        capture_output=True,
        text=True,
    )
    assert done.stdout.startswith("3 None None True the machine's memory cannot be told"), done
