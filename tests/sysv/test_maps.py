"""What one process maps: asked with the ioctl or read as text, the answer is the same."""

import ctypes
import mmap
import os
from pathlib import Path

import pytest

from shmtui.sysv import mapquery, maps
from shmtui.sysv.devices import segment_devices
from tests import kernel
from tests.conftest import AttachedChild, MakeSegment

PAGE = mmap.PAGESIZE


@pytest.fixture(params=["the ioctl", "text"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How the kernel is asked; `text` stands for those before Linux 6.11."""
    if request.param == "text":
        monkeypatch.setattr(mapquery, "available", lambda: False)
    elif not mapquery.available():
        pytest.skip("PROCMAP_QUERY needs Linux 6.11")
    return str(request.param)


def test_every_kind_of_mapping_is_found_with_its_access(
    way: str, make_segment: MakeSegment, own: list[int]
) -> None:
    shmid = make_segment(size=3 * PAGE)
    own.append(kernel.shmat(shmid))
    own.append(kernel.shmat(shmid, kernel.SHM_RDONLY))
    assert kernel.mprotect(own[0] + PAGE, PAGE, 0) == 0
    assert kernel.mprotect(own[0] + 2 * PAGE, PAGE, mmap.PROT_READ | mmap.PROT_EXEC) == 0
    found = {it.mapping for it in maps.find("self") if it.shmid == shmid}
    assert {(it.start, it.end - it.start, it.offset, it.access) for it in found} == {
        (own[0], PAGE, 0, "rw"),
        (own[0] + PAGE, PAGE, PAGE, ""),
        (own[0] + 2 * PAGE, PAGE, 2 * PAGE, "rx"),
        (own[1], 3 * PAGE, 0, "r"),
    }


def test_only_the_segments_asked_for_are_told(
    way: str, make_segment: MakeSegment, own: list[int]
) -> None:
    shmids = [make_segment(), make_segment()]
    own += [kernel.shmat(shmid) for shmid in shmids]
    assert {it.shmid for it in maps.find("self")} == set(shmids)
    assert [it.shmid for it in maps.find("self", {shmids[1]})] == shmids[1:]
    assert maps.find("self", ()) == []


def test_only_what_begins_at_an_address_is_told_of_it(
    make_segment: MakeSegment, own: list[int]
) -> None:
    if not mapquery.available():
        pytest.skip("PROCMAP_QUERY needs Linux 6.11")
    shmid = make_segment(size=2 * PAGE)
    own += [kernel.shmat(shmid), kernel.shmat(shmid, kernel.SHM_RDONLY)]
    with mmap.mmap(-1, PAGE) as memory:
        anonymous = ctypes.addressof(ctypes.c_char.from_buffer(memory))
        found = maps.at(os.getpid(), [own[0], own[1] + PAGE, anonymous, 0])
    assert found == [it for it in maps.find("self") if it.mapping.start == own[0]]
    assert len(found) == 1


def test_other_shared_files_are_passed_over(
    way: str, make_segment: MakeSegment, own: list[int], tmp_path: Path
) -> None:
    shmid = make_segment()
    own.append(kernel.shmat(shmid))
    named = tmp_path / "SYSV0badcafe"
    named.write_bytes(bytes(PAGE))
    with named.open("r+b") as file, mmap.mmap(file.fileno(), PAGE), mmap.mmap(-1, PAGE):
        found = maps.find("self")
    assert [(it.shmid, it.mapping.start) for it in found] == [(shmid, own[0])]


def test_a_process_with_many_thousand_mappings_is_seen_whole(
    way: str, make_segment: MakeSegment, own: list[int]
) -> None:
    pages = 20_001
    shmid = make_segment(size=pages * PAGE)
    own.append(kernel.shmat(shmid))
    for number in range(1, pages, 2):
        assert kernel.mprotect(own[0] + number * PAGE, PAGE, mmap.PROT_READ) == 0
    mappings = [it.mapping for it in maps.find("self") if it.shmid == shmid]
    assert [it.offset for it in mappings] == list(range(0, pages * PAGE, PAGE))
    assert {it.access for it in mappings[1::2]} == {"r"}


def test_a_process_that_is_no_more_is_told_from_one_that_may_not_be_seen(
    way: str, make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    zombie = attached_child(make_segment())
    zombie.kill()
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    assert maps.find(zombie.pid) == []
    zombie.wait()
    with pytest.raises(FileNotFoundError):
        maps.find(zombie.pid)


def test_a_descriptor_outlives_its_process_without_harm(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    if not mapquery.available():
        pytest.skip("PROCMAP_QUERY needs Linux 6.11")
    child = attached_child(make_segment())
    descriptor = os.open(f"/proc/{child.pid}/maps", os.O_RDONLY)
    starts = mapquery.shared_files(descriptor, segment_devices())
    assert [area.access for area in mapquery.areas_at(descriptor, starts)] == ["rw"]
    child.kill()
    child.wait()
    assert mapquery.shared_files(descriptor, segment_devices()) == []
    assert list(mapquery.areas_at(descriptor, starts)) == []
    os.close(descriptor)


def test_a_long_name_is_not_a_segments(tmp_path: Path) -> None:
    if not mapquery.available():
        pytest.skip("PROCMAP_QUERY needs Linux 6.11")
    long = tmp_path / ("SYSV" + "0" * 200)
    long.write_bytes(bytes(PAGE))
    with long.open("r+b") as file, mmap.mmap(file.fileno(), PAGE) as memory:
        start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
        descriptor = os.open("/proc/self/maps", os.O_RDONLY)
        device = os.stat(long).st_dev
        assert start in mapquery.shared_files(descriptor, [(os.major(device), os.minor(device))])
        assert list(mapquery.areas_at(descriptor, [start])) == []
        os.close(descriptor)
