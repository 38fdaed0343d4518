"""Why holders are not seen: told as it is, in processes of less rights and other namespaces."""

import subprocess
import sys

import pytest

from shmtui.sysv import sight
from tests.present.made import segment

PROGRAM = """
from shmtui.sysv import sight
from tests.present.made import segment
print(sight.why_unreadable(4))
print(sight.why_unlisted(segment(1, nattch=1, lpid=7)))
"""


def told(*command: str) -> list[str]:
    """What a process says that this command has started: of what may not be read, of what is not
    listed."""
    words = [*command, sys.executable, "-c", PROGRAM]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    if ran.returncode:
        pytest.skip(f"{' '.join(command)}: {ran.stderr.strip()[-200:]}")
    return ran.stdout.splitlines()


def test_root_without_the_capability_is_told_which() -> None:
    bounds = ("setpriv", "--bounding-set", "-sys_ptrace", "--inh-caps", "-sys_ptrace")
    assert told(*bounds)[0] == "CAP_SYS_PTRACE is missing"


def test_root_of_a_user_namespace_is_told_how_far_its_rights_reach() -> None:
    unreadable, _ = told("unshare", "--user", "--map-root-user")
    assert unreadable == "outside this user namespace"


def test_whom_all_rights_do_not_help_is_told_how_many_refuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shmtui.sysv.capabilities.has", lambda capability: True)
    monkeypatch.setattr("shmtui.sysv.sight._is_first", lambda namespace: True)
    words = "1 process may not be looked into, though CAP_SYS_PTRACE is there"
    assert sight.why_unreadable(1) == words


def test_in_a_pid_namespace_others_may_be_outside_of_it() -> None:
    command = ("unshare", "--user", "--map-root-user", "--pid", "--fork", "--mount-proc")
    assert told(*command)[1] == "perhaps outside this pid namespace"


def test_who_has_no_pid_here_is_outside_for_certain() -> None:
    outside = "outside this pid namespace"
    assert sight.why_unlisted(segment(1, nattch=1, lpid=0)) == outside
    assert sight.why_unlisted(segment(1, nattch=1, lpid=7)) != outside


def test_processes_that_hidepid_hides_are_said_to_be_hidden() -> None:
    hide = "mount -t proc -o hidepid=2 proc /proc"
    script = f'{hide} && exec setpriv --reuid 65534 --regid 65534 --clear-groups "$0" "$@"'
    unreadable, unlisted = told("unshare", "--mount", "sh", "-c", script)
    assert unreadable == "other users'; run as root"
    assert unlisted == "hidden by hidepid; run as root"
