"""The package as it is handed out: what it holds, and whether the README tells the truth."""

import fnmatch
import re
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points, version

import pytest

import shmtui.__main__
from tests.kernel import ROOT

README = (ROOT / "README.md").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_the_top_level_holds_the_project_and_nothing_else() -> None:
    done = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        pytest.skip(f"not a checkout: {done.stderr.strip()}")
    top = {line.partition("/")[0] for line in done.stdout.splitlines()}
    visible = {name for name in top if not name.startswith(".")}
    assert visible == {
        "pyproject.toml",
        "shmtui",
        "tests",
        "screenshots",
        "README.md",
        "LICENSE",
        "CHANGELOG.md",
    }


def test_every_data_file_of_the_package_is_installed_with_it() -> None:
    package = ROOT / "shmtui"
    globs = PROJECT["tool"]["setuptools"]["package-data"]["shmtui"]
    files = [
        str(path.relative_to(package))
        for path in package.rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc")
    ]
    left_out = [name for name in files if not any(fnmatch.fnmatch(name, glob) for glob in globs)]
    assert "py.typed" in files
    assert not left_out


def test_the_installed_version_is_the_packages() -> None:
    assert version("shmtui") == shmtui.__version__


def test_the_command_and_the_module_are_one_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "shmtui", "--help"], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: shmtui")
    (command,) = entry_points(group="console_scripts", name="shmtui")
    assert command.load() is shmtui.__main__.main


def test_the_readme_shows_pictures_that_there_are() -> None:
    pictures = re.findall(r"!\[[^]]*\]\(([^)]+)\)", README)
    assert pictures
    assert [name for name in pictures if not (ROOT / name).is_file()] == []


def test_the_readme_has_one_line_to_try_it_and_one_to_test_it() -> None:
    lines = re.findall(r"^python3 -m venv .*$", README, re.MULTILINE)
    assert [line.split("&&")[-1].strip() for line in lines] == [
        ".venv/bin/shmtui --demo",
        ".venv/bin/pytest",
    ]


def test_the_changelog_knows_this_version() -> None:
    assert shmtui.__version__ in (ROOT / "CHANGELOG.md").read_text()
