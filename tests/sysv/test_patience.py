"""Processes that hang who looks into them: passed over, and looked into when they go on."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from shmtui.sysv import maps, patience
from shmtui.sysv.errors import ShmError
from shmtui.sysv.holders import scan
from shmtui.sysv.processes import Absence, ProcessTable
from shmtui.sysv.segment import Identity
from tests.conftest import AttachedChild, MakeSegment
from tests.sysv.hung import hung_process
from tests.sysv.rows import segment
from tests.waiting import wait_until

SHORT_S = 0.1


class Pipe:
    """What a look can hang on: a read that is answered when the other end closes."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()

    def look(self, pid: int) -> int:
        """`pid`, at once; only 13 hangs."""
        return pid if pid != 13 else len(os.read(self._read, 1))

    def answer(self) -> None:
        os.close(self._write)
        wait_until(lambda: not patience.stuck(), what="the look to end")
        os.close(self._read)


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    hanging = Pipe()
    yield hanging
    if patience.stuck():
        hanging.answer()


def walked(pipe: Pipe, *pids: int) -> tuple[list[int], patience.Walk]:
    """Who was looked into, and how it ended."""
    seen: list[int] = []

    def take(pid: int, answer: int) -> bool:
        assert answer == pid
        seen.append(pid)
        return True

    ended = patience.walk(pids, pipe.look, take, 10.0, SHORT_S)
    return seen, ended


def test_one_that_hangs_is_passed_over_and_told(pipe: Pipe) -> None:
    assert walked(pipe, 1, 13, 2) == ([1, 2], patience.Walk(True, (13,)))


def test_one_that_hangs_is_not_tried_again_before_it_has_answered(pipe: Pipe) -> None:
    walked(pipe, 13)
    threads = threading.active_count()
    assert walked(pipe, 13, 1) == ([1], patience.Walk(True, (13,)))
    with pytest.raises(patience.Hangs, match="process 13 hangs in the kernel"):
        patience.ask(13, pipe.look)
    assert threading.active_count() == threads
    pipe.answer()
    assert walked(Pipe(), 1) == ([1], patience.Walk(True, ()))


def test_an_answer_that_comes_too_late_is_taken_by_nobody(pipe: Pipe) -> None:
    seen, _ = walked(pipe, 13)
    pipe.answer()
    assert seen == []


def test_the_walk_ends_when_that_is_enough() -> None:
    seen: list[int] = []

    def take(pid: int, _: int) -> bool:
        seen.append(pid)
        return False

    assert patience.walk([1, 2], lambda pid: pid, take, 10.0).complete
    assert seen == [1]


def test_what_a_look_raises_comes_to_the_caller() -> None:
    def fail(pid: int) -> int:
        raise ShmError(f"no {pid}")

    with pytest.raises(ShmError, match="no 7"):
        patience.ask(7, fail)


def test_holders_are_found_beside_a_process_that_hangs(
    make_segment: MakeSegment, attached_child: AttachedChild, tmp_path: Path
) -> None:
    shmid = make_segment()
    child = attached_child(shmid)
    row = segment(shmid)
    wanted = {row.identity: row._replace(nattch=2)}
    with hung_process(tmp_path) as pid:
        found = scan(wanted, patience_s=SHORT_S)
        assert [who.pid for who in found.holders[row.identity]] == [child.pid]
        assert (found.stuck, found.complete) == ((pid,), True)
        assert scan(wanted, deadline_s=60.0, patience_s=60.0).stuck == (pid,)
        wanted_by_nobody = {row.identity: row._replace(nattch=0)}
        assert scan(wanted_by_nobody).stuck == (pid,)
    wait_until(lambda: not patience.stuck(), what="the kernel's answer")
    assert scan(wanted).stuck == ()


def test_facts_of_a_process_that_hangs_are_unknown(tmp_path: Path) -> None:
    with hung_process(tmp_path) as pid:
        processes = ProcessTable()
        processes.refresh()
        processes.load([pid, os.getpid()])
        assert processes.look(pid) is Absence.HIDDEN
        assert processes.alive(os.getpid())
        with pytest.raises(patience.Hangs):
            patience.ask(pid, maps.find)
        assert maps.of(pid, Identity(1, 0, pid, 0, 4096)) == ()
        again = ProcessTable()
        again.refresh()
        assert again.look(pid) is Absence.HIDDEN
    wait_until(lambda: not patience.stuck(), what="the kernel's answer")
