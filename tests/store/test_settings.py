"""What the program remembers is never half written, and never keeps it from starting."""

import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shmtui.store import paths
from shmtui.store.paths import StoreError, activity_path, settings_path
from shmtui.store.settings import Settings, SettingsError, load, save
from tests import kernel

CHOSEN = Settings(
    write={"key": "3306", "every": "1.0 s", "remove": True},
    columns=("id", "state"),
    sort="size",
    descending=True,
    theme="textual-light",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "shmtui" / "settings.json"


def test_what_was_saved_is_there_the_next_time(path: Path) -> None:
    save(CHOSEN, path)
    assert load(path) == (CHOSEN, "")


def test_the_first_time_there_are_the_defaults_and_no_complaint(path: Path) -> None:
    assert load(path) == (Settings(), "")


def test_only_its_owner_may_read_it(path: Path) -> None:
    save(CHOSEN, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_what_a_newer_version_wrote_survives(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"theme": "a", "panes": {"left": [1, 2]}}')
    settings, caveat = load(path)
    assert caveat == ""
    save(settings, path)
    assert '"left"' in path.read_text()
    assert load(path).settings == settings


def test_a_save_replaces_the_file_in_one_step_and_leaves_nothing_beside_it(path: Path) -> None:
    save(CHOSEN, path)
    with path.open() as old:
        save(Settings(), path)
        assert "3306" in old.read()
    assert [entry.name for entry in path.parent.iterdir()] == ["settings.json"]


def test_a_link_to_the_real_file_stays_a_link(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    path.symlink_to(tmp_path / "dotfiles.json")
    save(CHOSEN, path)
    assert path.is_symlink()
    assert load(path).settings == CHOSEN


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not understood"),
        ("{", "not understood"),
        ("[1]", "not a JSON object"),
        ("\x00\xff", "not understood"),
        ("[" * 100_000, "not understood"),
        (" " * (2 << 20), "more than"),
        ("9" * 10_000, "not understood"),
    ],
)
def test_a_garbled_file_gives_the_defaults_and_says_so(path: Path, text: str, words: str) -> None:
    path.parent.mkdir()
    path.write_bytes(text.encode("latin-1"))
    settings, caveat = load(path)
    assert settings == Settings()
    assert words in caveat
    assert str(path) in caveat
    assert caveat.isprintable()


def test_one_wrong_value_does_not_spoil_the_others(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"theme": "a", "columns": "id", "sort": 7, "write": [], "descending": 1}')
    settings, caveat = load(path)
    assert settings == Settings(theme="a")
    assert caveat.endswith(": columns, descending, sort, write")


def test_a_fifo_or_directory_in_its_place_does_not_hang_the_start(path: Path) -> None:
    path.parent.mkdir()
    os.mkfifo(path)
    assert load(path).settings == Settings()
    path.unlink()
    path.mkdir()
    assert "Is a directory" in load(path).caveat
    with pytest.raises(SettingsError, match="not saved"):
        save(CHOSEN, path)
    assert [entry.name for entry in path.parent.iterdir()] == ["settings.json"]


def test_a_place_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"settings not saved: .*file/shmtui.*Not a directory"):
        save(CHOSEN, tmp_path / "file" / "shmtui" / "settings.json")


def test_without_the_right_to_write_it_is_said_in_words(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path\n"
        "from shmtui.store.settings import *\n"
        "try: save(Settings(), Path('/proc/settings.json'))\n"
        "except SettingsError as error: print(error)\n"
    )
    done = kernel.as_user("nobody", [sys.executable, "-c", code], cwd=kernel.ROOT)
    assert "settings not saved: /proc/settings.json: " in done.stdout, done.stderr


@pytest.mark.parametrize("release", ["a directory named ~", "an error"])
def test_a_user_without_a_home_gets_words_and_no_directory_named_tilde(
    monkeypatch: pytest.MonkeyPatch, release: str
) -> None:
    """Only root can become a user without an entry in passwd, so platformdirs is stood in for."""

    class Homeless:
        @property
        def user_config_path(self) -> Path:
            if release == "an error":
                raise RuntimeError("could not determine the home directory")
            return Path("~/.config/shmtui")

    monkeypatch.setattr(paths, "_DIRS", Homeless())
    settings, caveat = load()
    assert settings == Settings()
    assert "could not determine the home directory" in caveat
    with pytest.raises(SettingsError, match="could not determine the home directory"):
        save(settings)


def test_the_files_lie_in_the_xdg_directories(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/c")
    monkeypatch.setenv("XDG_STATE_HOME", "/s")
    assert settings_path() == Path("/c/shmtui/settings.json")
    assert activity_path() == Path("/s/shmtui/activity.jsonl")


def test_the_words_of_a_settings_error_are_those_of_the_store() -> None:
    assert issubclass(SettingsError, StoreError)


texts = st.text(max_size=20)


@given(
    settings=st.builds(
        Settings,
        write=st.dictionaries(texts, texts | st.booleans(), max_size=5),
        columns=st.lists(texts, max_size=5).map(tuple),
        sort=st.none() | texts,
        descending=st.booleans(),
        theme=st.none() | texts,
    )
)
def test_any_text_survives(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> None:
    path = tmp_path_factory.getbasetemp() / "any" / "settings.json"
    save(settings, path)
    assert load(path) == (settings, "")
