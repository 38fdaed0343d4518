"""The dialog that asks before segments are removed: nothing goes that the person did not mean."""

import os
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot

from shmtui.acts.policy import Policy
from shmtui.acts.removal_plan import Plan, Target, plan
from shmtui.monitor.diagnosis import Verdict, Word
from shmtui.monitor.facts import Facts
from shmtui.monitor.recognition import Owner
from shmtui.sysv.segment import SHM_DEST, Segment
from shmtui.ui.dialogs.dump_words import DumpWords
from shmtui.ui.dialogs.remove import Removal, RemoveDialog
from tests.present import made
from tests.ui.hosts import Host, shown, until

ME = os.geteuid()
ORPHAN = made.orphan(1, cuid=ME, uid=ME, size=2**30)
USED = made.facts(
    2, cuid=ME, uid=ME, nattch=3, verdict=Verdict(Word.IN_USE, ("3 attaches",)), size=4096
)
POSTGRES = Owner("PostgreSQL", "PostgreSQL /var/lib/pg", "header by peek", (1234, 1240), True)


def planned(*facts: Facts, owner: Owner | None = None) -> Plan:
    return plan((Target(one, made.holders("a", "b"), owner) for one in facts), Policy())


def unwrapped(host: Host[Removal | None]) -> str:
    """The words on the screen, whatever lines they stand on."""
    return " ".join(shown(host).replace("│", " ").split())


def at_once(host: Host[Removal | None], *keys: str) -> None:
    """All of them before any is handled, as a terminal sends what is typed ahead."""
    for key in keys:
        name = _character_to_key(key) if len(key) == 1 else key
        host.post_message(Key(name, key if len(key) == 1 else None))


async def remove(pilot: Pilot[None]) -> None:
    """The focus is on Cancel at first; Remove comes after it."""
    await pilot.press("tab", "enter")


async def answer(first: Plan, keys: Iterable[str] = ()) -> tuple[list[Removal | None], str]:
    """What Remove gives after these keys, and what stood there before."""
    host: Host[Removal | None] = Host(RemoveDialog(first))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        words = shown(host)
        await remove(pilot)
        await pilot.pause()
        return host.answers, words


async def test_an_orphan_goes_and_the_dialog_says_what_that_means() -> None:
    answers, words = await answer(planned(ORPHAN))
    assert "Remove 1 segment · 1.0G" in words
    assert "orphan freed at once" in words
    assert "[ Remove 1 ]" in words
    (removal,) = answers
    assert removal is not None
    assert [item.segment.shmid for item in removal.items] == [1]
    assert (removal.typed, removal.dump_to) == (frozenset(), None)


async def test_enter_at_first_cancels() -> None:
    host: Host[Removal | None] = Host(RemoveDialog(planned(ORPHAN)))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: host.answers == [None])


async def test_one_in_use_goes_only_when_its_id_is_typed() -> None:
    host: Host[Removal | None] = Host(RemoveDialog(planned(ORPHAN, USED)))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "1 in use: type its id ____" in shown(host)
        assert "[ Remove 1 ]" in shown(host)
        await pilot.press("shift+tab", "2")
        await until(pilot, lambda: "[ Remove 2 ]" in shown(host))
        await pilot.press("tab", "tab", "enter")
        await until(pilot, lambda: bool(host.answers))
        (removal,) = host.answers
        assert removal is not None
        assert [item.segment.shmid for item in removal.items] == [1, 2]
        assert removal.typed == {2}


async def test_a_protected_one_is_refused_with_what_to_stop_and_cannot_be_ticked() -> None:
    host: Host[Removal | None] = Host(RemoveDialog(planned(USED, owner=POSTGRES)))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        words = shown(host)
        assert "PostgreSQL /var/lib/pg" in words
        assert "refused: stop 1234 1240 first" in words
        await pilot.press("tab", "tab", "space")  # round to the table
        await pilot.press("tab", "enter")
        assert "[ Remove 0 ]" in shown(host)
        assert host.answers == []


async def test_every_row_has_key_and_size_and_nothing_said_of_one_is_cut() -> None:
    guards = tuple(range(41234, 41242))
    owner = POSTGRES._replace(words="PostgreSQL data directory /srv/" + "x" * 60, guards=guards)
    held = made.facts(
        98306, cuid=ME, uid=ME, nattch=5, key=0x52E2C1, verdict=USED.verdict, size=4096
    )
    host: Host[Removal | None] = Host(RemoveDialog(planned(ORPHAN, held, owner=owner)))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        words = shown(host)
        assert "KEY" in words
        assert "0x0052e2c1 98306 4.0K in use" in words
        assert "key free at once" in words
        assert "last interlock" in " ".join(words.replace("│", "").split())
        assert "…" not in words


async def test_what_is_attached_meanwhile_is_taken_out_until_it_is_ticked_again() -> None:
    dialog = RemoveDialog(planned(ORPHAN))
    host: Host[Removal | None] = Host(dialog)
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        used = ORPHAN._replace(
            segment=ORPHAN.segment._replace(nattch=1), verdict=Verdict(Word.IN_USE, ("1 attach",))
        )
        dialog.update_plan(planned(used))
        await pilot.pause()
        assert "1 segment changed and will not be removed" in shown(host)
        assert "[ Remove 0 ]" in shown(host)
        await remove(pilot)
        assert host.answers == []


async def test_a_doomed_segment_has_no_key_and_is_not_called_private() -> None:
    doomed = USED._replace(segment=USED.segment._replace(key=0, perms=0o600 | SHM_DEST))
    _, words = await answer(planned(doomed))
    assert "refused: it was removed already" in words
    assert "private" not in words


async def test_a_segment_that_went_says_so() -> None:
    dialog = RemoveDialog(planned(ORPHAN, USED))
    host: Host[Removal | None] = Host(dialog)
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        dialog.update_plan(planned(USED))
        await pilot.pause()
        assert "gone" in shown(host)
        assert "[ Remove 0 ]" in shown(host)


async def test_a_dump_goes_to_the_directory_that_was_named() -> None:
    host: Host[Removal | None] = Host(RemoveDialog(planned(ORPHAN)))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("shift+tab", *"/tmp", "shift+tab", "space")
        await pilot.press("tab", "tab", "tab", "enter")
        await until(pilot, lambda: bool(host.answers))
        (removal,) = host.answers
        assert removal is not None
        assert removal.dump_to == Path("/tmp")


async def named(pilot: Pilot[None], directory: Path) -> None:
    """The dump ticked, the directory typed and left for Cancel."""
    await pilot.press("shift+tab", "shift+tab", "space", "tab", *str(directory), "tab")


async def test_a_directory_that_is_not_there_is_said_when_its_field_is_left(tmp_path: Path) -> None:
    host: Host[Removal | None] = Host(RemoveDialog(planned(ORPHAN)))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await named(pilot, tmp_path / "nowhere")
        await until(pilot, lambda: "nowhere is no directory" in unwrapped(host))
        assert "Name another, or untick the dump." in unwrapped(host)


async def test_nothing_goes_until_the_directory_is_mended_or_the_dump_unticked(
    tmp_path: Path,
) -> None:
    host: Host[Removal | None] = Host(RemoveDialog(planned(ORPHAN)))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await named(pilot, tmp_path / "nowhere")
        await remove(pilot)
        await until(pilot, lambda: getattr(host.focused, "id", "") == "directory")
        await pilot.press("enter")
        await until(pilot, lambda: "is no directory" in unwrapped(host))
        assert host.answers == []
        (tmp_path / "nowhere").mkdir()
        await pilot.press("enter")
        await until(pilot, lambda: bool(host.answers))
        (removal,) = host.answers
        assert removal is not None
        assert removal.dump_to == tmp_path / "nowhere"


async def test_without_its_dump_a_directory_does_not_matter(tmp_path: Path) -> None:
    host: Host[Removal | None] = Host(RemoveDialog(planned(ORPHAN)))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await named(pilot, tmp_path / "nowhere")
        await until(pilot, lambda: "is no directory" in unwrapped(host))
        await pilot.press("shift+tab", "shift+tab", "space")
        await until(pilot, lambda: "the dump is not ticked" in unwrapped(host))
        await pilot.press("tab", "tab", "tab", "enter")
        await until(pilot, lambda: bool(host.answers))
        (removal,) = host.answers
        assert removal is not None
        assert removal.dump_to is None


async def test_the_room_must_be_enough_for_those_that_are_ticked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    disk = type("Disk", (), {"total": 2**30, "used": 0, "free": 2**20})
    monkeypatch.setattr("shutil.disk_usage", lambda path: disk)
    large = made.orphan(7, cuid=ME, uid=ME, size=2**30, rss=2**21)
    host: Host[Removal | None] = Host(RemoveDialog(planned(large, ORPHAN)))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await named(pilot, tmp_path)
        words = "has 1.0M of room, 2 dumps take up to 2.0M"
        await until(pilot, lambda: words in unwrapped(host))
        await pilot.press("tab", "tab", "space")  # round to the table
        await until(pilot, lambda: "of room" not in unwrapped(host))
        assert "[ Remove 1 ]" in shown(host)


async def test_a_directory_that_hangs_is_told_of_and_what_changes_meanwhile_is_looked_at_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    goes_on = threading.Event()

    def hangs(directory: Path, segments: Sequence[Segment]) -> str:
        if directory != tmp_path:
            goes_on.wait(60)
        return ""

    monkeypatch.setattr("shmtui.ui.dialogs.dump_words.lacking", hangs)
    host: Host[Removal | None] = Host(RemoveDialog(planned(ORPHAN)))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await named(pilot, tmp_path / "nfs")
        await remove(pilot)
        await until(pilot, lambda: f"Looking at {tmp_path / 'nfs'} …" in unwrapped(host))
        await pilot.press("shift+tab", "shift+tab", *("backspace",) * 4)
        goes_on.set()
        await pilot.pause(0.2)
        assert host.answers == []
        await pilot.press("enter")
        await until(pilot, lambda: bool(host.answers))


async def test_nothing_goes_while_the_help_lies_over_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    goes_on = threading.Event()

    def hangs(directory: Path, segments: Sequence[Segment]) -> str:
        goes_on.wait(60)
        return ""

    monkeypatch.setattr("shmtui.ui.dialogs.dump_words.lacking", hangs)
    host: Host[Removal | None] = Host(RemoveDialog(planned(ORPHAN)))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await named(pilot, tmp_path)
        await remove(pilot)
        await until(pilot, lambda: f"Looking at {tmp_path}" in unwrapped(host))
        words = host.screen.query_one(DumpWords)
        await pilot.press("f1")
        goes_on.set()
        await until(pilot, lambda: not words.has_class("-said"))
        assert host.answers == []
        await pilot.press("escape", "enter")
        await until(pilot, lambda: bool(host.answers))


async def test_a_dump_is_recorded_with_its_whole_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    host: Host[Removal | None] = Host(RemoveDialog(planned(ORPHAN)))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("shift+tab", "shift+tab", "space", "tab", "tab")
        await remove(pilot)
        await until(pilot, lambda: bool(host.answers))
        (removal,) = host.answers
        assert removal is not None
        assert removal.dump_to == tmp_path


async def test_a_directory_that_is_gone_below_us_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    host: Host[Removal | None] = Host(RemoveDialog(planned(ORPHAN)))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        (tmp_path / "gone").rmdir()
        await pilot.press("shift+tab", "shift+tab", "space")
        await until(pilot, lambda: "no file can be made in ." in unwrapped(host))


async def test_the_home_of_nobody_is_no_directory() -> None:
    host: Host[Removal | None] = Host(RemoveDialog(planned(ORPHAN)))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await named(pilot, Path("~no such user"))
        await until(pilot, lambda: "~no such user is no directory" in unwrapped(host))


async def test_keys_that_come_in_one_piece_act_where_tab_has_brought_them(tmp_path: Path) -> None:
    host: Host[Removal | None] = Host(RemoveDialog(planned(ORPHAN, USED)))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        at_once(host, "tab", "tab", "space", "tab", "space", "tab", *str(tmp_path), "tab", "2")
        at_once(host, "tab", "tab", "enter")
        await until(pilot, lambda: bool(host.answers))
        (removal,) = host.answers
        assert removal is not None
        assert [item.segment.shmid for item in removal.items] == [2]
        assert removal.dump_to == tmp_path


async def test_a_directory_that_is_typed_in_one_piece_is_looked_at_when_it_is_left() -> None:
    host: Host[Removal | None] = Host(RemoveDialog(planned(ORPHAN)))
    async with host.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        at_once(host, "tab", "tab", "tab", "space", "tab", *"/nowhere", "tab")
        await until(pilot, lambda: "/nowhere is no directory" in shown(host))


async def test_in_a_narrow_terminal_one_sees_what_one_types() -> None:
    host: Host[Removal | None] = Host(RemoveDialog(planned(USED)))
    async with host.run_test(size=(34, 12)) as pilot:
        await pilot.pause()
        await pilot.press("shift+tab", *"12345", "shift+tab", *"/some/where", "tab", "tab")
        await pilot.pause()
        words = shown(host)
        for typed in ("12345", "/some/where", "1 in use: type its id", "[ Remove 0 ]"):
            assert typed in words


async def test_it_fits_a_small_terminal() -> None:
    many = [made.orphan(number, cuid=ME, uid=ME) for number in range(200)]
    host: Host[Removal | None] = Host(RemoveDialog(planned(*many)))
    async with host.run_test(size=(40, 12)) as pilot:
        await pilot.pause()
        await pilot.pause()
        assert "[ Remove 200 ]" in shown(host)
