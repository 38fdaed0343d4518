"""Mode, owner and group of real segments: set at once, of the right one, without a trace."""

import os
import re
import sys

import pytest

from shmtui.sysv import permissions, shmctl
from shmtui.sysv.errors import BadArgument, NotThere, Refused, ShmError
from shmtui.sysv.permissions import Permissions, may_change, set_permissions
from shmtui.sysv.status import seen
from shmtui.sysv.users import group_id, user_id
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.rows import segment

ME = os.geteuid(), os.getegid()


def test_the_mode_is_set_and_nobody_was_attached(make_segment: MakeSegment) -> None:
    row = segment(make_segment(mode=0o600))
    now = set_permissions(row, Permissions(0o640, *ME))
    assert segment(row.shmid).mode == now.mode == 0o640
    assert (now.lpid, now.atime, now.dtime) == (row.lpid, row.atime, row.dtime) == (0, 0, 0)


def test_owner_and_group_are_set_at_once(make_segment: MakeSegment) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root's user namespace maps other users")
    row = segment(make_segment())
    set_permissions(row, Permissions(0o600, user_id("nobody"), group_id("nogroup")))
    now = segment(row.shmid)
    assert (now.uid, now.gid) == (user_id("nobody"), group_id("nogroup"))
    assert now.identity == row.identity


def test_what_else_perms_tell_stays(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    row = segment(make_segment())
    attached_child(row.shmid)
    set_permissions(row, Permissions(0, *ME))
    now = segment(row.shmid)
    assert (now.perms, now.nattch, now.key, now.size) == (0, 1, row.key, row.size)


def test_a_segment_that_we_may_not_read_is_set_too(make_segment: MakeSegment) -> None:
    shmid = make_segment(mode=0)
    assert set_permissions(segment(shmid), Permissions(0o444, *ME)).mode == 0o444


def test_a_segment_changed_since_it_was_seen_stays_as_it_is(make_segment: MakeSegment) -> None:
    row = segment(make_segment())
    before = kernel.row(row.shmid)
    with pytest.raises(Refused, match="was changed since you looked"):
        set_permissions(row._replace(ctime=1), Permissions(0o666, *ME))
    assert kernel.row(row.shmid) == before


def test_of_two_changes_in_one_second_the_later_does_not_undo_the_other(
    make_segment: MakeSegment,
) -> None:
    row = segment(make_segment(mode=0o600))
    now = set_permissions(row, Permissions(0o640, *ME))
    with pytest.raises(Refused, match="was changed since you looked"):
        set_permissions(row._replace(ctime=now.ctime), Permissions(0o600, *ME))
    assert segment(row.shmid).mode == 0o640


def test_another_segment_that_got_the_id_stays_as_it_is(
    make_segment: MakeSegment,
) -> None:
    if not os.access(kernel.NEXT_ID, os.W_OK):
        pytest.skip("only root can ask the kernel for a given shmid")
    row = segment(make_segment(size=100))
    kernel.rmid(row.shmid)
    kernel.NEXT_ID.write_text(str(row.shmid))
    other = make_segment(size=200)
    assert other == row.shmid
    before = kernel.row(other)
    with pytest.raises(NotThere, match=f"segment {other} is gone"):
        set_permissions(row, Permissions(0o666, *ME))
    assert kernel.row(other) == before


def test_a_doomed_segment_is_left_alone(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    attached_child(shmid)
    kernel.rmid(shmid)
    with pytest.raises(Refused, match="removed already"):
        set_permissions(segment(shmid), Permissions(0o666, *ME))


def test_a_user_that_the_kernel_does_not_know_is_said(make_segment: MakeSegment) -> None:
    row = segment(make_segment())
    with pytest.raises(BadArgument, match=r"takes no user 4294967295 or group 0 here"):
        set_permissions(row, Permissions(0o600, 2**32 - 1, 0))


SET = """
from shmtui.sysv.permissions import Permissions, may_change, set_permissions
from shmtui.sysv import ShmError
from tests.sysv.rows import segment
row = segment({shmid})
print(may_change(row))
try: set_permissions(row, Permissions(0o666, row.uid, row.gid))
except ShmError as error: print(type(error).__name__, error)
"""


def test_who_may_not_is_told_who_may(make_segment: MakeSegment) -> None:
    shmid = make_segment(mode=0o666)
    before = kernel.row(shmid)
    script = SET.format(shmid=shmid)
    done = kernel.as_user("nobody", [sys.executable, "-c", script], cwd=kernel.ROOT)
    known, said = done.stdout.splitlines()
    assert known == "False", done.stderr
    assert said.startswith("NotAllowed")
    assert "owner root; you are nobody. Only its owner, its creator or root may" in said
    assert kernel.row(shmid) == before


def test_its_creator_may_still_when_it_was_given_away(make_segment: MakeSegment) -> None:
    row = segment(make_segment())
    assert may_change(row._replace(uid=12345))


def test_root_without_the_capability_may_not_what_root_may(
    make_segment: MakeSegment, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = segment(make_segment())
    anothers = row._replace(uid=12345, identity=row.identity._replace(cuid=12345))
    monkeypatch.setattr(permissions, "_is_admin", lambda: False)
    assert not may_change(anothers)
    assert may_change(row)


def test_a_machine_whose_layout_is_unknown_says_so(
    make_segment: MakeSegment, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = segment(make_segment())
    monkeypatch.setattr(shmctl, "_layout_known", lambda: False)
    with pytest.raises(ShmError, match=r"this asks for IPC_SET, and shmctl's layout on .* unknown"):
        set_permissions(row, Permissions(0o666, *ME))
    assert seen(row.identity).mode == 0o600


def test_names_and_numbers_of_users_and_groups() -> None:
    assert (user_id("root"), user_id("0"), user_id("4711")) == (0, 0, 4711)
    assert group_id("root") == 0
    for text in ("no such", "", "-1", "4294967295", "1\0", "٣"):
        with pytest.raises(BadArgument, match=re.escape(f"there is no user {text!r}")):
            user_id(text)
        with pytest.raises(BadArgument, match="there is no group"):
            group_id(text)
