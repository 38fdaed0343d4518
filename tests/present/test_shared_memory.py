"""Where did the memory go: what is not System V is named, and what cannot be counted is said."""

import pytest

from shmtui.monitor.resources import Resources
from shmtui.present.shared_memory import huge_page_lines, memory_document, memory_lines, parts
from shmtui.sysv.shared_files import Count, SharedFile
from shmtui.sysv.tmpfs import Tmpfs
from tests.present.machine import GIB, machine

BROWSER = SharedFile("memfd", "pixels", 3 * GIB, (1234, 1240), "browser")
BUFFERS = SharedFile("anonymous", "", GIB // 2, (55,), "postgres")


def sharing(*files: SharedFile, unreadable: int = 0, complete: bool = True) -> Resources:
    return machine()._replace(shared_files=Count(files, unreadable, complete))


def last_line(resources: Resources) -> str:
    return " ".join(memory_lines(resources)[-1].split())


def test_the_first_line_says_how_much_is_not_system_v_and_where_to_look() -> None:
    assert memory_lines(sharing(BROWSER, BUFFERS))[0] == (
        "12G of 14G is not System V: look at /dev/shm 8.0G,"
        " memfd:pixels of 1234 browser+1 3.0G, memory of 55 postgres 512M"
    )


def test_every_part_has_its_sum_and_what_was_not_found_its_reason() -> None:
    sizes = [part.size for part in parts(sharing(BROWSER, BUFFERS))]
    assert sizes == [2 * GIB, 8 * GIB, 3 * GIB, GIB // 2]
    resources = sharing(BROWSER, BUFFERS)
    assert last_line(resources) == "not found 512M other IPC and mount namespaces, graphics"


def test_processes_that_could_not_be_looked_into_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert last_line(sharing(unreadable=3, complete=False)).endswith(
        "; 3 processes that we may not look into: run as root;"
        " not all processes were looked at in time"
    )


def test_root_is_not_told_to_be_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    told = last_line(sharing(unreadable=1))
    assert told.endswith("; 1 process that we may not look into")


def test_processes_that_hang_who_looks_are_named() -> None:
    stuck = machine()._replace(shared_files=Count((), 0, True, (77, 78)))
    assert last_line(stuck).endswith("; 2 processes that cannot answer: 77 78")


def test_where_all_of_it_is_system_v_nothing_else_is_blamed() -> None:
    first = memory_lines(machine()._replace(resident=14 * GIB))[0]
    assert first == "14G of memory is shared, all of it System V"


def test_files_that_are_swapped_out_make_nothing_negative() -> None:
    assert last_line(sharing(BROWSER._replace(size=30 * GIB))).startswith("not found 0 ")


def test_of_many_the_largest_are_named_and_the_others_counted() -> None:
    mounts = tuple(Tmpfs(f"/t{at}", GIB, GIB) for at in range(5))
    assert parts(machine()._replace(tmpfs=mounts))[1].largest == (
        "/t0 1.0G",
        "/t1 1.0G",
        "/t2 1.0G",
        "2 more",
    )


def test_a_mount_that_tells_nothing_is_not_counted() -> None:
    endless = machine()._replace(tmpfs=(Tmpfs("/endless", None, None),))
    assert (parts(endless)[1].size, parts(endless)[1].largest) == (0, ())


def test_names_of_files_and_processes_cannot_control_the_terminal() -> None:
    evil = BROWSER._replace(name="\x1b[2J", command="\u202e")
    mounts = (Tmpfs("/\n", 9 * GIB, None),)
    lines = memory_lines(sharing(evil)._replace(tmpfs=mounts))
    assert all(line.isprintable() for line in lines)
    assert any(r"\x1b[2J" in line for line in lines)


def test_what_cannot_be_told_says_why() -> None:
    bare = machine()._replace(memory=None, caveats=("/proc/meminfo: gone",))
    assert memory_lines(bare) == ("cannot be told", "/proc/meminfo: gone")
    assert memory_document(bare)["memory"] is None


def test_what_was_not_sized_is_a_question_mark() -> None:
    assert "memory of 55 postgres ?" in memory_lines(sharing(BUFFERS._replace(size=None)))[0]


def test_huge_pages_have_a_line_for_each_size() -> None:
    headings, line = huge_page_lines(machine().huge_pages)
    assert dict(zip(headings.split(), line.split(), strict=True)) == {
        "PAGE": "2.0M",
        "TOTAL": "4",
        "FREE": "3",
        "RESERVED": "1",
        "SURPLUS": "0",
    }
    assert huge_page_lines(()) == ("none: the kernel has no huge pages, or /sys is not mounted",)
