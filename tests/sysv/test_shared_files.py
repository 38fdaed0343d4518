"""memfds and shared anonymous memory, found by the processes that have them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shmtui.sysv.content import can_peek
from shmtui.sysv.shared_files import SharedFile, count_shared_files
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.hung import hung_process

SIZE = 1 << 20

SHARER = """
import mmap, os, sys
memfd = os.memfd_create("blue whale")
os.write(memfd, bytes(1 << 20))
closed = os.memfd_create("closed")
os.write(closed, bytes(2 << 20))
mapped = mmap.mmap(closed, 2 << 20)
os.close(closed)
anonymous = mmap.mmap(-1, 8 << 20)
anonymous[: 3 << 20] = bytes(3 << 20)
if os.fork() == 0:
    print(os.getpid(), flush=True)
sys.stdin.readline()
os._exit(0)
"""


@contextmanager
def sharer() -> Iterator[tuple[int, int]]:
    """A process and its child that share a memfd, one that is only mapped, and nameless memory."""
    with subprocess.Popen(
        [sys.executable, "-c", SHARER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        yield process.pid, int(process.stdout.readline())


def of(pid: int) -> list[SharedFile]:
    return [file for file in count_shared_files(30.0).files if pid in file.pids]


def test_memfds_and_anonymous_memory_are_told_with_their_size_and_processes() -> None:
    with sharer() as pids:
        found = {(file.kind, file.name): file for file in of(pids[0])}
    assert found.keys() == {("memfd", "blue whale"), ("memfd", "closed"), ("anonymous", "")}
    assert {file.pids for file in found.values()} == {tuple(sorted(pids))}
    assert found["memfd", "blue whale"].size == SIZE
    through_mappings = (2 * SIZE, 3 * SIZE) if can_peek() else (None, None)
    assert (found["memfd", "closed"].size, found["anonymous", ""].size) == through_mappings
    assert {file.command for file in found.values()} == {os.path.basename(sys.executable)[:15]}


def test_the_largest_comes_first() -> None:
    with sharer():
        sizes = [file.size or 0 for file in count_shared_files(30.0).files]
    assert sizes == sorted(sizes, reverse=True)


def test_a_segment_is_none_of_them(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    assert of(attached_child(make_segment(), b"x").pid) == []


def test_counting_ends_at_its_deadline_and_says_so() -> None:
    assert not count_shared_files(0.0).complete
    assert count_shared_files(30.0).complete


def test_a_process_that_hangs_who_looks_is_left_out(tmp_path: Path) -> None:
    with hung_process(tmp_path) as pid, sharer() as pids:
        count = count_shared_files(30.0, patience_s=0.2)
        assert count.complete
        assert count.stuck == (pid,)
        found = {pid for file in count.files for pid in file.pids}
        assert found.issuperset(pids)
        assert pid not in found


PLAIN = """
import json
from shmtui.sysv.shared_files import count_shared_files
count = count_shared_files(30.0)
print(json.dumps([count.unreadable, count.complete]))
"""


def test_processes_that_a_plain_user_may_not_look_into_are_counted() -> None:
    with sharer():
        done = kernel.as_user("nobody", [sys.executable, "-c", PLAIN])
    unreadable, complete = json.loads(done.stdout)
    assert complete
    assert unreadable >= 2
