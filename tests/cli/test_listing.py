"""`shmtui list`: what scripts and people rely on."""

import csv
import io
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests import kernel
from tests.cli.program import parsed, printed, refused, shmtui
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.hung import hung_process

KEY = 0x5EED

OPENED = """
import sys
from shmtui.cli.main import run
opened = []
sys.addaudithook(lambda event, args: event == "open" and opened.append(str(args[0])))
run(sys.argv[1:])
print(*opened, sep="\\n", file=sys.stderr)
"""


def listed(shmid: int, *words: object) -> dict[str, Any]:
    (segment,) = (one for one in parsed("list", "--json", *words)["segments"] if one["id"] == shmid)
    return dict(segment)


def test_json_has_real_types_and_null_for_never(make_segment: MakeSegment) -> None:
    shmid = make_segment(1000, key=KEY, mode=0o640)
    segment = listed(shmid)
    change_time = segment.pop("change_time")
    assert datetime.fromisoformat(change_time).utcoffset() is not None
    assert abs(datetime.fromisoformat(change_time).timestamp() - datetime.now().timestamp()) < 60
    command = segment.pop("creator_command")
    assert command
    assert segment.pop("reasons")[0].startswith(f"creator {os.getpid()} (")
    user = {"uid": 0, "owner": "root", "gid": 0, "group": "root"}
    if os.geteuid() == 0:
        assert {name: segment[name] for name in user} == user
    assert segment == {
        "id": shmid,
        "key": KEY,
        "key_hex": "0x00005eed",
        "private": False,
        "size": 1000,
        "rss": 0,
        "swap": 0,
        "nattch": 0,
        "mode": "0640",
        "permissions": "rw-r-----",
        "uid": os.geteuid(),
        "owner": segment["owner"],
        "gid": os.getegid(),
        "group": segment["group"],
        "cuid": os.geteuid(),
        "creator": segment["owner"],
        "cgid": os.getegid(),
        "creator_group": segment["group"],
        "creator_pid": os.getpid(),
        "creator_alive": True,
        "last_pid": None,
        "last_command": None,
        "attach_time": None,
        "detach_time": None,
        "marked_for_destruction": False,
        "locked": False,
        "huge_pages": None,
        "verdict": "idle",
    }


def test_json_begins_with_schema_host_and_time() -> None:
    document = parsed("list", "--json")
    assert list(document) == ["schema", "host", "time", "segments"]
    assert document["schema"] == 1
    assert document["host"] == os.uname().nodename
    assert datetime.fromisoformat(document["time"]).tzinfo is not None


def test_a_list_of_nothing_is_a_valid_document() -> None:
    assert parsed("list", "--json", "--filter", "size=123456789")["segments"] == []


def test_a_doomed_segment_has_no_key(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(key=KEY)
    attached_child(shmid)
    kernel.rmid(shmid)
    segment = listed(shmid)
    assert (segment["key"], segment["key_hex"], segment["private"]) == (None, None, None)
    assert (segment["marked_for_destruction"], segment["verdict"]) == (True, "doomed")
    assert segment["mode"] == "0600"


def test_csv_has_the_values_of_json(make_segment: MakeSegment) -> None:
    shmid = make_segment(key=KEY)
    document = listed(shmid)
    (row,) = csv.DictReader(io.StringIO(printed("list", "--csv", "--filter", f"id={shmid}")))
    assert list(row) == list(document)
    reasons = document.pop("reasons")
    assert row.pop("reasons") == "; ".join(reasons)
    words = {"None": "", "True": "true", "False": "false"}
    assert row == {name: words.get(str(value), str(value)) for name, value in document.items()}


def test_the_plain_list_is_a_table_of_words(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(4 << 20, key=KEY, mode=0o666)
    attached_child(shmid, b"42", name="writer")
    lines = printed("list").splitlines()
    assert " ".join(lines[0].split()) == "KEY ID OWNER PERMS SIZE RSS NATT STATE COMMAND"
    (line,) = (line for line in lines if line.startswith("0x00005eed"))
    fields = line.split()
    assert fields[1] == str(shmid)
    assert fields[3:] == ["rw-rw-rw-", "4.0M", "4.0K", "1", "in", "use", "writer"]
    assert line.index("in use") == lines[0].index("STATE")


def test_scripts_get_bytes_and_no_headings(make_segment: MakeSegment) -> None:
    shmid = make_segment(4 << 20, key=KEY)
    words = ["--columns", "id,SIZE,owner", "--bytes", "--no-headings", "--filter", f"key={KEY}"]
    fields = printed("list", *words).split()
    assert fields[:2] == [str(shmid), str(4 << 20)]
    assert printed("list", *words, "--csv").startswith(f"{shmid},{4 << 20},")


def test_chosen_columns_are_the_members_of_json(make_segment: MakeSegment) -> None:
    shmid = make_segment()
    assert list(listed(shmid, "--columns", "command,ID,age")) == ["command", "id", "age"]


def test_sorting_goes_both_ways_and_numbers_are_numbers(make_segment: MakeSegment) -> None:
    small, large, middle = make_segment(9), make_segment(1000), make_segment(80)
    words = ["list", "--no-headings", "--columns", "id", "--filter", "size<=1000"]
    ids = [str(shmid) for shmid in (small, middle, large)]
    assert printed(*words, "--sort", "size").split() == ids
    assert printed(*words, "--sort", "-size").split() == ids[::-1]
    assert printed(*words, "--sort=-SIZE").split() == ids[::-1]


def test_a_bad_filter_is_pointed_at() -> None:
    said = refused("list", "--filter", "owner=root siz>5", code=2)
    assert said.splitlines() == [
        "shmtui: filter: there is no column 'siz'",
        "shmtui:   owner=root siz>5",
        "shmtui:              ^",
    ]


def test_an_unknown_column_is_refused_with_those_there_are() -> None:
    for words in (["--columns", "id,nonsense"], ["--sort", "-nonsense"]):
        said = refused("list", *words, code=2)
        assert "there is no column 'nonsense'. Columns: id, key, key_hex" in said


def test_pid_lists_what_that_process_maps(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    make_segment()
    shmid = make_segment()
    child = attached_child(shmid)
    words = ["list", "--no-headings", "--columns", "id", "--pid"]
    assert printed(*words, child.pid).split() == [str(shmid)]
    assert printed(*words, os.getpid()) == ""


def test_the_filter_asks_for_any_process_that_maps_a_segment(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    make_segment()
    shmid = make_segment()
    first, second = attached_child(shmid, name="first"), attached_child(shmid, name="second")
    words = ["list", "--no-headings", "--columns", "id", "--filter"]
    for wanted in (f"pid={first.pid}", f"pid={second.pid}", "command~firs", "command~second"):
        assert printed(*words, wanted).split() == [str(shmid)]
    assert printed(*words, f"id={shmid} pid!={second.pid}") == ""


def test_pid_of_a_process_that_nobody_can_look_into_is_refused_in_words(tmp_path: Path) -> None:
    with hung_process(tmp_path) as pid:
        assert f"process {pid} hangs in the kernel" in refused("list", "--pid", pid, code=1)


def test_pid_of_no_process_is_an_error_and_not_an_empty_list() -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    assert f"there is no process {ended.pid}" in refused("list", "--pid", ended.pid, code=1)
    assert "'0' is not a number from 1 up" in refused("list", "--pid", "0", code=2)


def test_pid_of_another_user_is_refused_in_words() -> None:
    done = kernel.as_user("nobody", [sys.executable, "-m", "shmtui", "list", "--pid", "1"])
    assert done.returncode == 1
    assert "process 1: we may not see what it maps. Run as its user or root" in done.stderr


def test_names_of_processes_cannot_command_the_terminal(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment(key=KEY)
    attached_child(shmid, name="\x1b[31m[/red]\n")
    for form in ([], ["--csv"]):
        told = printed("list", *form, "--columns", "command", "--filter", f"id={shmid}")
        assert r"\x1b[31m[/red]\x0a" in told
        assert "\x1b" not in told
    assert listed(shmid, "--columns", "id,command")["command"] == "\x1b[31m[/red]\n"


def maps_opened_by(*words: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", OPENED, *words], capture_output=True, text=True, cwd=kernel.ROOT
    )
    assert done.returncode == 0
    return [path for path in done.stderr.splitlines() if path.endswith("/maps")]


def test_only_a_list_with_commands_looks_through_all_processes(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    attached_child(make_segment())
    assert maps_opened_by("list")
    assert maps_opened_by("list", "--json", "--filter", "python")
    assert maps_opened_by("list", "--json", "--sort", "command")
    assert not maps_opened_by("list", "--json")
    assert not maps_opened_by("list", "--csv", "--filter", "nattch>0")
    assert not maps_opened_by("list", "--columns", "id,state")


def test_listing_leaves_every_row_as_it_was(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    make_segment()
    attached_child(make_segment(), b"42")
    before = kernel.TABLE.read_text()
    for form in ("--json", "--csv", "--bytes"):
        printed("list", form)
    assert kernel.TABLE.read_text() == before


@pytest.mark.parametrize("user", ["nobody"])
def test_a_plain_user_sees_every_row(user: str, make_segment: MakeSegment) -> None:
    shmid = make_segment(mode=0o600)
    done = kernel.as_user(user, [sys.executable, "-m", "shmtui", "list", "--columns", "id"])
    assert done.returncode == 0, done.stderr
    assert str(shmid) in done.stdout.split()
    assert shmtui("list").returncode == 0
