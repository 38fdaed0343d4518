"""The segment pane: what it shows of which segment, and what it asks for."""

from typing import TypeVar

import pytest
from textual.message import Message
from textual.pilot import Pilot

from shmtui.sysv.content import Consent, Gap, Refusal
from shmtui.sysv.gate import CONSENT
from shmtui.sysv.segment import SHM_DEST
from shmtui.ui.messages import HoldersFound
from shmtui.ui.segment_pane import SegmentPane
from tests.present import made
from tests.ui.painted import lines, style_at
from tests.ui.panes import DETAILS, HEX, HOLDERS, TEXT, PaneApp, read

pytestmark = pytest.mark.usefixtures("pauses_settle")

MessageT = TypeVar("MessageT", bound=Message)

ROW = made.row(1, size=1024)
NEEDS_CONSENT = Refusal("attach", CONSENT, True, True)


async def open_pane(app: PaneApp, pilot: Pilot[None], view: int = TEXT) -> None:
    app.pane.show(ROW, False)
    app.pane.set_view(view)
    await pilot.pause()
    app.pane.content.focus()


def posted(app: PaneApp, kind: type[MessageT]) -> list[MessageT]:
    return [message for message in app.posted if isinstance(message, kind)]


async def test_title_names_views_segment_and_mode() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 12)) as pilot:
        await open_pane(app, pilot, HEX)
        assert lines(app)[0].split() == [
            "1Text",
            "[2Hex]",
            "3Numbers",
            "4Strings",
            "6Holders",
            "7Details",
            "0x00000cea",
            "id",
            "1",
            "pin",
        ]
        assert len(lines(app)[0]) == 80
        app.pane.show(ROW, True)
        await pilot.pause()
        assert lines(app)[0].endswith("id 1 follow")


async def test_without_a_segment_the_holders_are_those_of_none() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 12)) as pilot:
        app.pane.show(None, True)
        app.pane.set_view(HOLDERS)
        await pilot.pause()
        assert "No segment under the cursor." in "\n".join(lines(app))
        assert "ADDRESSES" not in "\n".join(lines(app))


@pytest.mark.parametrize(
    ("nattch", "words"),
    [(0, "Nobody has it attached."), (2, "No process that we can see maps it.")],
)
async def test_no_holder_is_nobody_only_where_there_is_no_attach(nattch: int, words: str) -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 12)) as pilot:
        row = made.row(1, nattch=nattch)
        app.pane.show(row, False)
        app.pane.set_view(HOLDERS)
        app.pane.take_holders(HoldersFound(row.facts.segment.identity, "", (), 0.0))
        await pilot.pause()
        assert words in "\n".join(lines(app))


async def test_title_of_a_doomed_segment_names_no_key() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 12)) as pilot:
        app.pane.show(made.row(1, key=0, perms=0o600 | SHM_DEST), False)
        await pilot.pause()
        assert lines(app)[0].split()[6:] == ["id", "1", "pin"]


@pytest.mark.parametrize(
    ("width", "title"),
    [
        (72, "1Text 2Hex 3Numbers 4Strings 6Holders [7Details] 0x00000cea id 1 pin"),
        (61, "1Text 2Hex 3Numbers 4Strings 6Holders [7Details] id 1 pin"),
        (54, "1Text 2Hex 3Numbers 4Strings 6Holders [7Details] pin"),
        (26, "1 2 3 4 6 [7] id 1 pin"),
        (16, "1 2 3 4 6 [7]"),
    ],
)
async def test_title_keeps_the_views_longest(width: int, title: str) -> None:
    app = PaneApp()
    async with app.run_test(size=(width, 12)) as pilot:
        await open_pane(app, pilot, DETAILS)
        assert lines(app)[0].split() == title.split()


async def test_click_on_a_tab_asks_for_its_view() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 12)) as pilot:
        await open_pane(app, pilot)
        column = lines(app)[0].index("2Hex")
        await pilot.click("#pane-title", offset=(column, 0))
        await pilot.click("#pane-title", offset=(50, 0))
        chosen = posted(app, SegmentPane.ViewChosen)
        assert [
            message.number for message in chosen if isinstance(message, SegmentPane.ViewChosen)
        ] == [HEX]
        assert app.pane.view == TEXT


async def test_counter_is_read_as_text() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 12)) as pilot:
        await open_pane(app, pilot)
        assert "Reading …" in "".join(lines(app))
        app.pane.take(app.answer(b"42"))
        await pilot.pause()
        assert lines(app)[1:4] == ["42", "──── after NUL ────", "␀×1021"]
        assert lines(app)[11].startswith(" peek (0 attaches) · no change seen · 0x0 of 1.0K ▓")


async def test_details_tell_the_facts_and_how_it_is_read_and_ask_for_no_content() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 30)) as pilot:
        await open_pane(app, pilot)
        app.pane.take(app.answer(b"42"))
        app.pane.set_view(DETAILS)
        assert app.pane.request() is None
        await pilot.pause()
        text = "\n".join(lines(app))
        assert " Permissions   rw------- (0600)" in text
        assert " Content by    peek (0 attaches)" in text
        assert app.pane.request() is None
        assert "42" not in lines(app)[1]


async def test_details_tell_the_facts_of_each_poll() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 30)) as pilot:
        await open_pane(app, pilot, DETAILS)
        app.pane.show(made.row(1, size=1024, nattch=3), False)
        await pilot.pause()
        assert " Attaches      3" in lines(app)


async def test_following_never_consents_to_an_attach() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 12)) as pilot:
        await open_pane(app, pilot)
        request = app.pane.request(Consent.FORCED)
        assert request is not None
        assert request.consent is Consent.FORCED
        app.pane.show(ROW, True)
        request = app.pane.request(Consent.FORCED)
        assert request is not None
        assert request.consent is Consent.TRACELESS


async def test_answer_to_an_older_request_is_ignored() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 12)) as pilot:
        await open_pane(app, pilot, HEX)
        app.pane.take(app.answer(b"old" * 300))
        await pilot.pause()
        old = app.pane.request()
        assert old is not None
        await pilot.press("pagedown")
        app.pane.take(read(old, b"stale"))
        await pilot.pause()
        assert "not read" in "".join(lines(app))
        app.pane.take(app.answer(b"new" * 300))
        await pilot.pause()
        assert lines(app)[1].startswith("000000a0  65 77 6e")
        assert "not read" not in "".join(lines(app))


async def test_each_move_view_and_segment_is_asked_for() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 12)) as pilot:
        await open_pane(app, pilot, HEX)
        app.pane.take(app.answer(b"42"))
        await pilot.pause()
        generations = []
        for step in ("pagedown", "g", "view", "segment"):
            app.wants = 0
            if step == "view":
                app.pane.set_view(TEXT)
            elif step == "segment":
                app.pane.show(made.row(2), False)
            else:
                await pilot.press(step)
            await pilot.pause()
            assert app.wants, step
            request = app.pane.request()
            assert request is not None
            generations.append(request.generation)
        assert generations == sorted(set(generations))


async def test_poll_of_the_same_segment_asks_for_nothing_new() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 12)) as pilot:
        await open_pane(app, pilot, HEX)
        request = app.pane.request()
        app.pane.show(made.row(1, size=1024, nattch=4), False)
        await pilot.pause()
        assert app.pane.request() == request


async def test_another_segment_shows_nothing_of_the_last() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 12)) as pilot:
        await open_pane(app, pilot)
        app.pane.take(app.answer(b"secret"))
        app.pane.show(made.row(2, size=4096), False)
        await pilot.pause()
        assert "secret" not in "".join(lines(app))
        assert "Reading …" in "".join(lines(app))
        assert "id 2 pin" in lines(app)[0]


async def test_gone_segment_keeps_its_last_picture_dimmed() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 12)) as pilot:
        await open_pane(app, pilot)
        app.pane.take(app.answer(b"42"))
        await pilot.pause()
        alive = style_at(app, 0, 1)
        app.pane.show(None, False)
        await pilot.pause()
        shown = lines(app)
        assert shown[0].endswith("id 1 gone")
        assert shown[1].startswith(" Gone at ")
        assert shown[1].endswith("(last picture below)")
        assert shown[2] == "42"
        assert style_at(app, 0, 2) != alive
        app.pane.show(ROW, False)
        await pilot.pause()
        assert lines(app)[1] == "42"
        assert style_at(app, 0, 1) == alive


async def test_gone_before_anything_was_read_says_so() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 12)) as pilot:
        await open_pane(app, pilot)
        app.pane.take(app.answer(b"")._replace(segment=None, window=None, gone_at=made.NOW + 5.0))
        await pilot.pause()
        assert "Gone at " in "".join(lines(app)[3:8])
        assert "picture" not in "".join(lines(app))


async def test_reading_that_finds_it_gone_keeps_the_picture_and_the_time() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 12)) as pilot:
        await open_pane(app, pilot)
        app.pane.take(app.answer(b"42"))
        app.pane.take(app.answer(b"")._replace(segment=None, window=None, gone_at=made.NOW + 5.0))
        await pilot.pause()
        said = lines(app)[1]
        app.pane.show(None, False)
        await pilot.pause()
        assert lines(app)[1] == said
        assert lines(app)[2] == "42"


async def test_nothing_under_the_cursor_says_so() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 12)) as pilot:
        await open_pane(app, pilot)
        app.pane.show(None, True)
        await pilot.pause()
        assert "No segment under the cursor." in "".join(lines(app))
        assert app.pane.request() is None


async def test_refusal_is_a_sentence_and_enter_may_ask() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 12)) as pilot:
        await open_pane(app, pilot)
        app.pane.take(app.answer(b"")._replace(window=None, tap="", refusal=NEEDS_CONSENT))
        await pilot.pause()
        assert "Enter attaches for an instant" in "".join(lines(app))
        assert app.pane.ask_consent()
        await pilot.pause()
        (asked,) = posted(app, SegmentPane.ConsentWanted)
        assert asked.identity == ROW.facts.segment.identity
        assert asked.refusal == NEEDS_CONSENT


async def test_refusal_that_nobody_can_override_asks_nothing() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 12)) as pilot:
        await open_pane(app, pilot)
        assert not app.pane.ask_consent()
        denied = Refusal("attach", "Mode 0600, owner postgres; you are ops. Run as root.", False)
        app.pane.take(app.answer(b"")._replace(window=None, refusal=denied))
        await pilot.pause()
        assert "Mode 0600, owner postgres; you are ops. Run as root." in "".join(lines(app))
        assert not app.pane.ask_consent()
        assert app.pane.nothing_to_ask == denied.reason


async def test_why_enter_asks_nothing_is_told_as_it_is() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 12)) as pilot:
        assert app.pane.nothing_to_ask == "No segment under the cursor."
        await open_pane(app, pilot)
        app.pane.take(app.answer(b"42"))
        assert app.pane.nothing_to_ask == "Nothing to ask: the content on view is read."
        app.pane.take(app.answer(b"")._replace(segment=None, window=None, tap=""))
        assert app.pane.nothing_to_ask == "The segment is gone: there is nothing to read."


async def test_reasons_that_do_not_fit_end_in_an_ellipsis() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 14)) as pilot:
        await open_pane(app, pilot)
        why = (Refusal("peek", "Not privileged to open /proc/PID/map_files. " * 3, False),)
        app.pane.take(app.answer(b"42", why_not=why))
        await pilot.pause()
        (told,) = [line for line in lines(app) if "not by peek" in line]
        assert told.endswith("…")


async def test_content_comes_back_when_a_refusal_ends() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 12)) as pilot:
        await open_pane(app, pilot)
        app.pane.take(app.answer(b"41"))
        app.pane.take(app.answer(b"")._replace(window=None, refusal=NEEDS_CONSENT))
        await pilot.pause()
        assert lines(app)[1] == ""
        app.pane.take(app.answer(b"42"))
        await pilot.pause()
        assert lines(app)[1] == "42"


async def test_hole_says_so_until_something_is_written() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 12)) as pilot:
        app.pane.show(made.row(1, size=2**30, rss=0), False)
        await pilot.pause()
        request = app.pane.request()
        assert request is not None
        gap = Gap(0, request.length, "never written")
        app.pane.take(app.answer(b"", gaps=(gap,)))
        await pilot.pause()
        assert "Never written: 1.0G of holes." in "".join(lines(app))
        app.pane.take(app.answer(b"now"))
        await pilot.pause()
        assert lines(app)[1] == "now"


async def test_no_attach_is_offered_to_find_what_was_never_written() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 12)) as pilot:
        app.pane.show(made.row(1, size=2**30, rss=0), False)
        app.pane.take(app.answer(b"")._replace(window=None, tap="", refusal=NEEDS_CONSENT))
        await pilot.pause()
        assert "Never written" in "".join(lines(app))
        assert not app.pane.ask_consent()
        assert app.pane.nothing_to_ask == "Nothing to ask: nothing was ever written."


async def test_focus_goes_to_the_content_of_the_view() -> None:
    app = PaneApp()
    async with app.run_test(size=(80, 12)) as pilot:
        await open_pane(app, pilot, HEX)
        assert app.focused is app.pane.content
        app.pane.set_view(DETAILS)
        app.pane.content.focus()
        await pilot.pause()
        assert app.focused is app.pane.content


@pytest.mark.parametrize("size", [(1, 1), (20, 5), (34, 8), (80, 3), (200, 50)])
async def test_any_size_of_pane_is_drawn(size: tuple[int, int]) -> None:
    app = PaneApp()
    async with app.run_test(size=size) as pilot:
        for view in (HEX, DETAILS, TEXT):
            await open_pane(app, pilot, view)
            if app.pane.request() is not None:
                app.pane.take(app.answer(b"[/red]\x1b[0m" * 100))
            await pilot.pause()
            assert len(lines(app)) == size[1]
