"""What a person watches of a key is there the next time; nothing in its place spoils a start."""

import os
import stat
from pathlib import Path

import pytest

from shmtui.store import watches
from shmtui.store.paths import watches_path
from shmtui.store.watches import WatchesError, load_watches, save_watches

KEY = 0xCEA
TEXTS = ("0x10:u32le:count", "0x18:f64be:Größe é\u202e")


def file_of(key: int) -> Path:
    return watches_path() / f"0x{key:08x}.json"


def test_what_was_saved_for_a_key_is_there_the_next_time() -> None:
    save_watches(KEY, TEXTS)
    save_watches(0xFFFFFFFF, ["0x0:u8:other"])
    assert load_watches(KEY) == TEXTS
    assert load_watches(0xFFFFFFFF) == ("0x0:u8:other",)
    assert load_watches(5) == ()


def test_only_their_owner_may_read_them() -> None:
    save_watches(KEY, TEXTS)
    assert stat.S_IMODE(file_of(KEY).stat().st_mode) == 0o600
    assert stat.S_IMODE(watches_path().stat().st_mode) == 0o700


@pytest.mark.parametrize("key", [None, 0])
def test_nothing_is_kept_of_a_private_segment(key: int | None) -> None:
    save_watches(key, TEXTS)
    assert load_watches(key) == ()
    assert not watches_path().exists()


def test_the_last_watch_that_is_removed_takes_its_file_along() -> None:
    save_watches(KEY, TEXTS)
    save_watches(KEY, ())
    assert load_watches(KEY) == ()
    assert list(watches_path().iterdir()) == []
    save_watches(KEY, ())


def test_a_save_replaces_the_file_in_one_step_and_leaves_nothing_beside_it() -> None:
    save_watches(KEY, TEXTS)
    with file_of(KEY).open() as old:
        save_watches(KEY, ["0x0:u8:new"])
        assert "count" in old.read()
    assert list(watches_path().iterdir()) == [file_of(KEY)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Expecting value"),
        ("{", "watches not understood"),
        ("7", "not a list of texts"),
        ("[1]", "not a list of texts"),
        ("[" * 100_000, "watches not understood"),
        (" " * (2 << 20), "more than"),
        (f'["{"x" * 300}"]', "longer than"),
    ],
)
def test_a_garbled_file_is_said_in_words_and_replaced_by_the_next_save(
    text: str, words: str
) -> None:
    watches_path().mkdir(parents=True)
    file_of(KEY).write_text(text)
    with pytest.raises(WatchesError, match=words) as caught:
        load_watches(KEY)
    assert str(file_of(KEY)) in str(caught.value)
    assert str(caught.value).isprintable()
    save_watches(KEY, TEXTS)
    assert load_watches(KEY) == TEXTS


def test_a_fifo_in_its_place_does_not_hang() -> None:
    watches_path().mkdir(parents=True)
    os.mkfifo(file_of(KEY))
    with pytest.raises(WatchesError, match="not understood"):
        load_watches(KEY)


def test_a_place_that_cannot_be_used_is_said_in_words() -> None:
    watches_path().parent.mkdir(parents=True)
    watches_path().write_text("")
    with pytest.raises(WatchesError, match=r"watches not read: .*0x00000cea.json: Not a directory"):
        load_watches(KEY)
    with pytest.raises(WatchesError, match=r"watches not saved: .*watches: File exists"):
        save_watches(KEY, TEXTS)


def test_too_many_are_refused_and_the_old_ones_stay() -> None:
    save_watches(KEY, TEXTS)
    with pytest.raises(WatchesError, match="watches not saved: more than 64"):
        save_watches(KEY, ["0x0:u8:a"] * (watches.MOST_WATCHES + 1))
    assert load_watches(KEY) == TEXTS


def test_keys_that_were_saved_longest_ago_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    ages = dict(enumerate((50, 10, 90, 20, 70, 30, 80, 40), start=1))
    for key, age in ages.items():
        save_watches(key, TEXTS)
        os.utime(file_of(key), (10_000 - age, 10_000 - age))
    monkeypatch.setattr(watches, "MOST_KEYS", 4)
    save_watches(9, TEXTS)
    assert [key for key in range(10) if load_watches(key)] == [2, 4, 6, 9]
