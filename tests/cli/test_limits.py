"""`shmtui limits`: what the namespace allows, what is used, and what a shmget would meet."""

import json
import os
import sys

import pytest

from tests import kernel
from tests.cli.program import parsed, printed, refused, run
from tests.conftest import AttachedChild, MakeSegment
from tests.otherproc import with_proc


def test_the_limits_and_what_is_used_are_printed(make_segment: MakeSegment) -> None:
    make_segment(8192)
    lines = printed("limits").splitlines()
    (shmmni,) = (line for line in lines if line.startswith("shmmni"))
    assert shmmni.split()[1:3] == ["1", "4096"]
    for title in (
        "Limits of this IPC namespace",
        "Settings",
        "Where did the memory go",
        "Huge pages",
        "What the errors of shmget mean here",
    ):
        assert title in lines


NARROW = 'echo 16 > /proc/sys/kernel/shmall && ipcmk -M 4096 > /dev/null && exec "$@"'


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may change a namespace's settings")
@pytest.mark.parametrize(("size", "fails"), [("60K", False), ("61K", True)])
def test_a_size_is_said_to_fail_where_shmget_fails(size: str, fails: bool) -> None:
    # In a namespace of its own, as the limit is that of all who are in it.
    there = ["unshare", "--ipc", "sh", "-c", NARROW, "sh"]
    program = [sys.executable, "-m", "shmtui"]
    said = run([*there, *program, "limits", "--size", size]).stdout
    assert ("now would fail with ENOSPC because kernel.shmall" in said) is fails
    assert ("nothing speaks against a shmget of 60K now" in said) is not fails
    told = json.loads(run([*there, *program, "limits", "--size", size, "--json"]).stdout)
    assert (told["would_fail"] is not None) is fails
    assert bool(run([*there, *program, "create", "--size", size]).returncode) is fails


def test_json_counts_what_is_there(make_segment: MakeSegment) -> None:
    kernel.fill(make_segment(8192), b"x" * 8192)
    document = parsed("limits", "--json")
    used = {one["name"]: one["used"] for one in document["limits"]}
    assert (used["shmmni"], used["shmall"], used["shmmax"]) == (1, 2, 8192)
    assert document["system_v_resident"] == 8192
    assert document["schema"] == 1


def test_looking_leaves_no_trace(make_segment: MakeSegment, attached_child: AttachedChild) -> None:
    attached_child(shmid := make_segment())
    before = kernel.row(shmid)
    printed("limits", "--size", "1M")
    assert kernel.row(shmid) == before


def test_a_size_that_is_none_is_wrong_usage() -> None:
    assert "size '2GB': say G (1024 steps)" in refused("limits", "--size", "2GB", code=2)


def test_where_proc_has_only_processes_the_rest_is_told_and_the_reason_said() -> None:
    done = run(with_proc("subset=pid", [sys.executable, "-m", "shmtui", "limits"]))
    assert done.returncode == 0, done.stderr
    assert "shmmni" in done.stdout
    assert "the machine's memory cannot be told" in done.stderr
