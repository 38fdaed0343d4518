"""`shmtui show`: one segment from every side."""

import sys
from datetime import datetime

from shmtui.present.columns import COLUMNS
from tests import kernel
from tests.cli.program import parsed, printed
from tests.conftest import AttachedChild, MakeSegment

KEY = 0x5EED


def test_words_tell_who_made_it_who_used_it_and_who_holds_it(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(1024, key=KEY, mode=0o622)
    child = attached_child(shmid, b"42", name="holder")
    told = printed("show", shmid)
    for words in (
        "0x00005eed (24301)",
        "in use",
        "1.0K (1024 bytes, 1 page)",
        "rw--w--w- (0622)",
        "everybody may write into it",
        f"process {child.pid}, holder, alive since ",
        "s ago",
        "1 attach, 1 process\n",
    ):
        assert words in told
    line = told.splitlines()[-1].split()
    assert line[:2] == [str(child.pid), printed("list", "--columns", "owner").split()[-1]]
    assert "rw" in line
    assert line[-1] == "holder"


def test_a_segment_that_nobody_holds_has_no_table_of_holders(make_segment: MakeSegment) -> None:
    told = printed("show", make_segment())
    assert "ADDRESSES" not in told
    assert "nobody yet" in told


def test_json_is_the_segment_of_the_list_with_its_holders(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(key=KEY)
    child = attached_child(shmid, name="[/red]")
    document = parsed("show", "--json", shmid)
    segment = document["segment"]
    (listed,) = parsed("list", "--json", "--filter", f"id={shmid}")["segments"]
    assert {name: segment[name] for name in listed} == listed
    assert list(listed) == [name for name, column in COLUMNS.items() if column.in_json]
    assert segment["nattch_unexplained"] == 0
    (holder,) = segment["holders"]
    started = datetime.fromisoformat(holder.pop("started"))
    assert abs(started.timestamp() - datetime.now().timestamp()) < 60
    (addresses,) = holder.pop("addresses")
    first, last = (int(part, 16) for part in addresses.split("-"))
    assert last - first == 4096
    user = listed["owner"]
    assert holder.pop("command").startswith(f"{sys.executable} -m tests.attached")
    assert holder.pop("mapping_access") == ["rw"]
    assert holder == {"pid": child.pid, "user": user, "rss": 0, "access": "rw"}


def test_the_program_that_a_segment_belongs_to_is_told_with_its_evidence(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(10000)
    assert parsed("show", "--json", shmid)["segment"]["program"] is None
    attached_child(shmid, b"PHP_SM\0\0")
    before = kernel.row(shmid)
    told = printed("show", shmid)
    program = parsed("show", "--json", shmid)["segment"]["program"]
    assert kernel.row(shmid) == before
    assert program["kind"] == "PHP"
    assert (program["guards"], program["protected"], program["place"]) == ([], False, None)
    assert f"Program       {program['words']}\n" in told
    assert program["source"] in told


def test_attaches_that_we_may_not_see_are_never_called_nobody(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(mode=0o666)
    attached_child(shmid)
    done = kernel.as_user("nobody", [sys.executable, "-m", "shmtui", "show", str(shmid)])
    assert done.returncode == 0, done.stderr
    assert "1 attach, 0 processes · 1 not visible: other users'; run as root" in done.stdout
    assert "ADDRESSES" not in done.stdout
