"""`shmtui show` of segments that have more attaches than processes."""

import subprocess
from collections.abc import Callable, Iterator

import pytest

from tests.children import children
from tests.cli.program import parsed, printed
from tests.conftest import MakeSegment

PAGE = 4096
MANY = 20_001

_SPLITTING = """
import ctypes, sys
from tests import kernel
from tests.children import children
libc = ctypes.CDLL(None, use_errno=True)
libc.mprotect.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
shmid, pages = map(int, sys.argv[1:])
address = kernel.shmat(shmid)
for number in range(1, pages, 2):
    assert libc.mprotect(address + number * 4096, 4096, 1) == 0
print("ready", flush=True)
sys.stdin.read()
"""

Split = Callable[[int, int], "subprocess.Popen[bytes]"]


@pytest.fixture
def split() -> Iterator[Split]:
    """Starts a process that attaches a segment once, and makes every second of its pages
    read-only: that many mappings, of a page each."""
    with children() as start_child:

        def start(shmid: int, pages: int) -> "subprocess.Popen[bytes]":
            child, said = start_child("-c", _SPLITTING, str(shmid), str(pages))
            assert said == b"ready\n"
            return child

        yield start


def test_an_attach_that_mprotect_split_is_several_attaches_of_one_process(
    make_segment: MakeSegment, split: Split
) -> None:
    shmid = make_segment(3 * PAGE)
    child = split(shmid, 3)
    assert "\n3 attaches, 1 process\n" in printed("show", shmid)
    segment = parsed("show", "--json", shmid)["segment"]
    (holder,) = segment["holders"]
    assert (segment["nattch"], segment["nattch_unexplained"]) == (3, 0)
    assert (holder["pid"], holder["mapping_access"]) == (child.pid, ["rw", "r", "rw"])
    said = printed("remove", "--dry-run", "--force", shmid)
    assert "1 process keeps it" in said


def test_a_holder_of_many_thousand_mappings_is_told_whole_and_in_few_words(
    make_segment: MakeSegment, split: Split
) -> None:
    shmid = make_segment(MANY * PAGE)
    child = split(shmid, MANY)
    told = printed("show", shmid)
    assert f"\n{MANY} attaches, 1 process\n" in told
    assert f" +{MANY - 3} " in told
    segment = parsed("show", "--json", shmid)["segment"]
    (holder,) = segment["holders"]
    assert (len(holder["addresses"]), segment["nattch_unexplained"]) == (MANY, 0)
    (listed,) = parsed("list", "--json", "--pid", child.pid)["segments"]
    assert (listed["id"], listed["nattch"]) == (shmid, MANY)
