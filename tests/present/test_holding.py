"""Who holds a segment, and that what we may not see is never called nobody."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shmtui.present import holding
from shmtui.sysv import listing, patience
from shmtui.sysv.holders import Holder, scan
from shmtui.sysv.maps import Mapping
from shmtui.sysv.users import user_name
from tests.conftest import AttachedChild, MakeSegment
from tests.present import made
from tests.sysv.hung import hung_process
from tests.waiting import wait_until

ONE_PAGE = Mapping(0x7F2A11C00000, 0x7F2A11C01000, 0, "rw")
READ_ONLY = Mapping(0x7F2A11D00000, 0x7F2A11D01000, 0, "r")


def test_all_attaches_explained_need_no_excuse() -> None:
    holders = [Holder(1, "a", 0, (ONE_PAGE, READ_ONLY)), Holder(2, "b", 0, (ONE_PAGE,))]
    assert holding.head_line(made.segment(1, nattch=3), holders, 5) == "3 attaches, 2 processes"


@pytest.fixture
def plain_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("shmtui.sysv.capabilities.has", lambda capability: False)


@pytest.mark.usefixtures("plain_user")
def test_what_others_hold_is_said_to_be_theirs() -> None:
    words = holding.head_line(made.segment(1, nattch=7, lpid=7), [], 4)
    assert words == "7 attaches, 0 processes · 7 not visible: other users'; run as root"


def test_root_is_told_what_it_lacks_and_not_to_be_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("shmtui.sysv.capabilities.has", lambda capability: False)
    words = holding.head_line(made.segment(1, nattch=1, lpid=7), [], 4)
    assert words == "1 attach, 0 processes · 1 not visible: CAP_SYS_PTRACE is missing"


def test_what_nobody_we_see_holds_is_said_to_be_out_of_sight() -> None:
    holders = [Holder(1, "a", 0, (ONE_PAGE,))]
    words = holding.head_line(made.segment(1, nattch=2, lpid=7), holders, 0)
    assert words.startswith("2 attaches, 1 process · 1 not visible: ")
    assert "run as root" not in words


@pytest.mark.usefixtures("plain_user")
def test_an_attach_from_another_pid_namespace_is_said_to_come_from_there() -> None:
    row = made.segment(1, nattch=2, lpid=0)
    for unreadable, before in ((0, ""), (3, "other users'; run as root; ")):
        words = holding.head_line(row, [], unreadable)
        assert words.endswith(f"2 not visible: {before}outside this pid namespace")


@pytest.mark.usefixtures("plain_user")
def test_a_process_that_nobody_can_look_into_is_named_as_the_reason() -> None:
    row = made.segment(1, nattch=1, lpid=7)
    assert holding.head_line(row, [], 0, [17]) == (
        "1 attach, 0 processes · 1 not visible: process 17 cannot be looked into: the kernel hangs"
    )
    assert holding.head_line(row, [], 2, [17, 18]).endswith(
        "other users'; run as root; process 17 and 1 more cannot be looked into: the kernel hangs"
    )


def test_thousands_of_mappings_are_counted_and_all_are_in_the_document() -> None:
    mappings = tuple(Mapping(at, at + 1, 0, "r") for at in range(20_000))
    (held,) = holding.held([Holder(2**22 + 1, "gone", 0, mappings)])
    assert list(holding.table([held], 0.0))[1][5] == "0-1 1-2 2-3 +19997"
    assert len(holding.documents([held])[0]["addresses"]) == 20_000


def test_the_access_of_each_mapping_is_told_where_they_differ() -> None:
    gone = 2**22 + 1
    (held,) = holding.held([Holder(gone, "gone", 0, (ONE_PAGE, READ_ONLY))])
    access, addresses = list(holding.table([held], 0.0))[1][4:6]
    assert access == "rw,r"
    assert addresses == "7f2a11c00000-7f2a11c01000 rw 7f2a11d00000-7f2a11d01000 r"
    document = holding.documents([held])[0]
    assert (document["access"], document["mapping_access"]) == ("rw", ["rw", "r"])
    (held,) = holding.held([Holder(gone, "gone", 0, (ONE_PAGE, ONE_PAGE))])
    assert list(holding.table([held], 0.0))[1][4] == "rw"


def test_each_holder_has_its_share_of_what_is_resident(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(size=8192)
    child = attached_child(shmid, b"x")
    (row,) = (it for it in listing.segments() if it.shmid == shmid)
    (held,) = holding.held(scan({row.identity: row}).holders[row.identity])
    assert (held.pid, held.rss) == (child.pid, 4096)
    assert list(holding.table([held], 0.0))[1][3] == "4.0K"
    assert holding.documents([held])[0]["rss"] == 4096


def test_a_holder_that_hangs_who_looks_is_told_as_the_kernel_names_it(tmp_path: Path) -> None:
    with hung_process(tmp_path) as pid:
        (held,) = holding.held([Holder(pid, "daemon", 0, (ONE_PAGE,))])
    assert (held.command, held.started, held.rss) == ("daemon", None, None)
    wait_until(lambda: not patience.stuck(), what="the kernel's answer")


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """A process whose arguments hold an escape sequence."""
    words = [sys.executable, "-c", "print(); input()", "\x1b[2J"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process


def test_a_holder_is_told_with_its_command_line_every_address_and_all_its_access(
    sleeper: subprocess.Popen[bytes],
) -> None:
    holder = Holder(sleeper.pid, "python", os.getuid(), (READ_ONLY, ONE_PAGE))
    (held,) = holding.held([holder])
    assert held.started is not None
    assert held.user == user_name(os.getuid())
    _, (pid, _, started, _, access, addresses, command) = holding.table([held], held.started + 3700)
    assert (pid, started, access) == (str(sleeper.pid), "1 h ago", "r,rw")
    assert command.startswith(sys.executable)
    assert command.endswith(r"input() \x1b[2J")
    assert addresses == "7f2a11d00000-7f2a11d01000 r 7f2a11c00000-7f2a11c01000 rw"


def test_a_holder_that_ended_meanwhile_has_no_start() -> None:
    (held,) = holding.held([Holder(2**22, "gone", 0, (ONE_PAGE,))])
    assert held.command == "gone"
    assert list(holding.table([held], 0.0))[1][2] == "?"
    assert holding.documents([held])[0]["started"] is None
