"""`shmtui events`: what happens to segments, line by line, until Ctrl+C."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shmtui.present.eventing import HEADINGS
from tests import kernel
from tests.cli.program import line_of, refused, started
from tests.conftest import AttachedChild, MakeSegment


@contextmanager
def watching(*words: str) -> Iterator["subprocess.Popen[str]"]:
    """The program, which has looked once."""
    with started("events", "--interval", 0.05, *words) as process:
        assert process.stderr is not None
        assert "Ctrl+C ends" in process.stderr.readline()
        yield process


def document_of(process: "subprocess.Popen[str]") -> Any:
    return json.loads(line_of(process))


def test_each_thing_that_happens_is_a_line(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    with watching() as process:
        assert line_of(process).split() == list(HEADINGS)
        shmid = make_segment(1024, key=0x5EED)
        assert f" appeared      0x00005eed {shmid} " in line_of(process)
        child = attached_child(shmid, name="whale")
        attached = line_of(process)
        assert f" {child.pid} " in attached
        assert attached.endswith("whale           nattch 0 → 1")
        kernel.rmid(shmid)
        assert line_of(process).endswith("goes with its last detach: 1 left")
        child.kill()
        assert " gone " in line_of(process)


def test_a_holder_that_ended_is_named_although_another_came_after_it(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    shmid = make_segment()
    with watching() as process:
        line_of(process)
        whale = attached_child(shmid, name="whale")
        line_of(process)
        attached_child(shmid, name="other")
        line_of(process)
        make_segment()
        assert " appeared " in line_of(process)  # a poll later: the holders are known
        whale.kill()
        whale.wait()
        detached = line_of(process)
    assert f" {whale.pid} " in detached
    assert detached.endswith("whale           nattch 2 → 1")


def test_json_has_a_document_a_line(
    make_segment: MakeSegment, attached_child: AttachedChild
) -> None:
    with watching("--json") as process:
        shmid = make_segment(1024, key=0x5EED)
        appeared = document_of(process)
        assert (appeared["event"], appeared["id"], appeared["key"]) == ("appeared", shmid, 0x5EED)
        child = attached_child(shmid, name="whale")
        attached = document_of(process)
        assert [attached[name] for name in ("event", "pid", "command")] == [
            "attached",
            child.pid,
            "whale",
        ]


def test_watching_leaves_no_trace(make_segment: MakeSegment, attached_child: AttachedChild) -> None:
    attached_child(shmid := make_segment())
    before = kernel.row(shmid)
    with watching() as process:
        line_of(process)
        other = make_segment()
        assert f" {other} " in line_of(process)
    assert kernel.row(shmid) == before


def test_ctrl_c_is_130_without_a_traceback() -> None:
    with watching() as process:
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said == ""


def test_an_interval_of_nothing_is_refused() -> None:
    assert "from 0.001 to 86400 seconds" in refused("events", "--interval", "0", code=2)
