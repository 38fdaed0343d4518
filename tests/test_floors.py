"""The floors of the package: what may import what, and what a command must not load."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import kernel
from tests.conftest import MakeSegment
from tests.kernel import ROOT

LOADED = """
import contextlib, io, json, sys
from shmtui.cli.main import run
with contextlib.redirect_stdout(io.StringIO()):
    code = run(sys.argv[1:])
print(json.dumps([code, sorted({name.partition(".")[0] for name in sys.modules})]))
"""


def test_imports_point_down_only_and_nothing_below_the_screen_knows_textual() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def loaded_by(*arguments: str) -> set[str]:
    """The top-level modules that a command has loaded when it is done."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    code, modules = json.loads(done.stdout)
    assert code == 0, done.stderr
    return set(modules)


@pytest.mark.parametrize("form", [[], ["--json"], ["--csv"], ["--filter", "size>1k"]])
def test_list_starts_without_psutil_and_textual(form: list[str]) -> None:
    assert not loaded_by("list", *form) & {"psutil", "textual", "rich"}


def test_the_other_commands_start_without_textual(make_segment: MakeSegment) -> None:
    shmid = str(make_segment(key=0x5EED))
    for arguments in (
        ["show", shmid],
        ["limits"],
        ["read", shmid, "--count", "1", "--force"],
        ["set", shmid, "--mode", "0640"],
        ["remove", shmid, "--dry-run"],
        ["write", "--key", "0x5eee", "--count", "1", "--interval", "0.1", "--remove"],
    ):
        assert not loaded_by(*arguments) & {"textual", "rich"}, arguments


def test_create_starts_without_textual() -> None:
    before = kernel.shmids()
    try:
        assert not loaded_by("create", "--size", "4096") & {"textual", "rich"}
    finally:
        for shmid in set(kernel.shmids()) - set(before):
            kernel.rmid(shmid)


def test_the_library_starts_without_the_screen_and_its_dependencies() -> None:
    code = "import sys; from shmtui.sysv import segments; segments(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not set(done.stdout.split()) & {"psutil", "textual", "rich"}
