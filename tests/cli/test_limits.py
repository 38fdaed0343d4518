"""`shmtui limits`: what the namespace allows, what is used, and what a shmget would meet."""

import sys

from tests import kernel
from tests.cli.program import parsed, printed, refused, run
from tests.conftest import AttachedChild, MakeSegment
from tests.otherproc import with_proc
from tests.sysv.settings import needs_root, setting


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


@needs_root
def test_a_size_is_said_to_fail_where_shmget_fails(make_segment: MakeSegment) -> None:
    make_segment(4096)
    with setting("shmall", 16):
        said = printed("limits", "--size", "1M")
        assert said.startswith("a shmget of 1.0M now would fail with ENOSPC because kernel.shmall")
        assert "Remove orphans, or sysctl kernel.shmall=257" in said
        assert parsed("limits", "--size", "1M", "--json")["would_fail"]["error"] == "ENOSPC"
        assert parsed("limits", "--size", "4K", "--json")["would_fail"] is None


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
