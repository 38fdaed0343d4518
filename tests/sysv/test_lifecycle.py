"""Making and removing real segments: what they are like, and the words of every failure."""

import mmap
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from shmtui.sysv import lifecycle
from shmtui.sysv.errors import (
    BadArgument,
    KeyTaken,
    NoRoom,
    NotThere,
    Refused,
)
from shmtui.sysv.evidence import Evidence
from shmtui.sysv.pages import pages
from shmtui.sysv.segment import Segment
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.conftest import Setting
from tests.sysv.rows import segment

Create = Callable[..., int]


@pytest.fixture
def create() -> Iterator[Create]:
    """lifecycle.create; what it made is removed at the end of the test."""
    made: list[int] = []

    def make(key: int | None, size: int, mode: int) -> int:
        made.append(lifecycle.create(key, size, mode))
        return made[-1]

    yield make
    for shmid in made:
        kernel.rmid(shmid)


def test_a_new_segment_is_empty_unattached_and_takes_no_page(create: Create) -> None:
    row = segment(create(0xCAFE0001, 1 << 30, 0o640))
    assert (row.key, row.size, row.mode) == (0xCAFE0001, 1 << 30, 0o640)
    assert (row.nattch, row.lpid, row.atime, row.rss) == (0, 0, 0, 0)


def test_without_a_key_it_is_private(create: Create) -> None:
    one, two = create(None, 1, 0o600), create(None, 1, 0o600)
    assert one != two
    assert segment(one).private


def test_it_can_be_made_with_a_mode_that_leaves_us_no_right(create: Create) -> None:
    assert segment(create(None, 1, 0)).mode == 0


def test_the_highest_key_is_a_key(create: Create) -> None:
    assert segment(create(0xFFFFFFFF, 1, 0o600)).key == 0xFFFFFFFF


@pytest.mark.parametrize(
    ("key", "size", "mode", "words"),
    [
        (1, 0, 0o600, "size 0: a segment has at least one byte"),
        (1, -1, 0o600, "size -1: a segment has at least one byte"),
        (1, 2**62, 0o600, "more than any machine has"),
        (1, 2**80, 0o600, "size"),
        (1, 1, 0o1000, "mode 1000: only the nine permission bits"),
        (1, 1, -1, "mode -1"),
        (0, 1, 0o600, "key 0 is out of range"),
        (-5, 1, 0o600, "key -5 is out of range"),
        (2**32, 1, 0o600, "key 4294967296 is out of range"),
    ],
)
def test_what_no_segment_can_have_is_refused_in_words(
    key: int, size: int, mode: int, words: str
) -> None:
    before = kernel.shmids()
    with pytest.raises(BadArgument, match=re.escape(words)):
        lifecycle.create(key, size, mode)
    assert kernel.shmids() == before


def test_a_size_beyond_shmmax_names_the_limit(kernel_setting: Setting) -> None:
    kernel_setting("kernel/shmmax", 8192)
    with pytest.raises(BadArgument, match=r"size 8193 is beyond kernel.shmmax, which is 8192"):
        lifecycle.create(None, 8193, 0o600)


def test_a_taken_key_says_by_which_segment(make_segment: MakeSegment) -> None:
    shmid = make_segment(size=77, key=0xCAFE0002, mode=0o604)
    words = f"key 0xcafe0002 is taken by segment {shmid}: 77 bytes, mode 0604, owner "
    with pytest.raises(KeyTaken, match=words):
        lifecycle.create(0xCAFE0002, 77, 0o600)


def test_no_free_id_says_which_limit_and_what_helps(
    make_segment: MakeSegment, kernel_setting: Setting
) -> None:
    make_segment()
    used = len(kernel.shmids())
    kernel_setting("kernel/shmmni", used)
    words = (
        f"kernel.shmmni is reached: {used} of {used} segments. "
        f"Remove orphans, or sysctl kernel.shmmni={2 * used}"
    )
    with pytest.raises(NoRoom, match=words):
        lifecycle.create(None, 1, 0o600)


def test_no_pages_left_says_how_many_and_what_helps(
    make_segment: MakeSegment, kernel_setting: Setting
) -> None:
    used = sum(pages(segment(shmid).size) for shmid in [*kernel.shmids(), make_segment()])
    kernel_setting("kernel/shmall", used + 1)
    words = f"kernel.shmall is reached: {used} of {used + 1} pages are used, this needs 2"
    with pytest.raises(NoRoom, match=words):
        lifecycle.create(None, 2 * mmap.PAGESIZE, 0o600)


def test_where_it_would_vanish_with_its_creator_it_is_not_made(kernel_setting: Setting) -> None:
    kernel_setting("kernel/shm_rmid_forced", 1)
    before = kernel.shmids()
    with pytest.raises(Refused, match="shm_rmid_forced is 1"):
        lifecycle.create(None, 1, 0o600)
    assert kernel.shmids() == before


def test_removing_compares_while_attached(make_segment: MakeSegment) -> None:
    row = segment(make_segment())
    assert lifecycle.remove(row.fingerprint, unheld=True) == "compared while attached"
    assert kernel.row(row.shmid) == ""


def test_a_held_segment_is_marked_where_that_was_asked_for(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    row = segment(make_segment(key=0xCAFE0003))
    attached_child(row.shmid)
    lifecycle.remove(row.fingerprint, unheld=False)
    now = segment(row.shmid)
    assert (now.doomed, now.nattch, now.key) == (True, 1, 0)


def test_a_segment_attached_since_it_was_seen_stays_where_only_unheld_ones_may_go(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    row = segment(make_segment())
    attached_child(row.shmid)
    before = kernel.row(row.shmid)
    with pytest.raises(Refused, match=r"is attached again \(1\)"):
        lifecycle.remove(row.fingerprint, unheld=True)
    assert kernel.row(row.shmid) == before


def test_a_changed_segment_stays_and_is_not_touched(make_segment: MakeSegment) -> None:
    row = segment(make_segment())
    before = kernel.row(row.shmid)
    seen = row.fingerprint
    for other in (seen._replace(key=1), seen._replace(ctime=1)):
        with pytest.raises(Refused, match="was changed since you looked"):
            lifecycle.remove(other, unheld=True)
    assert kernel.row(row.shmid) == before


def test_another_segment_that_got_the_id_stays(make_segment: MakeSegment) -> None:
    if not os.access(kernel.NEXT_ID, os.W_OK):
        pytest.skip("only root can ask the kernel for a given shmid")
    seen = segment(make_segment(size=100))
    kernel.rmid(seen.shmid)
    kernel.NEXT_ID.write_text(str(seen.shmid))
    other = make_segment(size=200)
    assert other == seen.shmid
    before = kernel.row(other)
    with pytest.raises(NotThere, match=f"segment {other} is gone"):
        lifecycle.remove(seen.fingerprint, unheld=True)
    assert kernel.row(other) == before


def test_a_segment_that_went_is_said_to_be_gone(make_segment: MakeSegment) -> None:
    row = segment(make_segment())
    kernel.rmid(row.shmid)
    with pytest.raises(NotThere, match=f"segment {row.shmid} is gone"):
        lifecycle.remove(row.fingerprint, unheld=True)


def test_a_segment_removed_already_is_not_kept_alive_by_us(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    attached_child(shmid)
    kernel.rmid(shmid)
    row = segment(shmid)
    before = kernel.row(shmid)
    with pytest.raises(Refused, match="goes with its last detach"):
        lifecycle.remove(row.fingerprint, unheld=False)
    assert kernel.row(shmid) == before


def test_where_a_detach_destroys_it_is_compared_just_before(
    make_segment: MakeSegment, kernel_setting: Setting
) -> None:
    row = segment(make_segment())
    kernel_setting("kernel/shm_rmid_forced", 1)
    assert lifecycle.remove(row.fingerprint, unheld=True) == "compared just before"
    assert kernel.row(row.shmid) == ""


def test_what_has_no_room_in_our_address_space_is_compared_just_before(
    make_segment: MakeSegment,
) -> None:
    shmid = make_segment(size=1 << 30)
    script = (
        "import resource\n"
        "from shmtui.sysv import lifecycle\n"
        "from tests.sysv.rows import segment\n"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        f"print(lifecycle.remove(segment({shmid}).fingerprint, True))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=kernel.ROOT, capture_output=True, text=True
    )
    assert done.stdout == "compared just before\n", done.stderr
    assert kernel.row(shmid) == ""


def test_what_our_attach_overwrote_is_evidence_when_the_segment_lives_on(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    row = segment(make_segment())
    child = attached_child(row.shmid)
    held = segment(row.shmid)
    evidence = Evidence()
    lifecycle.remove(row.fingerprint, unheld=False, evidence=evidence)
    now = segment(row.shmid)
    assert now.lpid == os.getpid()
    assert evidence.original(now).lpid == child.pid
    assert evidence.original(now).atime == held.atime


class Meanwhile(Evidence):
    """Lets another hand act between the look at the table and our attach."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__()
        self._act = act

    @contextmanager
    def attaching(self, segment: Segment) -> Iterator[Segment]:
        self._act()
        with super().attaching(segment) as now:
            yield now


def test_a_segment_attached_between_the_look_and_the_removal_stays(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    row = segment(make_segment())
    meanwhile = Meanwhile(lambda: attached_child(row.shmid))
    with pytest.raises(Refused, match=r"is attached again \(1\)"):
        lifecycle.remove(row.fingerprint, unheld=True, evidence=meanwhile)
    assert not segment(row.shmid).doomed


def test_a_segment_removed_between_the_look_and_the_removal_is_gone(
    make_segment: MakeSegment,
) -> None:
    row = segment(make_segment())
    with pytest.raises(NotThere):
        lifecycle.remove(row.fingerprint, True, Meanwhile(lambda: kernel.rmid(row.shmid)))


def test_who_may_not_remove_it_leaves_no_trace_and_is_told_why(make_segment: MakeSegment) -> None:
    shmid = make_segment(mode=0o666)
    before = kernel.row(shmid)
    script = (
        "from shmtui.sysv import lifecycle, ShmError\n"
        "from tests.sysv.rows import segment\n"
        f"try: lifecycle.remove(segment({shmid}).fingerprint, True)\n"
        "except ShmError as error: print(type(error).__name__, error)\n"
    )
    done = kernel.as_user("nobody", [sys.executable, "-c", script], cwd=kernel.ROOT)
    assert done.stdout.startswith("NotAllowed"), done.stderr
    assert "owner root; you are nobody" in done.stdout
    assert "Only its owner, its creator or root may change or remove it" in done.stdout
    assert kernel.row(shmid) == before


def test_an_owner_without_the_right_to_read_removes_it_too(make_segment: MakeSegment) -> None:
    script = (
        "from shmtui.sysv import lifecycle\n"
        "from tests.sysv.rows import segment\n"
        "shmid = lifecycle.create(None, 10, 0)\n"
        "print(lifecycle.remove(segment(shmid).fingerprint, True))\n"
    )
    done = kernel.as_user("nobody", [sys.executable, "-c", script], cwd=kernel.ROOT)
    assert done.stdout == "compared just before\n", done.stderr
