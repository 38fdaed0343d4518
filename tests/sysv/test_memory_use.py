"""The machine's memory, its huge pages, and tmpfs: as the kernel has them now."""

import mmap
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from shmtui.sysv.huge_pages import HugePages, huge_page_pools, hugetlb_shm_group
from shmtui.sysv.memory_use import read_memory
from shmtui.sysv.tmpfs import tmpfs_mounts
from tests import kernel
from tests.conftest import MakeSegment
from tests.otherproc import with_proc
from tests.waiting import wait_until

SIZE = 64 << 20


def test_shared_memory_counts_what_a_segment_has_written(make_segment: MakeSegment) -> None:
    kernel.fill(make_segment(SIZE), b"x" * SIZE)
    # The kernel sums up what each processor counted once a second or so (vm.stat_interval).
    wait_until(lambda: read_memory().shmem > SIZE // 2)


def test_memory_is_told_in_bytes() -> None:
    lines = (line.split() for line in Path("/proc/meminfo").read_text().splitlines())
    told = {line[0][:-1]: int(line[1]) * 1024 for line in lines}
    memory = read_memory()
    assert (memory.total, memory.swap_total) == (told["MemTotal"], told["SwapTotal"])
    assert memory.commit_limit == told["CommitLimit"]
    assert memory.committed > memory.total // 1024
    assert memory.overcommit == int(Path("/proc/sys/vm/overcommit_memory").read_text())


def test_memory_is_told_where_proc_has_only_processes_and_meminfo_not() -> None:
    script = "from shmtui.sysv.memory_use import read_memory; read_memory()"
    argv = with_proc("subset=pid", [sys.executable, "-c", script])
    done = subprocess.run(argv, cwd=kernel.ROOT, capture_output=True, text=True)
    assert "ShmError: the machine's memory cannot be told" in done.stderr


def test_the_pool_of_huge_pages_is_the_one_of_meminfo() -> None:
    told = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    if "Hugepagesize" not in told:
        pytest.skip("a kernel without huge pages")
    size = int(told["Hugepagesize"].split()[0]) * 1024
    (pool,) = (one for one in huge_page_pools() if one.page_size == size)
    assert pool.total == int(told["HugePages_Total"])


def test_reserved_huge_pages_are_no_longer_available() -> None:
    assert HugePages(2 << 20, total=8, free=6, reserved=5, surplus=0).available == 1


def test_the_group_that_may_use_huge_pages_is_told() -> None:
    assert hugetlb_shm_group() == int(Path("/proc/sys/vm/hugetlb_shm_group").read_text())


TMPFS = """
import os, sys
from pathlib import Path
from shmtui.sysv.tmpfs import tmpfs_mounts
root = Path(sys.argv[1])
Path(root, "a b", "file").write_bytes(bytes(1 << 20))
for one in tmpfs_mounts():
    if one.path.startswith(str(root)):
        print(one.path.removeprefix(str(root)), one.used, one.size, sep="|")
"""

MOUNTS = """
set -e
mkdir "$1/a b" "$1/again" "$1/endless" "$1/over"
mount -t tmpfs -o size=8m shmtui "$1/a b"
mount --bind "$1/a b" "$1/again"
mount -t tmpfs -o size=0 shmtui "$1/endless"
mount -t tmpfs -o size=4m shmtui "$1/over"
mount -t tmpfs -o size=2m shmtui "$1/over"
exec "$2" -c "$3" "$1"
"""


def test_each_tmpfs_is_counted_once_with_what_its_files_take(tmp_path: Path) -> None:
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("only root can mount a tmpfs, with unshare")
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", MOUNTS, "sh", tmp_path, sys.executable, TMPFS],
        cwd=kernel.ROOT,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines() == [
        f"/a b|{1 << 20}|{8 << 20}",
        "/endless|None|None",
        f"/over|0|{2 << 20}",
    ], done.stderr


def test_a_file_in_dev_shm_shows_there() -> None:
    with tempfile.TemporaryFile(dir="/dev/shm") as file:
        (before,) = (one for one in tmpfs_mounts() if one.path == "/dev/shm")
        file.write(bytes(mmap.PAGESIZE * 256))
        file.flush()
        (after,) = (one for one in tmpfs_mounts() if one.path == "/dev/shm")
    if before.used is None or after.used is None:
        pytest.skip("/dev/shm is mounted without a limit, and tells nothing")
    assert after.used >= mmap.PAGESIZE * 256
