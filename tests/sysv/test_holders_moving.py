"""Looking for holders among real processes that come and go, and among those of other users."""

import os
import pwd
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from shmtui.sysv.holders import scan
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.rows import segment

LOOKS = 20

_COMING_AND_GOING = """
import os, sys
from tests import kernel
kernel.shmat(int(sys.argv[1]))
print("ready", flush=True)
while True:
    if not os.fork():
        os._exit(0)
    os.waitpid(-1, 0)
"""

_HOLDING = """
import sys
from tests import kernel
kernel.shmat(int(sys.argv[1]), kernel.SHM_RDONLY)
print("ready", flush=True)
sys.stdin.read()
"""


@contextmanager
def started(argv: list[str]) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that said `ready`; killed at the end."""
    with subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=kernel.ROOT
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            yield process
        finally:
            process.kill()


def test_a_look_never_fails_because_holders_end_during_it(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    stays = attached_child(shmid)
    with started([sys.executable, "-c", _COMING_AND_GOING, str(shmid)]) as parent:
        for _ in range(LOOKS):
            row = segment(shmid)
            # One attach more than there are: every look goes on to the last process.
            found = scan({row.identity: row._replace(nattch=row.nattch + 1)})
            pids = {holder.pid for holder in found.holders[row.identity]}
            assert {stays.pid, parent.pid} <= pids
            assert found.complete


def test_a_holder_of_another_user_is_named_with_that_user(make_segment: MakeSegment) -> None:
    shmid = make_segment(mode=0o644)
    argv = kernel.as_user_argv("nobody", [sys.executable, "-c", _HOLDING, str(shmid)])
    with started(argv):
        row = segment(shmid)
        found = scan({row.identity: row})
        (holder,) = found.holders[row.identity]
        assert (holder.uid, holder.mappings[0].access) == (pwd.getpwnam("nobody").pw_uid, "r")
        assert holder.uid != os.geteuid()
        assert found.complete
