"""`shmtui set`: what follows is said, then it is so."""

import os

import pytest

from shmtui.sysv.users import group_name, user_name
from tests import kernel
from tests.cli.program import refused, shmtui
from tests.conftest import MakeSegment
from tests.sysv.rows import segment

KEY = 0x5EED


def test_mode_and_owner_are_set_and_the_consequences_said(make_segment: MakeSegment) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may give a segment to a user that its namespace maps")
    shmid = make_segment(key=KEY)
    done = shmtui("set", "--key", hex(KEY), "--mode", "0644", "--owner", "nobody")
    row = segment(shmid)
    assert (done.returncode, row.mode, user_name(row.uid)) == (0, 0o644, "nobody"), done.stderr
    assert done.stdout == (
        f"segment {shmid} (0x00005eed): 0644 rw-r--r-- nobody {group_name(row.gid)}\n"
    )
    assert "others may read it from now on: whoever is in this IPC namespace" in done.stderr
    assert "nobody may then remove it and set its permissions" in done.stderr


def test_nothing_to_set_is_wrong_usage(make_segment: MakeSegment) -> None:
    assert "say what to set: --mode, --owner or --group" in refused("set", make_segment(), code=2)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--mode", "999"], "octal digits like 0600"),
        (["--owner", "no such\x1b[2J"], r"there is no user 'no such\x1b[2J'"),
        (["--group", "nogrouphere"], "there is no group 'nogrouphere'"),
    ],
)
def test_what_cannot_be_set_is_wrong_usage(
    make_segment: MakeSegment, words: list[str], said: str
) -> None:
    shmid = make_segment()
    before = kernel.row(shmid)
    told = refused("set", shmid, *words, code=2)
    assert said in told
    assert "\x1b" not in told
    assert kernel.row(shmid) == before


def test_a_bare_key_is_refused_with_what_to_say(make_segment: MakeSegment) -> None:
    make_segment(key=KEY)
    assert "say --key 0x5eed" in refused("set", hex(KEY), "--mode", "0644", code=2)


def test_what_is_so_already_and_what_is_not_there_could_not_be_done(
    make_segment: MakeSegment,
) -> None:
    said = refused("set", make_segment(), "--mode", "0600", code=1)
    assert "has these permissions already" in said
    assert "no segment has the id 99999" in refused("set", 99999, "--mode", "0600", code=1)


def test_read_only_refuses_it(make_segment: MakeSegment) -> None:
    shmid = make_segment()
    said = refused("--read-only", "set", shmid, "--mode", "0666", code=1)
    assert "it is --read-only: shmtui will not set permissions" in said
    assert segment(shmid).mode == 0o600
