"""One row, looked at alone: the right one, also where we may not read it."""

import sys

import pytest

from shmtui.sysv.errors import ShmError
from shmtui.sysv.status import seen
from shmtui.sysv.window import Gone
from tests import kernel
from tests.conftest import MakeSegment
from tests.sysv.rows import segment

SLOTS = 32768  # IPCMNI in linux/ipc.h: a shmid is its slot and a multiple of this


def test_a_row_is_looked_at_without_the_table(make_segment: MakeSegment) -> None:
    make_segment()  # the first in a namespace has the id 0, which says little
    row = segment(make_segment(key=0xCAFE0030))
    assert row.rss is not None
    assert seen(row.identity) == row._replace(rss=None, swap=None)


def test_another_segment_in_its_slot_is_not_taken_for_it(make_segment: MakeSegment) -> None:
    row = segment(make_segment())
    kernel.rmid(row.shmid)
    for _ in range(SLOTS):
        other = kernel.shmget(kernel.IPC_PRIVATE, row.size, 0o600)
        if other % SLOTS == row.shmid % SLOTS:
            break
        kernel.rmid(other)
    try:
        assert segment(other).identity == row.identity._replace(shmid=other)
        with pytest.raises(Gone, match=f"segment {row.shmid} is gone"):
            seen(row.identity)
    finally:
        kernel.rmid(other)


def test_a_row_that_we_may_not_read_is_seen_too(make_segment: MakeSegment) -> None:
    shmid = make_segment(mode=0)
    script = (
        "from shmtui.sysv.status import seen\n"
        "from tests.sysv.rows import segment\n"
        f"print(seen(segment({shmid}).identity).mode)\n"
    )
    done = kernel.as_user("nobody", [sys.executable, "-c", script], cwd=kernel.ROOT)
    assert done.stdout == "0\n", done.stderr


def test_a_segment_of_another_namespace_is_said_to_be_one(make_segment: MakeSegment) -> None:
    identity = segment(make_segment()).identity
    with pytest.raises(ShmError, match="is in another IPC namespace"):
        seen(identity._replace(namespace=identity.namespace + 1))
